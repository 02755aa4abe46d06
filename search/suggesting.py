"""What may be meant by the beginning of a word: services, needs in people's words, places; from memory, no query."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from registry.models import ServiceType
from registry.queries.register import vocabulary
from search.analysis.normal import is_latin, words
from search.analysis.respelling import from_latin, of_another_layout
from search.analysis.tokens import stopwords
from search.lexicon import present_meanings
from search.places import CITY, HROMADA, OBLAST, RAION, SPECIAL, TOWN, Gazetteer, Place, skeleton
from search.thesaurus import SERVICE, Meaning
from search.understanding import Lexicon

MOST: Final = 8
# how many of each kind stand in a full list, unless the other kinds leave room
_SHARES: Final = (4, 3, 3)
_OF_ONE_MEANING: Final = 2
_LONGEST: Final = 100
_WORDS: Final = 4
_SPELLINGS: Final = 6
# a place named in a case form differs in its last letter
_INFLECTED: Final = 5
_UNSURE: Final = 0.6
_AFTER_ALL: Final = "\U0010ffff"
_OWN_LANGUAGES: Final = frozenset({"uk", "abbr"})
_PREPOSITIONS: Final = frozenset({"у", "в", "во", "до", "біля", "на", "по", "м", "місто", "село", "с", "під", "коло"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` is what a field shows, `query` and `place` what is then asked; `slug` names the service that is meant."""

    kind: str
    text: str
    query: str
    slug: str = ""
    place: str = ""
    detail: str = ""


class _Prefixes:
    """Entries in order of rank, found by the beginnings of their keys."""

    def __init__(self, entries: Iterable[tuple[Suggestion, Iterable[str]]]) -> None:
        self._entries: list[Suggestion] = []
        rows: list[tuple[str, int]] = []
        for rank, (entry, keys) in enumerate(entries):
            self._entries.append(entry)
            rows += [(key, rank) for key in keys]
        rows.sort()
        self._keys = [key for key, _rank in rows]
        self._ranks = [rank for _key, rank in rows]

    def find(self, prefix: str, most: int) -> list[Suggestion]:
        start, stop = bisect_left(self._keys, prefix), bisect_left(self._keys, prefix + _AFTER_ALL)
        # an entry may be met by several keys
        ranks = dict.fromkeys(nsmallest(3 * most, self._ranks[start:stop]))
        return [self._entries[rank] for rank in list(ranks)[:most]]


class Suggester:
    """The prefix tables of services, needs and places."""

    def __init__(self, services: Iterable[ServiceType], meanings: Iterable[Meaning], places: _Prefixes) -> None:
        services = list(services)
        self._kinds = (_Prefixes(_types(services)), _Prefixes(_needs(meanings, services)), places)

    def suggest(self, text: str) -> list[Suggestion]:
        """Return at most eight suggestions for what was typed so far, whatever the keyboard was set to."""
        text = text[:_LONGEST]
        for reading in _readings(text):
            row = words(reading)
            for start in range(max(len(row) - _WORDS, 0), len(row)):
                tail = row[start:]
                if start and (len(" ".join(tail)) < 2 or tail[-1] in stopwords()):  # noqa: PLR2004 two letters begin a word
                    break
                if found := self._of_tail(" ".join(tail)):
                    return [_after(row[:start], one) for one in found]
        return []

    def _of_tail(self, prefix: str) -> list[Suggestion]:
        types, needs, places = (kind.find(prefix, 2 * MOST) for kind in self._kinds)
        if not (types or needs or places) and len(prefix) >= _INFLECTED:
            places = self._kinds[2].find(prefix[:-1], MOST)
        rows = (types, _varied(needs), places)
        shown = [row[:share] for row, share in zip(rows, _SHARES, strict=True)]
        for place, row in enumerate(rows):
            room = MOST - sum(len(one) for one in shown)
            shown[place] = row[: len(shown[place]) + max(room, 0)]
        return [one for row in shown for one in row][:MOST]


def _readings(text: str) -> Iterator[str]:
    yield text
    if not is_latin(text):
        return
    yield from of_another_layout(text.casefold())
    *head, last = words(text) or [""]
    begun = [from_latin(word)[0] for word in head]
    for option in from_latin(last)[:_SPELLINGS]:
        yield " ".join([*begun, option])


