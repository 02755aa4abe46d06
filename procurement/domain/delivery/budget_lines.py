"""Budget lines as officials enter them: a line and its sum by a budget act, and each change of the sum by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from procurement.contract_workflow import ACT
from procurement.domain.acting import commissioner_role
from procurement.domain.delivery.sums import require_kopiikas
from procurement.domain.wording import sum_words
from procurement.models import BudgetAct, BudgetLine, BudgetLineChange
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a line of a budget is called by."""

    year: int
    code: str
    title: str
    economic_code: str = ""


@transaction.atomic
def enter_line(
    *, hromada_id: int, user: User, facts: LineFacts, act_id: int, amount: Decimal, note: str = "", now: datetime
) -> BudgetLine:
    """Enter a line with the sum that a budget act of the same year gives it; public at once."""
    hromada = Territory.objects.select_for_update(of=("self",)).get(pk=hromada_id)
    role = commissioner_role(user, hromada)
    names = {"year": facts.year, "code": facts.code.strip(), "economic_code": facts.economic_code.strip()}
    if BudgetLine.objects.filter(hromada=hromada, **names).exists():
        raise StepRefused(_("This line is already entered."))
    line = BudgetLine.objects.create(
        hromada=hromada, title=facts.title.strip(), created_at=now, created_by=user, **names
    )
    _change(line, user, role, act_id, amount, note, now)
    return line


@transaction.atomic
def change_line(
    *, line_id: int, user: User, act_id: int, amount: Decimal, note: str = "", now: datetime
) -> BudgetLineChange:
    """Set the sum that another budget act gives the line; never below what contracts bind of it."""
    line = BudgetLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    role = commissioner_role(user, line.hromada)
    return _change(line, user, role, act_id, amount, note, now)


def _change(
    line: BudgetLine, user: User, role: str, act_id: int, amount: Decimal, note: str, now: datetime
) -> BudgetLineChange:
    act = BudgetAct.objects.filter(pk=act_id, hromada=line.hromada_id).first()
    if act is None:
        raise PermissionDenied
    if act.year != line.year:
        raise StepRefused(_("The act is about the budget of another year."))
    if BudgetAct.objects.filter(supersedes=act).exists():
        raise StepRefused(_("This act has been corrected: choose the one that stands in its place."))
    require_kopiikas(amount)
    if amount < line.committed:
        raise StepRefused(
            _("Contracts already bind %(sum)s UAH of this line: no less can stand in it.")
            % {"sum": sum_words(line.committed)}
        )
    line.amount = amount
    line.save(update_fields=["amount"])
    change = BudgetLineChange.objects.create(line=line, act=act, amount=amount, note=note.strip(), at=now, by=user)
    entry = audit.append(
        tag="procurement:budget_line:set",
        subject=f"procurement.budget_line:{line.pk}",
        payload={"code": line.code, "year": line.year, "amount": str(amount), "act": act.pk},
        actor_role=role,
        at=now,
        clause=ACT,
    )
    change.log_seq = entry.seq
    change.save(update_fields=["log_seq"])
    return change
