"""Putting sentences together: choosing from banks, filling in places and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from registry.domain.demo.grammar import settle_prepositions

_NUMBERS: Final = re.compile(r"\{(\d+)-(\d+)\}")
# numbers after which Ukrainian wants the same form as after «багато»
_PLURAL_ENDINGS: Final = (0, 5, 6, 7, 8, 9)
_TEENS: Final = range(11, 20)
_ROUND_FROM: Final = 60


def chance(rng: Random, share: float) -> bool:
    return rng.random() < share


def many(rng: Random, low: int, high: int) -> int:
    """Return a number that stands before a genitive plural: 5 or 17, never 21 or 3; large ones round."""
    numbers = [
        number
        for number in range(low, high + 1)
        if (number % 10 in _PLURAL_ENDINGS or number % 100 in _TEENS) and (number < _ROUND_FROM or number % 10 == 0)
    ]
    return rng.choice(numbers or [high])


def fill(text: str, rng: Random, phrases: Mapping[str, str]) -> str:
    """Fill one sentence: numbers, places, у or в."""
    if "{" in text:
        text = _NUMBERS.sub(lambda found: str(many(rng, int(found[1]), int(found[2]))), text)
        text = text.format_map(phrases)
    return settle_prepositions(text)


def paragraph(sentences: Sequence[str], rng: Random, phrases: Mapping[str, str]) -> str:
    return " ".join(fill(one, rng, phrases) for one in sentences)


def some_in_order(bank: Sequence[str], rng: Random, count: int) -> list[str]:
    """Choose so many sentences of a bank, leaving them in its order, which is the order of telling."""
    places = sorted(rng.sample(range(len(bank)), min(count, len(bank))))
    return [bank[place] for place in places]
