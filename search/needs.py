"""What somebody needs, read from how they say it: some two hundred needs, each learned from hundreds of phrases.

Words of a question seldom stand in the name of a service: «мама забуває де живе» is dementia. A linear model, learned
by `tools/build_needs.py` from `reference/need_phrases.csv`, tells which needs a text is about, the same for what people
type and for what providers write; so both meet in the need, whatever words either uses. A document holds a token for
each of its needs, `n:<need>:<level>`: how much of it is about that.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import Final

import orjson

from search.analysis.normal import words
from search.analysis.tokens import family, keys
from search.thesaurus import REFERENCE, content_words

PREFIX: Final = "n:"
# what a feature counts: a lemma, its family, letters that follow one another, two words side by side
LEMMA, FAMILY, LETTERS, PAIR = 1.0, 0.5, 0.25, 0.7
GRAMS: Final = (3, 4)
# the file keeps whole numbers: so many to one
SCALE: Final = 100
# a need that a question means with less than this share is not meant; so many are
LEAST_SHARE: Final = 0.05
MOST_MEANT: Final = 6
# how much of a document is about a need, from which share on each level begins
LEVELS: Final = (0.08, 0.15, 0.25, 0.4, 0.6, 0.8)
# what a name and the whole text say, beside each sentence
NAME, WHOLE, SENTENCE = 1.0, 3.0, 1.0
_ENDS: Final = str.maketrans(dict.fromkeys("!?;:\n–", "."))

# a word with the keys that it may be found by
Read = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Need:
    """A need as the reference table has it; `met_by` are tokens of services and groups with how often they meet it."""

    slug: str
    name_uk: str
    name_en: str
    met_by: tuple[tuple[str, float], ...] = ()


@lru_cache(maxsize=1)
def needs() -> Mapping[str, Need]:
    with (REFERENCE / "needs.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["slug"]: Need(
                row["slug"],
                row["name_uk"],
                row["name_en"],
                tuple((token, float(share)) for token, share in (one.split("=") for one in row["met_by"].split())),
            )
            for row in csv.DictReader(file)
        }


def token_of(need: str, level: int) -> str:
    return f"{PREFIX}{need}:{level}"


def level_of(need: str, tokens: Container[str]) -> int:
    """Return how much of the document with these tokens is about the need: a level, 0 for not at all."""
    return next((level for level, token in _levels_of(need) if token in tokens), 0)


@lru_cache(maxsize=1024)
def _levels_of(need: str) -> tuple[tuple[int, str], ...]:
    return tuple((level, token_of(need, level)) for level in range(len(LEVELS), 0, -1))


def features_of(row: Sequence[Read]) -> dict[str, float]:
    """Return what the model knows of words in a row, each with its weight."""
    found: dict[str, float] = {}
    for word, its_keys in row:
        for feature, worth in _features_of_word(word, tuple(its_keys)):
            found[feature] = max(found.get(feature, 0.0), worth)
    for (_one, first), (_other, second) in pairwise(row):
        if first and second:
            found["&".join(sorted((first[0], second[0])))] = PAIR
    return found


@lru_cache(maxsize=20_000)
def _features_of_word(word: str, its_keys: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    found = dict.fromkeys(its_keys, LEMMA)
    for key in its_keys:
        if root := family(key):
            found.setdefault(root, FAMILY)
    whole = f"<{word}>"
    for size in GRAMS:
        for start in range(len(whole) - size + 1):
            found[f"#{whole[start : start + size]}"] = LETTERS
    return tuple(found.items())


class NeedModel:
    """The learned weights: a row of words becomes shares of needs."""

    def __init__(self, file: Mapping[str, object]) -> None:
        self.slugs: list[str] = list(file["needs"])  # type: ignore[call-overload]
        self._bias: list[float] = [one / SCALE for one in file["bias"]]  # type: ignore[attr-defined]
        # of a feature: how telling it is, then pairs of a need and its weight
        self._weights: dict[str, list[int]] = file["features"]  # type: ignore[assignment]

    def shares(self, row: Sequence[Read]) -> dict[int, float]:
        """Return places of needs with their shares, which make one together; nothing where nothing is told."""
        sums: dict[int, float] = defaultdict(float)
        length = 0.0
        for feature, worth in features_of(row).items():
            told = self._weights.get(feature)
            if told is None:
                continue
            pairs = iter(told)
            weight = worth * next(pairs)
            length += weight * weight
            for need, one in zip(pairs, pairs, strict=True):
                sums[need] += weight * one
        if not length:
            return {}
        scale = 1 / (sqrt(length) * SCALE)
        # the margin of each need alone, as a loss of the modified Huber kind tells it
        margins = {need: (sums[need] * scale + self._bias[need] + 1) / 2 for need in sums}
        shares = {need: min(margin, 1.0) for need, margin in margins.items() if margin > 0}
        whole = sum(shares.values())
        return {need: share / whole for need, share in shares.items()}

    def meant(self, row: Sequence[Read]) -> list[tuple[str, float]]:
        """Return the needs that a question means, the likeliest first, each with its share."""
        shares = sorted(self.shares(row).items(), key=lambda one: (-one[1], one[0]))[:MOST_MEANT]
        return [(self.slugs[need], share) for need, share in shares if share >= LEAST_SHARE]

    def tokens(self, name: str, text: str) -> list[str]:
        """Return the tokens of the needs that a document is about, by its name, its sentences and all of it."""
        sentences = [part for part in text.translate(_ENDS).split(".") if part.strip()]
        parts = [(name, NAME), *((part, SENTENCE) for part in sentences), (f"{name} {text}", WHOLE)]
        return self.levels((self.shares(read(part)), worth) for part, worth in parts)

    def levels(self, parts: Iterable[tuple[Mapping[int, float], float]]) -> list[str]:
        """Return the tokens of a document whose parts have these shares, each part with what it says in all."""
        sums: dict[int, float] = defaultdict(float)
        for shares, worth in parts:
            for need, share in shares.items():
                sums[need] += worth * share
        most = max(sums.values(), default=0.0)
        levels = ((need, sum(share / most >= level for level in LEVELS)) for need, share in sorted(sums.items()))
        return [token_of(self.slugs[need], level) for need, level in levels if level]


def read(text: str) -> list[Read]:
    """Read a text of the register, or a phrase: its telling words with their keys."""
    return [(word, keys(word)) for word in content_words(words(text))]


@lru_cache(maxsize=1)
def need_model() -> NeedModel:
    return NeedModel(orjson.loads((REFERENCE / "need_weights.json").read_bytes()))


def phrases() -> Iterable[tuple[str, str]]:
    """Yield the phrases that the model is learned from, each with its need."""
    with (REFERENCE / "need_phrases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["need"], row["phrase"]
