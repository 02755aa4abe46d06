"""What keeps an act from being claimed or accepted: nothing goes above a line, the contract, or its funding."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActKind, ActState
from procurement.domain.contracts.steps import lines_in_force
from procurement.domain.delivery.sums import Taken, add_up, taken_by_acts, taken_by_line
from procurement.domain.wording import sum_words
from procurement.models import AcceptanceAct, ContractFunding


def require_claimable(act: AcceptanceAct) -> None:
    """Raise `StepRefused` where the act claims nothing, or a line or the contract has not so much left."""
    if act.kind == ActKind.RENDERED and act.claimed <= 0:
        raise StepRefused(_("The act claims nothing yet: say what was given."))
    _require_lines(act)
    taken, contract = taken_by_acts(act.contract, but=act), act.contract
    if taken + act.claimed > contract.sum:
        left = {"left": sum_words(contract.sum - taken)}
        raise StepRefused(_("The contract has only %(left)s UAH left, what is claimed already taken off.") % left)
    if act.kind == ActKind.CORRECTION:
        _require_not_below(act)


def require_acceptable(act: AcceptanceAct, accepted: Decimal) -> None:
    """Raise `StepRefused` where the contract or what its budget lines were bound for has not so much left."""
    contract = act.contract
    if act.kind == ActKind.CORRECTION:
        _require_lines(act)
        _require_not_below(act)
    if contract.accepted + accepted > contract.sum:
        raise StepRefused(_("The contract has only %(left)s UAH left.") % {"left": sum_words(contract.remaining)})
    funding = list(ContractFunding.objects.filter(contract=contract).values_list("amount", flat=True))
    if accepted > 0 and funding and contract.accepted + accepted > add_up(funding):
        words = {"left": sum_words(add_up(funding) - contract.accepted)}
        raise StepRefused(
            _("The budget lines of the contract have only %(left)s UAH left: an amendment adds the next ones.") % words
        )


def family_of(act: AcceptanceAct) -> list[AcceptanceAct]:
    """Return the accepted acts that belong together: the one that is corrected and its accepted corrections."""
    first = act.corrects_id or act.pk
    rows = AcceptanceAct.objects.filter(contract=act.contract_id, state=ActState.ACCEPTED)
    return [row for row in rows if first in (row.pk, row.corrects_id)]


def _require_lines(act: AcceptanceAct) -> None:
    taken = taken_by_line(act.contract, but=act)
    lines = {line.number: line for line in lines_in_force(act.contract)}
    for row in act.lines.all():
        line, before = lines.get(row.line), taken.get(row.line, Taken())
        if row.amount <= 0 and (row.units or 0) <= 0:
            continue
        if line is None:
            raise StepRefused(_("Service %(number)d is not in the contract any more.") % {"number": row.line})
        words = {"number": row.line, "left": sum_words(line.sum - before.amount)}
        if before.amount + row.amount > line.sum:
            raise StepRefused(_("Service %(number)d has only %(left)s UAH left in the contract.") % words)
        if line.volume is not None and before.units + (row.units or 0) > line.volume:
            words["left"] = line.volume - before.units
            raise StepRefused(_("Service %(number)d has only %(left)s units left in the contract.") % words)


def _require_not_below(act: AcceptanceAct) -> None:
    """Refuse a correction that would leave less than nothing of what it corrects, as a whole or in a line."""
    family = [row for row in family_of(act) if row.pk != act.pk]
    left: dict[int, Decimal] = {}
    for row in family:
        for line in row.lines.all():
            left[line.line] = left.get(line.line, Decimal(0)) + line.amount
        for one in row.deductions.all():
            if one.line is not None:
                left[one.line] = left.get(one.line, Decimal(0)) - one.amount
    for line in act.lines.all():
        if left.get(line.line, Decimal(0)) + line.amount < 0:
            raise StepRefused(_("Service %(number)d would get less than nothing.") % {"number": line.line})
    if add_up(row.accepted for row in family) + act.claimed < 0:
        raise StepRefused(_("The correction takes more than was accepted."))
