"""Budget lines: their sums by budget acts, what contracts bind of them, what is paid; nothing is overspent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement.domain.wording import sum_words
from procurement.models import BudgetLine, Contract, ContractFunding

NOTHING: Final = Decimal("0.00")


def hold_lines(keys: Iterable[int]) -> dict[int, BudgetLine]:
    """Return the lines by key, their rows held in the order of the keys; whoever calls holds the contract already."""
    rows = BudgetLine.objects.select_for_update(of=("self",)).filter(pk__in=sorted(set(keys))).order_by("pk")
    return {line.pk: line for line in rows}


def apply_funding(contract: Contract, funding: Mapping[int, Decimal]) -> None:
    """Bind the agreed sums {budget line: UAH} for the contract in place of what it bound before.

    The contract is held; lines are held here in the order of their keys. Raises `StepRefused`, naming the line, where
    one has not so much left, is of another hromada, or where less would stay than is already paid.
    """
    before = {row.line_id: row for row in ContractFunding.objects.filter(contract=contract)}
    lines = hold_lines([*before, *funding])
    if unknown := set(funding) - set(lines):
        raise StepRefused(_("There is no such budget line: %(line)s.") % {"line": min(unknown)})
    for key, line in lines.items():
        amount = funding.get(key, NOTHING)
        row = before.get(key) or ContractFunding(contract=contract, line=line, committed=NOTHING, amount=NOTHING)
        _require_bindable(contract, line, row, amount)
        _bind(line, row, agreed=amount, bound=amount)


def release_funding(contract: Contract) -> None:
    """Give back to the lines what an ended contract binds and no accepted act still needs.

    An act that is accepted or corrected after the end binds here again what it needs; raises `StepRefused` where the
    lines have not so much left.
    """
    rows = list(ContractFunding.objects.filter(contract=contract).order_by("line__year", "pk"))
    lines = hold_lines(row.line_id for row in rows)
    needed = max(contract.accepted - contract.paid, NOTHING)
    for row in rows:
        line = lines[row.line_id]
        share = min(needed, row.amount - row.paid, row.committed + line.free - row.paid)
        _bind(line, row, agreed=row.amount, bound=row.paid + share)
        needed -= share
    if rows and needed:
        words = {"sum": sum_words(needed)}
        raise StepRefused(_("The budget lines of the contract have too little money: %(sum)s UAH is lacking.") % words)


def take_payment(funding: ContractFunding, line: BudgetLine, amount: Decimal, *, may_bind: bool = False) -> None:
    """Count a payment of the line for the contract, both held; with `may_bind`, bind again what was given back."""
    missing = funding.paid + amount - funding.committed
    if missing > 0:
        if not may_bind or missing > min(line.free, funding.amount - funding.committed):
            left = {"line": str(line), "sum": sum_words(funding.committed - funding.paid)}
            raise StepRefused(_("The budget line “%(line)s” has %(sum)s UAH left for this contract.") % left)
        line.committed += missing
        funding.committed += missing
    line.paid += amount
    funding.paid += amount
    _save(line, funding)


def take_back_payment(funding: ContractFunding, line: BudgetLine, amount: Decimal) -> None:
    """Count that money came back to the line, both rows held; it stays bound for the contract."""
    if amount > funding.paid:
        raise StepRefused(_("More cannot come back than was paid from this budget line."))
    line.paid -= amount
    funding.paid -= amount
    _save(line, funding)


def _require_bindable(contract: Contract, line: BudgetLine, row: ContractFunding, amount: Decimal) -> None:
    words = {"line": str(line), "left": sum_words(line.free + row.committed), "paid": sum_words(row.paid)}
    if line.hromada_id != contract.hromada_id:
        raise StepRefused(_("The budget line “%(line)s” is of another hromada.") % words)
    if amount < row.paid:
        raise StepRefused(
            _("%(paid)s UAH is already paid from the budget line “%(line)s”: no less can be agreed.") % words
        )
    if amount > line.free + row.committed:
        raise StepRefused(_("The budget line “%(line)s” has only %(left)s UAH left.") % words)


def _bind(line: BudgetLine, row: ContractFunding, *, agreed: Decimal, bound: Decimal) -> None:
    """Write what the contract binds of the line; a row that never counted for anything goes."""
    line.committed += bound - row.committed
    row.amount, row.committed = agreed, bound
    if agreed or (row.pk and row.payments.exists()):
        line.save(update_fields=["committed"])
        row.save()
    elif row.pk:
        row.delete()
        line.save(update_fields=["committed"])


def _save(line: BudgetLine, funding: ContractFunding) -> None:
    line.save(update_fields=["committed", "paid"])
    funding.save(update_fields=["committed", "paid"])
