"""What editors put above the results of some questions: shown as advice, never mixed into the order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from registry.queries.memory import kept
from search.analysis.normal import words
from search.analysis.tokens import keys
from search.models import Promotion
from search.thesaurus import content_words

MOST: Final = 2
Phrase = tuple[frozenset[str], ...]


def promoted(text: str, day: date) -> list[Promotion]:
    """Return the promotions in force whose phrase the question says, whatever its order and case; two at most."""
    asked = {key for word in content_words(words(text)) for key in keys(word)}
    if not asked:
        return []
    return [one for one, phrases in _in_force(day) if _is_said(phrases, asked)][:MOST]


def _in_force(day: date) -> list[tuple[Promotion, list[Phrase]]]:
    return kept(("promotions", day), lambda: [(one, _phrases(one)) for one in Promotion.objects.current(day)])


def _phrases(promotion: Any) -> list[Phrase]:
    rows: Iterable[list[str]] = (content_words(words(phrase)) for phrase in promotion.phrase_list)
    return [tuple(frozenset(keys(word)) for word in row) for row in rows if row]


def _is_said(phrases: Sequence[Phrase], asked: set[str]) -> bool:
    return any(all(not word.isdisjoint(asked) for word in phrase) for phrase in phrases)