def _after(head: list[str], found: Suggestion) -> Suggestion:
    """Return the suggestion as the end of a longer question; a place leaves the words and is asked for beside them."""
    if not head:
        return found
    if found.place:
        while head and head[-1] in _PREPOSITIONS:
            head = head[:-1]
        query = " ".join(head)
        return Suggestion(found.kind, f"{query} {found.text}".strip(), query, "", found.place, found.detail)
    query = " ".join([*head, found.query])
    return Suggestion(found.kind, query, query, found.slug, "", found.detail)


def _varied(needs: list[Suggestion]) -> list[Suggestion]:
    """Keep two phrases of one meaning: the third teaches nothing."""
    seen: dict[str, int] = {}
    kept = []
    for need in needs:
        seen[need.slug] = seen.get(need.slug, 0) + 1
        if seen[need.slug] <= _OF_ONE_MEANING:
            kept.append(need)
    return kept


def _tails(name: str) -> list[str]:
    """Return the name from each of its words on, so that any word may be the one typed."""
    row = words(name)
    stop = stopwords()
    return [" ".join(row[start:]) for start in range(len(row)) if not start or row[start] not in stop]


def _types(services: list[ServiceType]) -> Iterator[tuple[Suggestion, list[str]]]:
    for kind in services:
        yield (
            Suggestion("service", kind.name_uk, kind.name_uk, kind.slug),
            [key for name in (kind.name_uk, kind.name_en) if name for key in _tails(name)],
        )


def _needs(meanings: Iterable[Meaning], services: list[ServiceType]) -> Iterator[tuple[Suggestion, list[str]]]:
    named = {" ".join(words(name)) for kind in services for name in (kind.name_uk, kind.name_en) if name}
    best: dict[str, Meaning] = {}
    for meaning in meanings:
        phrase = " ".join(words(meaning.phrase))
        if meaning.kind != SERVICE or meaning.weight < _UNSURE or phrase in named:
            continue
        known = best.get(phrase)
        if known is None or (known.weight, known.target) < (meaning.weight, meaning.target):
            best[phrase] = meaning
    order: Callable[[tuple[str, Meaning]], tuple[bool, float, int, str]] = lambda item: (  # noqa: E731 a table's order
        item[1].language not in _OWN_LANGUAGES,
        -item[1].weight,
        len(item[0]),
        item[0],
    )
    for phrase, meaning in sorted(best.items(), key=order):
        yield Suggestion("need", meaning.phrase, meaning.phrase, meaning.target), [phrase]


def _places(by_code: dict[str, Place]) -> Iterator[tuple[Suggestion, list[str]]]:
    def rank(place: Place) -> tuple[int, int, str]:
        above = by_code.get(place.oblast)
        is_main = (
            place.category == CITY
            and above is not None
            and skeleton(place.name.casefold()) == skeleton(above.name.casefold())
        )
        order = {SPECIAL: 0, CITY: 2, OBLAST: 3, TOWN: 5, HROMADA: 6, RAION: 7}
        if is_main:
            return 1, 0, place.name
        return order.get(place.category, 8) - place.is_centre, len(place.name), place.code

    for place in sorted(by_code.values(), key=rank):
        above = [by_code[code].label for code in (place.raion, place.oblast) if code in by_code and code != place.code]
        is_known = place.category in {CITY, OBLAST, SPECIAL, HROMADA}
        detail = ", ".join(above[-1:] if is_known else above)
        yield Suggestion("place", place.label, "", "", place.code, detail), _tails(place.label)


_making = threading.Lock()
_made: tuple[Lexicon, Suggester] | None = None
# the codifier hardly changes, and its tables take the longest
_made_places: tuple[Gazetteer, _Prefixes] | None = None


def suggester(lexicon: Lexicon) -> Suggester:
    """Return the tables of this lexicon, made when it is a new one; who asks meanwhile is given the old ones."""
    global _made, _made_places  # noqa: PLW0603 one set of tables a process
    made = _made
    if made is not None and (made[0] is lexicon or _making.locked()):
        return made[1]
    with _making:
        if _made is None or _made[0] is not lexicon:
            if _made_places is None or _made_places[0] is not lexicon.gazetteer:
                _made_places = (lexicon.gazetteer, _Prefixes(_places(lexicon.gazetteer.by_code)))
            _made = (lexicon, Suggester(vocabulary().services.values(), present_meanings(), _made_places[1]))
        return _made[1]
