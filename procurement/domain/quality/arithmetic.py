"""The arithmetic of an evaluation, the same for everybody: weighted mean of what has a value, rounded once.

total = Σ weight × value ÷ Σ weight, both sums over indicators that have a value: what has none is left out, it is not
zero. Where too little of the whole weight has a value there is no total. The grade is read off the total rounded to
`grade_digits`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, Final

_HALF: Final = Fraction(1, 2)
ROUNDING: Final[Mapping[str, Callable[[Fraction], int]]] = {
    "half_up": lambda exact: floor(exact + _HALF),
    "half_even": round,
    "down": floor,
}


@dataclass(frozen=True, slots=True)
class Total:
    """What ratings come to; `value` and `grade` are empty where too little weight has a value."""

    value: Decimal | None
    grade: str
    # how many indicators have a value, of how many; their weight, of what weight; Σ weight × value
    rated: int
    indicators: int
    weight_rated: Decimal
    weight: Decimal
    weighted: Decimal


def total_of(definition: Mapping[str, Any], values: Mapping[str, Decimal | None]) -> Total:
    """Compute what the values {code of the indicator: per cent, or none} come to by a set of indicators."""
    weights = {row["code"]: Decimal(row["weight"]) for row in definition["indicators"]}
    told = {code: value for code in weights if (value := values.get(code)) is not None}
    weighted = sum((weights[code] * value for code, value in told.items()), Decimal(0))
    rated, whole = sum((weights[code] for code in told), Decimal(0)), sum(weights.values(), Decimal(0))
    value, grade = None, ""
    if rated and rated >= whole * Decimal(definition["missing"]["needed_weight"]):
        exact, rounding = Fraction(weighted) / Fraction(rated), definition["rounding"]
        value = rounded(exact, rounding["rule"], rounding["digits"])
        grade = grade_of(definition, value)
    return Total(value, grade, len(told), len(weights), rated, whole, weighted)


def grade_of(definition: Mapping[str, Any], total: Decimal) -> str:
    """Return the code of the band that a total belongs to."""
    rounding = definition["rounding"]
    whole = rounded(Fraction(total), rounding["rule"], rounding["grade_digits"])
    return next(str(band["code"]) for band in definition["bands"] if whole >= Decimal(band["from"]))


def rounded(exact: Fraction, rule: str, digits: int) -> Decimal:
    """Round an exact number once, all digits written."""
    return Decimal(ROUNDING[rule](exact * 10**digits)).scaleb(-digits)


def mean_of(values: list[Decimal]) -> Fraction | None:
    """Return the exact mean; none of nothing."""
    return Fraction(sum(values, Decimal(0))) / len(values) if values else None
