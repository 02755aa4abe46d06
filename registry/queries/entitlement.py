"""The rules about payment and staffing of one day, read whole: a calculation asks the database nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from portal.kernel.models.reference import in_force_on
from registry.models import (
    CaseLoadNorm,
    FeeRule,
    FreeOfCharge,
    IncomeBand,
    PaymentTerm,
    StaffingNorm,
    SubsistenceMinimum,
)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What is in force on a day: `terms` by their rule, `minimums` by their group."""

    day: date
    free: tuple[FreeOfCharge, ...]
    bands: tuple[IncomeBand, ...]
    fees: tuple[FeeRule, ...]
    terms: dict[str, PaymentTerm]
    minimums: dict[str, SubsistenceMinimum]

    @property
    def is_empty(self) -> bool:
        return not self.free and not self.bands


def rules_on(day: date) -> RuleBook:
    """Return the rules about payment of the day, in five queries."""
    dated = in_force_on(day, "valid_from", "valid_to")
    terms = PaymentTerm.objects.filter(dated).order_by("valid_from")
    return RuleBook(
        day,
        tuple(FreeOfCharge.objects.filter(dated).select_related("group", "service_type")),
        tuple(IncomeBand.objects.filter(dated)),
        tuple(FeeRule.objects.filter(dated)),
        {term.rule: term for term in terms},
        minimums_on(day),
    )


def minimums_on(day: date) -> dict[str, SubsistenceMinimum]:
    """Return the subsistence minimum of each group on the day; the last day of a period belongs to it."""
    rows = SubsistenceMinimum.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return latest(rows)


def latest(rows: Iterable[SubsistenceMinimum]) -> dict[str, SubsistenceMinimum]:
    """Return the row of each group that began last, where two hold at once."""
    return {row.group: row for row in sorted(rows, key=lambda row: row.valid_from)}


def staffing_norms(day: date) -> list[StaffingNorm]:
    return list(StaffingNorm.objects.filter(in_force_on(day, "valid_from", "valid_to")))


def case_loads(day: date) -> list[CaseLoadNorm]:
    return list(CaseLoadNorm.objects.filter(in_force_on(day, "valid_from", "valid_to")))
