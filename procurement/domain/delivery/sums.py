"""The figures of a contract, added up from its rows: the one source of every page, paper, table and archive.

`accepted = claimed − deducted + corrected` holds for the whole, for each line and for each period; `remaining` is what
no act has taken of the sum yet.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActKind, ActState, PaymentKind, ReportState
from procurement.domain.contracts.steps import lines_in_force
from procurement.domain.delivery.figures import (
    NOTHING,
    Figures,
    FundingFigures,
    LineFigures,
    MilestoneFigures,
    PeriodFigures,
    add_up,
)
from procurement.models import AcceptanceAct, Contract, Payment, ServiceReport

__all__ = [
    "Figures",
    "FundingFigures",
    "LineFigures",
    "MilestoneFigures",
    "PeriodFigures",
    "Taken",
    "add_up",
    "figures_of",
    "real_payments",
    "signed",
    "taken_by_acts",
    "taken_by_line",
]
from procurement.models.specification import KOPIIKA

NO_UNITS: Final = Decimal(0)
LARGEST: Final = Decimal("999999999999.99")


@dataclass(slots=True)
class Taken:
    """What acts that are claimed or accepted take of a line, less the deductions that name it."""

    units: Decimal = NO_UNITS
    amount: Decimal = NOTHING


def figures_of(contract: Contract) -> Figures:
    """Add up the contract from its rows, with as many queries for ten years as for a month."""
    acts = list(contract.acts.prefetch_related("lines", "deductions").order_by("number"))
    accepted = [act for act in acts if act.state == ActState.ACCEPTED]
    payments = real_payments(contract)
    claimed = add_up(act.claimed for act in accepted if act.kind == ActKind.RENDERED)
    deducted = add_up(act.deducted for act in accepted)
    corrected = add_up(act.claimed for act in accepted if act.kind == ActKind.CORRECTION)
    return Figures(
        sum=contract.sum,
        first_sum=contract.first_sum,
        claimed=claimed,
        deducted=deducted,
        corrected=corrected,
        accepted=claimed - deducted + corrected,
        paid=add_up(signed(payment) for payment in payments),
        refunded=add_up(payment.amount for payment in payments if payment.kind == PaymentKind.REFUND),
        pending=add_up(act.claimed for act in acts if act.state == ActState.CLAIMED),
        lines=_lines(contract, accepted),
        fundings=_fundings(contract, payments),
        milestones=tuple(MilestoneFigures(row) for row in contract.milestones.order_by("due_on", "number")),
        periods=_periods(contract, accepted, payments),
    )


def taken_by_line(contract: Contract, *, but: AcceptanceAct | None = None) -> dict[int, Taken]:
    """Return by line number what claimed and accepted acts take; no line is amended below it, and no claim goes above.

    A deduction for a whole act of several lines frees no line, nor does a correction that is not decided yet.
    """
    acts = contract.acts.filter(state__in=(ActState.CLAIMED, ActState.ACCEPTED)).exclude(pk=but.pk if but else 0)
    found: dict[int, Taken] = defaultdict(Taken)
    for act in acts.prefetch_related("lines", "deductions"):
        for line in act.lines.all():
            if act.state == ActState.ACCEPTED or line.amount >= 0:
                found[line.line].units += line.units or NO_UNITS
                found[line.line].amount += line.amount
        for deduction in act.deductions.all():
            if act.state == ActState.ACCEPTED and deduction.line is not None:
                found[deduction.line].amount -= deduction.amount
    return dict(found)


def taken_by_acts(contract: Contract, *, but: AcceptanceAct | None = None) -> Decimal:
    """Return what the contract's acts take of its sum: what is accepted, and what is claimed and not decided yet.

    A correction that would give something back gives it when it is accepted, not before.
    """
    rows = contract.acts.exclude(pk=but.pk if but else 0)
    return add_up(
        row.accepted if row.state == ActState.ACCEPTED else max(row.claimed, NOTHING)
        for row in rows.filter(state__in=(ActState.CLAIMED, ActState.ACCEPTED))
    )


def real_payments(contract: Contract) -> list[Payment]:
    """Return payments and refunds in the order of their days, without those undone and what undoes them."""
    rows = Payment.objects.filter(act__contract=contract, undoes=None, undone_by=None)
    return list(rows.select_related("act", "funding__line").order_by("paid_on", "pk"))


def signed(payment: Payment) -> Decimal:
    """Return the sum as it counts: below zero for what came back."""
    return payment.amount if payment.kind == PaymentKind.PAYMENT else -payment.amount


def require_kopiikas(amount: Decimal) -> None:
    """Raise `StepRefused` for a sum with a part of a kopiika: rows keep whole ones, and nothing else would agree."""
    if amount != amount.quantize(KOPIIKA):
        raise StepRefused(_("A sum is told to the kopiika, no finer."))


def require_keepable(amount: Decimal) -> Decimal:
    """Return a sum that its column can hold; raises `StepRefused` for one with more digits."""
    if abs(amount) > LARGEST:
        raise StepRefused(_("The sum is too large: check the units and the tariff."))
    return amount


def _lines(contract: Contract, accepted: list[AcceptanceAct]) -> tuple[LineFigures, ...]:
    units: dict[int, Decimal] = defaultdict(lambda: NO_UNITS)
    sums: dict[str, dict[int, Decimal]] = {
        name: defaultdict(lambda: NOTHING) for name in ("claimed", "corrected", "less")
    }
    for act in accepted:
        kept = sums["claimed" if act.kind == ActKind.RENDERED else "corrected"]
        for line in act.lines.all():
            units[line.line] += line.units or NO_UNITS
            kept[line.line] += line.amount
        for one in act.deductions.all():
            if one.line is not None:
                sums["less"][one.line] += one.amount
    reported = _reported(contract)
    return tuple(
        LineFigures(
            line=line,
            reported=reported[line.number],
            units=units[line.number],
            claimed=sums["claimed"][line.number],
            deducted=sums["less"][line.number],
            corrected=sums["corrected"][line.number],
        )
        for line in lines_in_force(contract)
    )


def _reported(contract: Contract) -> dict[int, Decimal]:
    found: dict[int, Decimal] = defaultdict(lambda: NO_UNITS)
    reports = contract.reports.filter(state=ReportState.ACCEPTED)
    for line, units in reports.filter(rows__isnull=False).values_list("rows__line", "rows__units"):
        found[line] += units or NO_UNITS
    return found


def _fundings(contract: Contract, payments: list[Payment]) -> tuple[FundingFigures, ...]:
    rows = contract.funding.select_related("line").order_by("line__year", "pk")
    return tuple(
        FundingFigures(
            funding=row,
            paid=add_up(signed(one) for one in payments if one.funding_id == row.pk),
            refunded=add_up(
                one.amount for one in payments if one.funding_id == row.pk and one.kind == PaymentKind.REFUND
            ),
        )
        for row in rows
    )


def _periods(contract: Contract, accepted: list[AcceptanceAct], payments: list[Payment]) -> tuple[PeriodFigures, ...]:
    reports = {row.pk: row for row in contract.reports.exclude(state=ReportState.WAIVED)}
    spans = {(row.period_from, row.period_to): row for row in reports.values()}
    by_span: dict[tuple[date, date], list[AcceptanceAct]] = {span: [] for span in spans}
    for act in accepted:
        report = reports.get(act.report_id or 0)
        span = (report.period_from, report.period_to) if report else (act.period_from, act.period_to)
        by_span.setdefault(span, []).append(act)
    paid: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for payment in payments:
        paid[payment.act_id] += signed(payment)
    return tuple(_period(span, spans.get(span), acts, paid) for span, acts in sorted(by_span.items()))


def _period(
    span: tuple[date, date], report: ServiceReport | None, acts: list[AcceptanceAct], paid: dict[int, Decimal]
) -> PeriodFigures:
    return PeriodFigures(
        *span,
        report=report,
        acts=tuple(acts),
        claimed=add_up(act.claimed for act in acts if act.kind == ActKind.RENDERED),
        deducted=add_up(act.deducted for act in acts),
        corrected=add_up(act.claimed for act in acts if act.kind == ActKind.CORRECTION),
        paid=add_up(paid[act.pk] for act in acts),
    )
