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

from django.db.models import QuerySet
from pyroaring import BitMap

from portal.kernel import visibility
from registry.enums import AreaKind, UnitCategory
from registry.models import RegisterEntry, RegisterRevision, Service, ServiceType, Site, Territory

FACETS: Final = ("oblast", "hromada", "service", "group", "ownership", "sector", "standing")
_WORD: Final = re.compile(r"[\w'’ʼ]+")
_APOSTROPHES: Final = ("'", "’", "`")
_CHUNK: Final = 2_000
# as many keys as a query may name
_FEW: Final = 900
# a register number or a ЄДРПОУ, or how one begins: looked up in the database, for as words they would outnumber all
_CODE: Final = re.compile(r"d?\d{3,8}")
_FORGIVEN_ENDING: Final = 2
_SHORTEST_STEM: Final = 4


def words(text: str) -> list[str]:
    """Split into words as the index knows them: lower case, one kind of apostrophe."""
    for mark in _APOSTROPHES:
        text = text.replace(mark, "ʼ")
    return _WORD.findall(text.casefold())


# keys as the machine keeps them: a list of numbers would take ten times the memory while loading
Keys = array
Gathered = dict[tuple[str, Any], Keys]


def _keys() -> Keys[int]:
    return array("I")


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
            hits = BitMap.union(_having_code(word), *[self._words[known] for known in self._beginning_with(stem)])
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
        """Read the facts of these entries column by column: what many of them share is split into words once."""
        open_entries = entries.filter(is_open=True)
        gathered: Gathered = defaultdict(_keys)
        said: dict[str, Keys] = defaultdict(_keys)
        self._read_entries(open_entries, gathered, said)
        towns = self._read_sites(open_entries, gathered)
        self._read_services(open_entries, gathered, said)
        self._read_areas(open_entries, gathered)
        for key, pks in gathered.items():
            self._values[key] |= BitMap(pks)
        new: dict[str, BitMap] = defaultdict(BitMap)
        for word, pks in said.items():
            new[word] |= BitMap(pks)
        kinds: dict[int, Keys] = {key[1]: pks for key, pks in gathered.items() if key[0] == "service"}
        names_of = (
            (dict(_units(towns).values_list("id", "name")), towns),
            (dict(ServiceType.objects.values_list("id", "name_uk")), kinds),
        )
        for names, of_name in names_of:
            for named, keys in of_name.items():
                found = BitMap(keys)
                for word in set(words(names.get(named, ""))):
                    new[word] |= found
        self._learn(new)
        self.everything |= BitMap(open_entries.values_list("id", flat=True).iterator(chunk_size=_CHUNK))

    def _learn(self, new: dict[str, BitMap]) -> None:
        unknown = new.keys() - self._words.keys()
        for word, pks in new.items():
            self._words[word] |= pks
        if len(unknown) > 1_000:  # noqa: PLR2004 below it inserting is cheaper than sorting
            self._vocabulary = sorted(self._words)
        else:
            for word in unknown:
                insort(self._vocabulary, word)

    def _read_entries(self, entries: QuerySet[RegisterEntry], gathered: Gathered, said: dict[str, Keys]) -> None:
        for pk, standing, oblast, hromada, name, short, ownership, sector in entries.values_list(
            "id",
            "standing",
            "oblast_id",
            "hromada_id",
            "organisation__name",
            "organisation__short_name",
            "organisation__ownership_form",
            "organisation__sector",
        ).iterator(chunk_size=_CHUNK):
            gathered["standing", standing].append(pk)
            gathered["ownership", ownership].append(pk)
            gathered["sector", sector].append(pk)
            gathered["oblast", oblast].append(pk)
            gathered["here", hromada].append(pk)
            for word in set(words(f"{name} {short}")):
                said[word].append(pk)

    def _read_sites(self, entries: QuerySet[RegisterEntry], gathered: Gathered) -> dict[int, Keys]:
        """Gather where addresses are, and return the entries of each unit whose name may be said."""
        of_unit: dict[int, Keys] = defaultdict(_keys)
        may_be_said = {
            flag: visibility.is_public("registry.Site", "territory", {"confidential": flag}) for flag in (False, True)
        }
        sites = Site.objects.filter(entry__in=entries)
        for pk, oblast, hromada, town, confidential in sites.values_list(
            "entry_id", "oblast_id", "hromada_id", "territory_id", "confidential"
        ).iterator(chunk_size=_CHUNK):
            gathered["oblast", oblast].append(pk)
            gathered["here", hromada].append(pk)
            if hromada:
                of_unit[hromada].append(pk)
            if town and may_be_said[confidential]:
                of_unit[town].append(pk)
        return of_unit

    def _read_services(self, entries: QuerySet[RegisterEntry], gathered: Gathered, said: dict[str, Keys]) -> None:
        services = Service.objects.filter(entry__in=entries)
        for pk, kind, area in services.values_list("entry_id", "service_type_id", "area_kind").iterator(
            chunk_size=_CHUNK
        ):
            gathered["service", kind].append(pk)
            if area == AreaKind.COUNTRY:
                gathered["served", "country"].append(pk)
        titled = services.exclude(title="").values_list("entry_id", "title")
        for pk, title in titled.iterator(chunk_size=_CHUNK):
            for word in set(words(title)):
                said[word].append(pk)

    def _read_areas(self, entries: QuerySet[RegisterEntry], gathered: Gathered) -> None:
        groups = Service.groups.through.objects.filter(service__entry__in=entries)
        for pk, group in groups.values_list("service__entry_id", "vulnerablegroup_id").iterator(chunk_size=_CHUNK):
            gathered["group", group].append(pk)
        of_unit: dict[int, Keys] = defaultdict(_keys)
        areas = Service.areas.through.objects.filter(service__entry__in=entries)
        for pk, unit in areas.values_list("service__entry_id", "territory_id").iterator(chunk_size=_CHUNK):
            of_unit[unit].append(pk)
        units = _units(of_unit).values_list("id", "category", "oblast_id", "hromada_id")
        for unit, category, oblast, hromada in units:
            if unit not in of_unit:
                continue
            gathered["oblast", oblast].extend(of_unit[unit])
            if category == UnitCategory.RAION:
                gathered["raion_served", unit].extend(of_unit[unit])
            elif category in UnitCategory.regions:
                gathered["oblast_served", unit].extend(of_unit[unit])
            elif hromada:
                gathered["here", hromada].extend(of_unit[unit])


def _units(keys: Iterable[int]) -> QuerySet[Territory]:
    """Return these units, or all of them where naming so many would be too long a question."""
    wanted = list(keys)
    return Territory.objects.filter(pk__in=wanted) if len(wanted) < _FEW else Territory.objects.all()


def _having_code(word: str) -> BitMap:
    """Return the open entries whose register number or ЄДРПОУ begins so; the database has indexes for that."""
    if not _CODE.fullmatch(word):
        return BitMap()
    beginning = word.upper()
    last = beginning.rstrip("9")
    within = {"gte": beginning} | ({"lt": f"{last[:-1]}{chr(ord(last[-1]) + 1)}"} if last else {})
    entries = RegisterEntry.objects.open()
    numbers = entries.filter(**{f"number__{how}": value for how, value in within.items()})
    codes = entries.filter(**{f"organisation__code__{how}": value for how, value in within.items()})
    return BitMap(numbers.values_list("id", flat=True)) | BitMap(codes.values_list("id", flat=True))


register_index = RegisterIndex()
