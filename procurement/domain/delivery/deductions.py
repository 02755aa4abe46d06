"""What is not paid of a claim, and why: each deduction has a typed ground and a reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.models.reference import in_force_on
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActKind
from procurement.domain.delivery.sums import add_up, require_kopiikas
from procurement.enums import GroundUse
from procurement.models import AcceptanceAct, Contract, Deduction, ProcedureGround


@dataclass(frozen=True, slots=True)
class DeductionFacts:
    """A sum off one service of the act, or off the whole where no line is named."""

    amount: Decimal
    ground_id: int
    reason: str
    line: int | None = None


def write_deductions(
    act: AcceptanceAct, deductions: Sequence[DeductionFacts], contract: Contract, now: datetime
) -> Decimal:
    """Write them beside the act that is being accepted and return their sum; raises `StepRefused`."""
    if not deductions:
        return Decimal("0.00")
    if act.kind == ActKind.CORRECTION:
        raise StepRefused(_("A correction says differences itself: nothing is deducted from it. Return it instead."))
    amounts = {line.line: line.amount for line in act.lines.all()}
    rows = [_row(act, facts, amounts, contract, now) for facts in deductions]
    for number, amount in amounts.items():
        if add_up(row.amount for row in rows if row.line == number) > amount:
            raise StepRefused(_("More is deducted from service %(number)d than it claims.") % {"number": number})
    total = add_up(row.amount for row in rows)
    if total > act.claimed:
        raise StepRefused(_("More is deducted than the act claims."))
    Deduction.objects.bulk_create(rows)
    return total


def _row(
    act: AcceptanceAct, facts: DeductionFacts, amounts: dict[int, Decimal], contract: Contract, now: datetime
) -> Deduction:
    """Return the row of one; in an act of a single service it is that service's."""
    if facts.amount <= 0:
        raise StepRefused(_("A deduction is a sum above zero."))
    require_kopiikas(facts.amount)
    if not facts.reason.strip():
        raise StepRefused(_("Say why the sum is deducted: it is published."))
    if facts.line is not None and facts.line not in amounts:
        raise StepRefused(_("The act has no such service."))
    line = facts.line if facts.line is not None or len(amounts) > 1 else next(iter(amounts), None)
    ground = _ground(facts.ground_id, contract, now)
    return Deduction(act=act, line=line, amount=facts.amount, ground=ground, reason=facts.reason.strip())


def _ground(ground_id: int, contract: Contract, now: datetime) -> ProcedureGround:
    procedures = ("", contract.profile.procedure) if contract.profile else ("",)
    in_force = ProcedureGround.objects.filter(
        in_force_on(day_of(now), "valid_from", "valid_to"), use=GroundUse.DEDUCTION
    )
    ground = in_force.filter(pk=ground_id, procedure__in=procedures).first()
    if ground is None:
        raise StepRefused(_("Choose a ground from the list."))
    return ground
