"""What words of a question mean: from a citizen's phrase to a service, a group, or the words of descriptions."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from search.analysis.normal import words
from search.analysis.tokens import keys, stopwords

REFERENCE: Final = Path(__file__).resolve().parent / "reference"
LONGEST: Final = 5
NEGATIONS: Final = frozenset({"не", "ні"})
FEWEST_PHRASES: Final = 2
MOST_HINTS: Final = 4
LEAST_SHARE: Final = 0.15
SERVICE: Final = "service"
GROUP: Final = "group"
WORDS: Final = "words"
PREFIX: Final = {SERVICE: "s:", GROUP: "g:"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """One direction: the phrase means `target` (a slug, or words) with a weight up to 1."""

    phrase: str
    kind: str
    target: str
    weight: float
    language: str = "uk"

    @property
    def token(self) -> str:
        return PREFIX[self.kind] + self.target


@dataclass(frozen=True, slots=True)
class Match:
    """Words at `places` of a row say a phrase; its meanings, the surest first."""

    places: tuple[int, ...]
    meanings: tuple[Meaning, ...]


class Phrasebook:
    """Phrases found in a row of words, whatever their order and case, with up to `slack` other words between."""

    def __init__(self, meanings: Iterable[Meaning], *, slack: int = 0) -> None:
        self._slack = slack
        self._ones: dict[str, list[Meaning]] = defaultdict(list)
        # phrases of several words: their meanings, the keys of their words, and by which keys they are looked for
        self._meanings: list[list[Meaning]] = []
        self._words: list[tuple[frozenset[str], ...]] = []
        self._by_rarest: dict[str, list[int]] = defaultdict(list)
        known: dict[tuple[str, ...], int] = {}
        times: dict[str, int] = defaultdict(int)
        for meaning in meanings:
            row = tuple(dict.fromkeys(content_words(words(meaning.phrase))))
            if not row or len(row) > LONGEST:
                continue
            if len(row) == 1:
                for key in keys(row[0]):
                    self._ones[key].append(meaning)
                continue
            # the order of words is free, so a phrase turned round is the same phrase
            number = known.get(tuple(sorted(row)))
            if number is None:
                number = known[tuple(sorted(row))] = len(self._words)
                self._words.append(tuple(frozenset(keys(word)) for word in row))
                self._meanings.append([])
                for key in frozenset().union(*self._words[-1]):
                    times[key] += 1
            self._meanings[number].append(meaning)
        self._in_phrases = frozenset(times)
        for number, phrase in enumerate(self._words):
            for key in min(phrase, key=lambda word: sum(times[one] for one in word)):
                self._by_rarest[key].append(number)

    def knows(self, word: Sequence[str]) -> bool:
        """Say whether a word with these keys stands in any phrase."""
        return any(key in self._ones or key in self._in_phrases for key in word)

    def of_word(self, word: Sequence[str]) -> tuple[Meaning, ...]:
        """Return what a word with these keys means by itself."""
        return _best(meaning for key in word for meaning in self._ones.get(key, ()))

    def matches(self, row: Sequence[Sequence[str]]) -> list[Match]:
        """Return the phrases a row says; longer ones win, no word is used twice; `row` holds the keys of each word."""
        found = self._together(self._of_several(row))
        found.sort(key=lambda match: (-len(match.places), -match.meanings[0].weight, match.places))
        used: set[int] = set()
        chosen = []
        for match in found:
            if used.isdisjoint(match.places):
                used.update(match.places)
                chosen.append(match)
        for place, word in enumerate(row):
            if place not in used and (meanings := self.of_word(word)):
                chosen.append(Match((place,), meanings))
        return sorted(chosen, key=lambda match: match.places)

    def _of_several(self, row: Sequence[Sequence[str]]) -> list[Match]:
        where: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(row):
            for key in word:
                where[key].append(place)
        numbers = {number for key in where for number in self._by_rarest.get(key, ())}
        found = []
        for number in numbers:
            options = []
            for word in self._words[number]:
                places = sorted({place for key in word if key in where for place in where[key]})
                if not places:
                    break
                options.append(places)
            else:
                places = self._closest(options)
                if places and places[-1] - places[0] < len(options) + self._slack:
                    found.append(Match(places, _best(self._meanings[number])))
        return found

    @staticmethod
    def _together(found: Sequence[Match]) -> list[Match]:
        """Join what several phrases mean that the same words say."""
        meanings: dict[tuple[int, ...], list[Meaning]] = defaultdict(list)
        for match in found:
            meanings[match.places] += match.meanings
        return [Match(places, _best(told)) for places, told in meanings.items()]

    @staticmethod
    def _closest(options: Sequence[Sequence[int]]) -> tuple[int, ...]:
        """Return one place for each word, all different and close together; nothing where there are too few."""
        first = options[0][0]
        chosen: list[int] = []
        for option in options:
            free = [place for place in option if place not in chosen]
            if not free:
                return ()
            chosen.append(min(free, key=lambda place: abs(place - first)))
        return tuple(sorted(chosen))


def _best(meanings: Iterable[Meaning]) -> tuple[Meaning, ...]:
    best: dict[tuple[str, str], Meaning] = {}
    for meaning in meanings:
        known = best.get((meaning.kind, meaning.target))
        if known is None or known.weight < meaning.weight:
            best[meaning.kind, meaning.target] = meaning
    return tuple(sorted(best.values(), key=lambda meaning: (-meaning.weight, meaning.kind, meaning.target)))


class Associations:
    """What single words hint at: how often the phrases that hold a word mean each service or group."""

    def __init__(self, meanings: Iterable[Meaning]) -> None:
        weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        phrases: dict[str, set[str]] = defaultdict(set)
        for meaning in meanings:
            if meaning.kind not in PREFIX:
                continue
            row = content_words(words(meaning.phrase))
            for word in row:
                for key in keys(word):
                    weights[key][meaning.token] += meaning.weight / len(row) ** 0.5
                    phrases[key].add(meaning.phrase)
        self._hints: dict[str, tuple[tuple[str, float], ...]] = {}
        for key, targets in weights.items():
            times = len(phrases[key])
            if times < FEWEST_PHRASES:
                continue
            whole = sum(targets.values())
            hints = sorted(((weight / whole, token) for token, weight in targets.items()), reverse=True)[:MOST_HINTS]
            self._hints[key] = tuple((token, share) for share, token in hints if share >= LEAST_SHARE)

    def of(self, word: Sequence[str]) -> dict[str, float]:
        """Return tokens of services and groups with the share of the word's phrases that mean them."""
        found: dict[str, float] = {}
        for key in word:
            for token, share in self._hints.get(key, ()):
                found[token] = max(found.get(token, 0.0), share)
        return found


def content_words(row: Sequence[str]) -> list[str]:
    """Return the words that carry something, with what a negation denies («не хочу»); all of them where none does."""
    stop = stopwords()
    kept = [word for place, word in enumerate(row) if word not in stop or (place and row[place - 1] in NEGATIONS)]
    return kept or list(row)


def shipped() -> list[Meaning]:
    """Return the directions that come with the portal."""
    with (REFERENCE / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        return [
            Meaning(row["phrase"], row["kind"], row["target"], float(row["weight"]), row["language"])
            for row in csv.DictReader(file)
        ]


def of_catalogue(services: Iterable[Any], groups: Iterable[Any]) -> list[Meaning]:
    """Return the names of the catalogue as phrases; terms have `slug`, names in two languages, maybe aliases."""
    found = []
    for kind, terms in ((SERVICE, services), (GROUP, groups)):
        for term in terms:
            names = (term.name_uk, term.name_en, *getattr(term, "aliases_uk", ()))
            found += [Meaning(name, kind, term.slug, 1.0) for name in names if name]
    return found
