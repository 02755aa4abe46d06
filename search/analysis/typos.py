"""Misspelt words: a table of what is left when one letter is missing, and how far two words are from each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

SHORTEST: Final = 4
# from this length on two mistakes are forgiven
LONG: Final = 8
_NEAR: Final = (
    frozenset("иі"), frozenset("еє"), frozenset("ії"), frozenset("гґ"), frozenset("иы"), frozenset("ео"),
    frozenset("еи"), frozenset("оа"), frozenset("зс"), frozenset("бп"), frozenset("дт"), frozenset("ея"),
    frozenset("гх"),
)  # fmt: skip


class Speller:
    """Knows words with how often they stand in the index, and finds the likeliest one for a word it does not know."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._times = {word: times for word, times in words.items() if len(word) >= SHORTEST - 1 and word.isalpha()}
        self._table: dict[str, list[str]] = defaultdict(list)
        for word in self._times:
            for shorter in _shorter(word):
                self._table[shorter].append(word)

    def __contains__(self, word: str) -> bool:
        return word in self._times

    def corrections(self, word: str, most: int = 3) -> list[str]:
        """Return known words that this one may have been meant for, the likeliest first; nothing for a short word."""
        if len(word) < SHORTEST or not word.isalpha():
            return []
        candidates = {known for shorter in _shorter(word) for known in self._table.get(shorter, ())}
        allowed = 2.0 if len(word) >= LONG else 1.0 if len(word) > SHORTEST else 0.5
        scored = []
        for known in candidates:
            cost = distance(word, known, allowed + 0.5)
            if cost <= allowed:
                scored.append((cost + (0.3 if known[0] != word[0] else 0), -self._times[known], known))
        return [known for _cost, _times, known in sorted(scored)[:most]]


def _shorter(word: str) -> Iterator[str]:
    """Yield the word and what is left of it without each of its letters."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def distance(one: str, other: str, limit: float) -> float:
    """Return the optimal string alignment distance; letters that sound alike cost half; cut short above `limit`."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[float] = []
    last = [float(place) for place in range(len(other) + 1)]
    for row, letter in enumerate(one, start=1):
        current = [float(row)]
        for column, match in enumerate(other, start=1):
            change = 0.0 if letter == match else 0.5 if frozenset((letter, match)) in _NEAR else 1.0
            best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + change)
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == match:
                best = min(best, before[column - 2] + 1)
            current.append(best)
        if min(current) > limit:
            return limit + 1
        before, last = last, current
    return last[-1]


def vocabulary_of(texts: Iterable[Iterable[str]]) -> dict[str, int]:
    """Count in how many texts each word stands."""
    times: dict[str, int] = defaultdict(int)
    for text in texts:
        for word in set(text):
            times[word] += 1
    return dict(times)
