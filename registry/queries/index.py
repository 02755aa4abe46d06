"""The register's facets and words as bitmaps in memory, so that a filter with all its counts costs milliseconds.

A facet value is the set of open entries that have it (roaring bitmaps of primary keys: some 3 MB for 100,000 entries).
The index reads the register once and afterwards only what changed: writers number their commits (`RegisterRevision`),
readers compare numbers on every request. It holds nothing that the public may not see.
"""

from __future__ import annotations

import re
import threading
from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.models import F, QuerySet
from pyroaring import BitMap

from portal.kernel import visibility
from registry.enums import AreaKind, UnitCategory
from registry.models import RegisterEntry, RegisterRevision, Service, Site, Territory

FACETS: Final = ("oblast", "hromada", "service", "group", "ownership", "sector", "standing")
_WORD: Final = re.compile(r"[\w'’ʼ]+")
_APOSTROPHES: Final = str.maketrans({"'": "ʼ", "’": "ʼ", "`": "ʼ"})
_CHUNK: Final = 20_000
_FORGIVEN_ENDING: Final = 2
_SHORTEST_STEM: Final = 4


def words(text: str) -> list[str]:
    """Split into words as the index knows them: lower case, one kind of apostrophe."""
    return _WORD.findall(text.translate(_APOSTROPHES).casefold())


