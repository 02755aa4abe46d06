"""The inputs of a ranking as objects: a rubric, lots, and what each proposal has in a lot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, Final

HALF: Final = Fraction(1, 2)
# what may win, as long as nothing speaks against it
ABLE: Final = "reserve"
ROUNDING: Final[Mapping[str, Callable[[Fraction], int]]] = {
    "half_up": lambda value: floor(value + HALF),
    "half_even": round,
    "down": floor,
}


@dataclass(frozen=True, slots=True)
class Rounding:
    rule: str
    digits: int

    def __call__(self, value: Fraction) -> Decimal:
        """Round an exact number to the digits of the rubric, all of them written."""
        return Decimal(ROUNDING[self.rule](value * 10**self.digits)).scaleb(-self.digits)


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    weight: Fraction
    most: Fraction
    threshold: Fraction | None


@dataclass(frozen=True, slots=True)
class TieStep:
    """A step of the path by which equals are told apart: `by` is criterion, asked, earlier or casting."""

    by: str
    criterion: str = ""

    @property
    def name(self) -> str:
        return f"criterion:{self.criterion}" if self.criterion else self.by


@dataclass(frozen=True, slots=True)
class Rubric:
    criteria: tuple[Criterion, ...]
    is_mean: bool
    rounding: Rounding
    threshold: Fraction
    ties: tuple[TieStep, ...]
    by_budget: bool
    stops: bool

    @property
    def most(self) -> Fraction:
        """The greatest total that one member's points can make."""
        return sum((one.weight * one.most for one in self.criteria), Fraction(0))


@dataclass(frozen=True, slots=True)
class RankedLot:
    number: int
    budget: Fraction | None


@dataclass(frozen=True, slots=True)
class Bid:
    """A proposal in a lot; `points` by criterion and member, without those that are not applicable."""

    lot: int
    number: int
    asked: str
    submitted_at: str
    standing: str
    casting: int | None
    points: Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Table:
    """All that a ranking follows from."""

    rubric: Rubric
    lots: tuple[RankedLot, ...]
    bids: tuple[Bid, ...]
    # in the order in which they first stand in scores.csv
    members: tuple[str, ...]


def rubric_from(definition: Mapping[str, Any]) -> Rubric:
    """Read a definition without gaps (`gaps_of`)."""
    award, rounding = definition["award"], definition["rounding"]
    return Rubric(
        criteria=tuple(
            Criterion(one["code"], Fraction(one["weight"]), Fraction(one["max"]), _fraction(one.get("threshold")))
            for one in definition["criteria"]
        ),
        is_mean=definition["method"] == "mean",
        rounding=Rounding(rounding["rule"], rounding["digits"]),
        threshold=_fraction(definition["threshold"]) or Fraction(0),
        ties=tuple(TieStep(one["by"], one.get("criterion", "")) for one in definition["ties"]),
        by_budget=award["kind"] == "budget",
        stops=award.get("when_short") == "stop",
    )


def lot_from(row: Mapping[str, Any]) -> RankedLot:
    return RankedLot(row["number"], _fraction(row.get("budget")))


def _fraction(text: str | None) -> Fraction | None:
    return Fraction(text) if text else None
