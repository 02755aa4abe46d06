"""How the pages of results put points side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django import template

from procurement.interfaces.result_tables import Criterion, LotTable, written

register = template.Library()


@dataclass(frozen=True, slots=True)
class Cell:
    words: str
    is_best: bool
    is_below: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion across all proposals of a lot."""

    criterion: Criterion
    cells: list[Cell]


@register.filter
def matrix(lot: LotTable) -> Iterator[Row]:
    for place, criterion in enumerate(lot.criteria):
        lines = [line.criteria[place] for line in lot.lines]
        best = max((one.value for one in lines if one.value is not None), default=None)
        alone = len(lines) == 1
        yield Row(criterion, [Cell(one.words, one.value == best and not alone, one.is_below) for one in lines])


@register.filter
def points(value: Decimal | None) -> str:
    return written(value) if value is not None else ""


@register.filter
def figures(text: str) -> str:
    """Write a number that is kept as text with the decimal sign of the language."""
    return written(Decimal(text)) if text else ""