class RegisterIndex:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Drop everything; the next reader loads anew."""
        self.revision = -1
        self.everything = BitMap()
        self._values: dict[tuple[str, Any], BitMap] = defaultdict(BitMap)
        self._of_entry: dict[int, Any] = {}
        self._words: dict[str, BitMap] = defaultdict(BitMap)
        self._vocabulary: list[str] = []
        self._order: array[int] | None = None
        self._ranks: array[int] | None = None
        self._parents: dict[int, tuple[int | None, int | None]] = {}

    def refresh(self) -> None:
        """Catch up with the register: one query when nothing changed."""
        state = RegisterRevision.objects.filter(pk=1).values_list("value", "rebuild_from").first() or (0, 0)
        if state[0] == self.revision:
            return
        with self._lock:
            if self.revision < state[1] or self.revision > state[0] or self.revision < 0:
                self.forget()
                self._load(RegisterEntry.objects.all())
            else:
                self._reload(self.revision)
            self.revision = state[0]
            self._order = self._ranks = None

    def having(self, facet: str, value: int | str) -> BitMap:
        """Return the entries that have this value; a hromada also has those that serve it from elsewhere."""
        if facet != "hromada":
            return self._values.get((facet, value)) or BitMap()
        raion, oblast = self._hromada_parents(int(value))
        return (
            self.having("here", value)
            | self.having("raion_served", raion or 0)
            | self.having("oblast_served", oblast or 0)
            | self.having("served", "country")
        )

    def know_parents(self, hromadas: Iterable[Territory]) -> None:
        """Remember where these hromadas lie, so that counting each of them asks the database nothing."""
        for unit in hromadas:
            self._parents.setdefault(unit.pk, (unit.raion_id, unit.oblast_id))

    def values(self, facet: str) -> list[Any]:
        return [value for name, value in list(self._values) if name == facet]

    def matching(self, text: str) -> BitMap:
        """Return the entries in which every word of the text occurs, endings forgiven."""
        found: BitMap | None = None
        for word in words(text):
            inflects = len(word) >= _SHORTEST_STEM + _FORGIVEN_ENDING and not word.isdigit()
            stem = word[:-_FORGIVEN_ENDING] if inflects else word
            hits = BitMap.union(*[self._words[known] for known in self._beginning_with(stem)] or [BitMap()])
            found = hits if found is None else found & hits
        return BitMap(self.everything) if found is None else found

    def in_name_order(self, entries: BitMap, start: int, stop: int) -> list[int]:
        """Return a slice of the entries as sorted by name."""
        if self._order is None or self._ranks is None:
            self._sort()
        order, ranks = self._order, self._ranks
        if order is None or ranks is None:
            return []
        if len(entries) * 20 < len(order):
            return sorted(entries, key=ranks.__getitem__)[start:stop]
        result: list[int] = []
        for seen, pk in enumerate(pk for pk in order if pk in entries):
            if seen >= stop:
                break
            if seen >= start:
                result.append(pk)
        return result

    def _beginning_with(self, stem: str) -> Iterator[str]:
        place = bisect_left(self._vocabulary, stem)
        while place < len(self._vocabulary) and self._vocabulary[place].startswith(stem):
            yield self._vocabulary[place]
            place += 1

    def _hromada_parents(self, hromada: int) -> tuple[int | None, int | None]:
        if hromada not in self._parents:
            row = Territory.objects.filter(pk=hromada).values_list("raion_id", "oblast_id").first()
            self._parents[hromada] = row or (None, None)
        return self._parents[hromada]

    def _sort(self) -> None:
        ids = RegisterEntry.objects.open().order_by("sort_key", "id").values_list("id", flat=True)
        order = array("I", ids.iterator(chunk_size=_CHUNK))
        ranks = array("I", bytes(4 * (max(order, default=0) + 1)))
        for rank, pk in enumerate(order):
            ranks[pk] = rank
        self._order, self._ranks = order, ranks

    # --- reading the register ------------------------------------------------------------------------------------

    def _reload(self, since: int) -> None:
        changed = RegisterEntry.objects.filter(revision__gt=since)
        ids = list(changed.values_list("id", flat=True))
        gone = BitMap(ids)
        self.everything -= gone
        for bitmap in (*self._values.values(), *self._words.values()):
            bitmap -= gone  # noqa: PLW2901 in place
        self._load(changed)

    def _load(self, entries: QuerySet[RegisterEntry]) -> None:
        gathered: dict[tuple[str, Any], list[int]] = defaultdict(list)
        said: dict[str, list[int]] = defaultdict(list)
        open_entries = entries.filter(is_open=True)
        for name, value, pk in self._facts(open_entries):
            if name == "word":
                said[value].append(pk)
            else:
                gathered[name, value].append(pk)
        for key, pks in gathered.items():
            self._values[key] |= BitMap(pks)
        new_words = said.keys() - self._words.keys()
        for word, pks in said.items():
            self._words[word] |= BitMap(pks)
        if len(new_words) > 1_000:  # noqa: PLR2004 below it inserting is cheaper than sorting
            self._vocabulary = sorted(self._words)
        else:
            for word in new_words:
                insort(self._vocabulary, word)
        self.everything |= BitMap(open_entries.values_list("id", flat=True).iterator(chunk_size=_CHUNK))

    def _facts(self, entries: QuerySet[RegisterEntry]) -> Iterator[tuple[str, Any, int]]:
        """Yield (facet or "word", value, entry) for everything the public may filter by."""
        for pk, number, standing, oblast, hromada, code, name, short, ownership, sector in entries.values_list(
            "id",
            "number",
            "standing",
            "oblast_id",
            "hromada_id",
            "organisation__code",
            "organisation__name",
            "organisation__short_name",
            "organisation__ownership_form",
            "organisation__sector",
        ).iterator(chunk_size=_CHUNK):
            yield from (("ownership", ownership, pk), ("sector", sector, pk), ("standing", standing, pk))
            yield from _place(pk, oblast, hromada)
            for word in {*words(name), *words(short), *words(number), *words(code or "")}:
                yield "word", word, pk
        yield from self._site_facts(entries)
        yield from self._service_facts(entries)

    def _site_facts(self, entries: QuerySet[RegisterEntry]) -> Iterator[tuple[str, Any, int]]:
        sites = Site.objects.filter(entry__in=entries)
        for row in sites.values(
            "entry_id", "oblast_id", "hromada_id", "confidential", town=F("territory__name"), unit=F("hromada__name")
        ).iterator(chunk_size=_CHUNK):
            pk = row["entry_id"]
            yield from _place(pk, row["oblast_id"], row["hromada_id"])
            for word in words(row["unit"] or ""):
                yield "word", word, pk
            if visibility.is_public("registry.Site", "territory", row):
                for word in words(row["town"] or ""):
                    yield "word", word, pk

    def _service_facts(self, entries: QuerySet[RegisterEntry]) -> Iterator[tuple[str, Any, int]]:
        services = Service.objects.filter(entry__in=entries)
        for pk, service_type, name, title, area in services.values_list(
            "entry_id", "service_type_id", "service_type__name_uk", "title", "area_kind"
        ).iterator(chunk_size=_CHUNK):
            yield "service", service_type, pk
            if area == AreaKind.COUNTRY:
                yield "served", "country", pk
            for word in {*words(name), *words(title)}:
                yield "word", word, pk
        groups = Service.groups.through.objects.filter(service__entry__in=entries)
        for pk, group in groups.values_list("service__entry_id", "vulnerablegroup_id").iterator(chunk_size=_CHUNK):
            yield "group", group, pk
        areas = Service.areas.through.objects.filter(service__entry__in=entries)
        for pk, category, unit, oblast, hromada in areas.values_list(
            "service__entry_id", "territory__category", "territory_id", "territory__oblast_id", "territory__hromada_id"
        ).iterator(chunk_size=_CHUNK):
            yield "oblast", oblast, pk
            if category == UnitCategory.RAION:
                yield "raion_served", unit, pk
            elif category in UnitCategory.regions:
                yield "oblast_served", unit, pk
            elif hromada:
                yield "here", hromada, pk


def _place(pk: int, oblast: int | None, hromada: int | None) -> Iterable[tuple[str, Any, int]]:
    if oblast:
        yield "oblast", oblast, pk
    if hromada:
        yield "here", hromada, pk


register_index = RegisterIndex()
