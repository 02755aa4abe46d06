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

from registry.models import RegisterEntry, RegisterRevision, Territory
from registry.queries import memory
from registry.queries.facts import CHUNK, read_facts
from registry.queries.words import words

FACETS: Final = ("oblast", "hromada", "service", "group", "ownership", "sector", "standing")
# a deep page skips whole blocks of the order
_BLOCK: Final = 1_024
# a register number or a ЄДРПОУ, or how one begins: looked up in the database, for as words they would outnumber all
_CODE: Final = re.compile(r"d?\d{3,8}")
_FORGIVEN_ENDING: Final = 2
_SHORTEST_STEM: Final = 4


class RegisterIndex:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._empty()

    def forget(self) -> None:
        """Drop everything, names of the vocabulary too; the next reader loads anew."""
        memory.forget()
        self._empty()

    def _empty(self) -> None:
        self.revision = -1
        self.everything = BitMap()
        self._values: dict[tuple[str, Any], BitMap] = defaultdict(BitMap)
        self._words: dict[str, BitMap] = defaultdict(BitMap)
        self._vocabulary: list[str] = []
        self._order: array[int] | None = None
        self._ranks: array[int] | None = None
        self._blocks: list[BitMap] = []
        self._around: dict[tuple[int | None, int | None], BitMap] = {}
        self._parents: dict[int, tuple[int | None, int | None]] = {}

    def refresh(self) -> None:
        """Catch up with the register: one query when nothing changed."""
        state = RegisterRevision.objects.filter(pk=1).values_list("value", "rebuild_from").first() or (0, 0)
        if state[0] == self.revision:
            return
        with self._lock:
            if self.revision < state[1] or self.revision > state[0] or self.revision < 0:
                self._empty()
                self._load(RegisterEntry.objects.all())
            else:
                self._reload(self.revision)
            self.revision = state[0]
            self._order = self._ranks = None
            self._around = {}

    def having(self, facet: str, value: int | str) -> BitMap:
        """Return the entries that have this value; a place also has those that serve it from elsewhere."""
        if facet == "hromada":
            return self.having("here", value) | self._serving_around(int(value))
        found = self._values.get((facet, value)) or BitMap()
        # who serves the country serves each oblast too, so an oblast never shows fewer than one of its hromadas
        return found | self.having("served", "country") if facet == "oblast" else found

    def count_serving(self, hromada: int, among: BitMap) -> int:
        """Count those of the given entries that have this hromada, without gathering the many who serve all around."""
        around = self._serving_around(hromada)
        here = self.having("here", hromada) & among
        return among.intersection_cardinality(around) + here.difference_cardinality(around)

    def _serving_around(self, hromada: int) -> BitMap:
        """Return the entries that serve the hromada's whole raion, its oblast or the country."""
        where = self._hromada_parents(hromada)
        if where not in self._around:
            raion, oblast = where
            self._around[where] = (
                self.having("raion_served", raion or 0)
                | self.having("oblast_served", oblast or 0)
                | self.having("served", "country")
            )
        return self._around[where]

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
        seen = 0
        for number, block in enumerate(self._blocks):
            inside = block.intersection_cardinality(entries)
            if seen + inside > start:
                keys = [pk for pk in order[number * _BLOCK : (number + 1) * _BLOCK] if pk in entries]
                result += keys[max(start - seen, 0) : stop - seen]
            seen += inside
            if seen >= stop:
                break
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
        order = array("I", ids.iterator(chunk_size=CHUNK))
        ranks = array("I", bytes(4 * (max(order, default=0) + 1)))
        for rank, pk in enumerate(order):
            ranks[pk] = rank
        self._blocks = [BitMap(order[start : start + _BLOCK]) for start in range(0, len(order), _BLOCK)]
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
        facts = read_facts(entries)
        for key, found in facts.values.items():
            self._values[key] |= found
        self._learn(facts.words)
        self.everything |= facts.everything

    def _learn(self, new: dict[str, BitMap]) -> None:
        unknown = new.keys() - self._words.keys()
        for word, pks in new.items():
            self._words[word] |= pks
        if len(unknown) > 1_000:  # noqa: PLR2004 below it inserting is cheaper than sorting
            self._vocabulary = sorted(self._words)
        else:
            for word in unknown:
                insort(self._vocabulary, word)


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
