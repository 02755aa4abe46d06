"""Plan, obligation, acts and payments of a contract over time: lines of a picture and the same as rows of a table.

The plan is the sum of the version in force spread evenly over the days of the term: the parties agreed on no other
course. Nothing is drawn of acts and payments after today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.functional import cached_property

from portal.kernel.calendar import day_of
from procurement.contract_enums import PaymentKind
from procurement.models import AcceptanceAct, Contract, ContractVersion

KOPIIKA: Final = Decimal("0.01")
NOTHING: Final = Decimal(0)
WIDTH: Final = 1000
HEIGHT: Final = 300
# as many rows as are read at a glance; a longer contract is told by longer spans
_MOST_ROWS: Final = 13
_SPANS: Final = (1, 3, 6, 12)
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Point:
    """What there was by the end of a day, in all; acts and payments are unknown for days that have not come."""

    on: date
    plan: Decimal
    obligation: Decimal
    accepted: Decimal | None
    paid: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the picture: `points` as SVG has them."""

    name: str
    points: str


class Picture:
    """The course of the money of one contract; empty where it has no term."""

    def __init__(
        self,
        contract: Contract,
        versions: Sequence[ContractVersion],
        acts: Iterable[AcceptanceAct],
        today: date,
    ) -> None:
        self.contract = contract
        self.today = today
        self.sums = [(_since(version), version.sum) for version in versions]
        acts = list(acts)
        self.taken = sorted((day_of(act.accepted_at), act.accepted) for act in acts if act.accepted_at)
        payments = [payment for act in acts for payment in act.payments.all()]
        self.spent = sorted(
            (one.paid_on, one.amount if one.kind == PaymentKind.PAYMENT else -one.amount) for one in payments
        )

    @property
    def term(self) -> tuple[date, date] | None:
        first, last = self.contract.service_from, self.contract.service_to
        return (first, last) if first and last else None

    @cached_property
    def points(self) -> list[Point]:
        """Return the ends of months, quarters, half-years or years, as many as fit."""
        if self.term is None:
            return []
        events = [on for on, _sum in (*self.taken, *self.spent)]
        ends = ends_of_spans(min([self.term[0], *events]), max([self.term[1], *events]))
        # of the span in which today is, what there is by today is told
        present = next((on for on in ends if on >= self.today), self.today)
        return [self._point(on, has_come=on <= present) for on in ends]

    def _point(self, on: date, *, has_come: bool) -> Point:
        accepted, paid = (_by(events, on) if has_come else None for events in (self.taken, self.spent))
        return Point(on, self._planned(on), self._bound(on), accepted, paid)

    def _bound(self, on: date) -> Decimal:
        """Return the sum of the version that binds on a day; before the first one is signed, what it will be."""
        told = [sum_ for since, sum_ in self.sums if since <= on] or [sum_ for _since, sum_ in self.sums[:1]]
        return told[-1] if told else NOTHING

    def _planned(self, on: date) -> Decimal:
        first, last = self.term or (on, on)
        days = (last - first).days + 1
        gone = min(max((on - first).days + 1, 0), days)
        return (self.contract.sum * gone / days).quantize(KOPIIKA, ROUND_HALF_UP)

    # --- the picture -------------------------------------------------------------------------------------------------

    @property
    def top(self) -> Decimal:
        """The largest sum that is drawn, at the upper edge."""
        told = [sum_ for one in self.points for sum_ in (one.plan, one.obligation, one.accepted, one.paid) if sum_]
        return max(told, default=Decimal(1))

    @property
    def lines(self) -> list[Line]:
        return [Line(name, self._line(name)) for name in ("plan", "obligation", "accepted", "paid")]

    def _line(self, name: str) -> str:
        start = NOTHING if name != "obligation" else self.points[0].obligation
        sums = [start, *(sum_ for one in self.points if (sum_ := getattr(one, name)) is not None)]
        return " ".join(f"{self._x(place)},{self._y(sum_)}" for place, sum_ in enumerate(sums))

    def _x(self, place: int) -> str:
        return str((Decimal(WIDTH) * place / len(self.points)).quantize(Decimal("0.1")))

    def _y(self, sum_: Decimal) -> str:
        return str((HEIGHT - Decimal(HEIGHT) * sum_ / self.top).quantize(Decimal("0.1")))


def ends_of_spans(first: date, last: date) -> list[date]:
    """Return the last days of the spans of months that reach from one day to the other, the shortest spans that fit."""
    months = _month(last) - _month(first) + 1
    length = next((span for span in _SPANS if months <= span * (_MOST_ROWS - 1)), _SPANS[-1])
    # spans begin as the calendar's do: a quarter in January, April, July, October
    begin = _month(first) // length * length
    return [_end_of(month) for month in range(begin + length - 1, _month(last) + length, length)]


def _month(day: date) -> int:
    return day.year * _MONTHS + day.month - 1


def _end_of(month: int) -> date:
    year, place = divmod(month + 1, _MONTHS)
    return date(year, place + 1, 1) - timedelta(days=1)


def _by(events: Iterable[tuple[date, Decimal]], on: date) -> Decimal:
    return sum((sum_ for day, sum_ in events if day <= on), NOTHING)


def _since(version: ContractVersion) -> date:
    """Return from when the sum of a version binds: an amendment from its own day, where it names one."""
    if version.effective_on:
        return version.effective_on
    return day_of(version.signed_at) if version.signed_at else version.created_at.date()
