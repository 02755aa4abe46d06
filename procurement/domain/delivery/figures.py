"""What is counted of a contract: whole, by service, by budget line, by milestone, by period; `sums` adds it up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from procurement.models import AcceptanceAct, ContractFunding, ContractLine, Milestone, ServiceReport

NOTHING: Final = Decimal("0.00")


def add_up(values: Iterable[Decimal]) -> Decimal:
    """Add sums to the kopiika; nothing is 0.00."""
    return sum(values, NOTHING)


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One service of the version in force; `units` are those of accepted acts, `reported` those of accepted reports.

    `deducted` are the deductions that name the line; one for a whole act stands in the contract's figures alone.
    """

    line: ContractLine
    reported: Decimal
    units: Decimal
    claimed: Decimal
    deducted: Decimal
    corrected: Decimal

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def sum(self) -> Decimal:
        return self.line.sum

    @property
    def accepted(self) -> Decimal:
        return self.claimed - self.deducted + self.corrected

    @property
    def remaining(self) -> Decimal:
        return self.sum - self.accepted


@dataclass(frozen=True, slots=True)
class FundingFigures:
    """What a budget line pays of the contract; `refunded` is already taken off `paid`."""

    funding: ContractFunding
    paid: Decimal
    refunded: Decimal

    @property
    def amount(self) -> Decimal:
        return self.funding.amount

    @property
    def committed(self) -> Decimal:
        return self.funding.committed

    @property
    def remaining(self) -> Decimal:
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class MilestoneFigures:
    milestone: Milestone

    @property
    def difference(self) -> Decimal | None:
        """Fact less plan; nothing where either is unknown, for unknown is not zero."""
        row = self.milestone
        return None if row.plan is None or row.fact is None else row.fact - row.plan


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """One period of acts, with the report it rests on where there is one; corrections stand in the period they correct.

    `due_on` is the latest day by which one of its acts is to be paid.
    """

    period_from: date
    period_to: date
    report: ServiceReport | None
    acts: tuple[AcceptanceAct, ...]
    claimed: Decimal
    deducted: Decimal
    corrected: Decimal
    paid: Decimal

    @property
    def accepted(self) -> Decimal:
        return self.claimed - self.deducted + self.corrected

    @property
    def to_pay(self) -> Decimal:
        return max(self.accepted - self.paid, NOTHING)

    @property
    def due_on(self) -> date | None:
        return max((act.payment_due_on for act in self.acts if act.payment_due_on), default=None)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted of a contract.

    Accepted acts alone count, but for `pending`: what was claimed and not decided yet, which is not public. `paid` is
    what was paid less `refunded`; payments entered by mistake and undone count nowhere. `to_return` is what was paid
    and by corrections turned out too much.
    """

    sum: Decimal
    first_sum: Decimal
    claimed: Decimal
    deducted: Decimal
    corrected: Decimal
    accepted: Decimal
    paid: Decimal
    refunded: Decimal
    pending: Decimal
    lines: tuple[LineFigures, ...]
    fundings: tuple[FundingFigures, ...]
    milestones: tuple[MilestoneFigures, ...]
    periods: tuple[PeriodFigures, ...]

    @property
    def to_pay(self) -> Decimal:
        return max(self.accepted - self.paid, NOTHING)

    @property
    def to_return(self) -> Decimal:
        return max(self.paid - self.accepted, NOTHING)

    @property
    def remaining(self) -> Decimal:
        return self.sum - self.accepted

    @property
    def raised(self) -> Decimal:
        """By how much amendments raised the sum, below zero where they lowered it."""
        return self.sum - self.first_sum
