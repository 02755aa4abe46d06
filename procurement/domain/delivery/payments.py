"""Payments of accepted acts and what comes back: entered once, never changed; a slip is undone by another entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActState, ContractState, PaymentKind
from procurement.domain.contracts.steps import official_actor, record, require_contract_state
from procurement.domain.delivery.act_limits import family_of
from procurement.domain.delivery.budget import hold_lines, release_funding, take_back_payment, take_payment
from procurement.domain.delivery.held import CONCLUDED, lock_with_contract
from procurement.domain.delivery.sums import add_up, require_kopiikas
from procurement.domain.wording import sum_words
from procurement.models import AcceptanceAct, BudgetLine, Contract, ContractFunding, Payment
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What the payment order says."""

    amount: Decimal
    paid_on: date
    order_number: str
    note: str = ""


@transaction.atomic
def enter_payment(
    *, act_id: int, user: User, funding_id: int, facts: PaymentFacts, key: UUID, now: datetime
) -> Payment:
    """Enter what was paid for an accepted act from a budget line of its contract; the same key is the same payment."""
    return _enter(PaymentKind.PAYMENT, act_id, user, funding_id, facts, key, now)


@transaction.atomic
def enter_refund(*, act_id: int, user: User, funding_id: int, facts: PaymentFacts, key: UUID, now: datetime) -> Payment:
    """Enter what the provider returned of what was paid for an act, to the line it was paid from."""
    return _enter(PaymentKind.REFUND, act_id, user, funding_id, facts, key, now)


@transaction.atomic
def undo_payment(*, payment_id: int, user: User, reason: str, key: UUID, now: datetime) -> Payment:
    """Take back an entry made by mistake with another one of the other kind; both stay, neither counts."""
    act_id = Payment.objects.values_list("act_id", flat=True).get(pk=payment_id)
    act, contract = lock_with_contract(AcceptanceAct, act_id)
    actor = official_actor(contract, user)
    before = _entered_before(key, act)
    if before is not None:
        return before
    wrong = Payment.objects.get(pk=payment_id)
    if wrong.undoes_id is not None or Payment.objects.filter(undoes=wrong).exists():
        raise StepRefused(_("This entry is undone already."))
    if not reason.strip():
        raise StepRefused(_("Say why the entry is undone."))
    kind = PaymentKind.REFUND if wrong.kind == PaymentKind.PAYMENT else PaymentKind.PAYMENT
    facts = PaymentFacts(wrong.amount, wrong.paid_on, wrong.order_number, reason.strip())
    undoing = Payment(act=act, undoes=wrong, kind=kind, key=key, entered_at=now, entered_by=user, **_fields(facts))
    _count(undoing, contract, wrong.funding_id)
    return _write(undoing, "undo", contract, actor, now)


def payable(act: AcceptanceAct) -> Decimal:
    """Return what may still be paid for an accepted act; what its corrections took back is not."""
    family = family_of(act)
    together = add_up(row.accepted for row in family) - add_up(row.paid for row in family)
    return max(min(act.accepted - act.paid, together), Decimal("0.00"))


def _enter(
    kind: PaymentKind, act_id: int, user: User, funding_id: int, facts: PaymentFacts, key: UUID, now: datetime
) -> Payment:
    act, contract = lock_with_contract(AcceptanceAct, act_id)
    actor = official_actor(contract, user)
    before = _entered_before(key, act)
    if before is not None:
        return before
    require_contract_state(contract, *CONCLUDED)
    _require_sensible(act, contract, facts, now)
    if kind == PaymentKind.PAYMENT and facts.amount > payable(act):
        raise StepRefused(_("Only %(left)s UAH is still to be paid for this act.") % {"left": sum_words(payable(act))})
    payment = Payment(act=act, kind=kind, key=key, entered_at=now, entered_by=user, **_fields(facts))
    _count(payment, contract, funding_id)
    return _write(payment, "enter" if kind == PaymentKind.PAYMENT else "refund", contract, actor, now)


def _count(payment: Payment, contract: Contract, funding_id: int) -> None:
    """Add the entry to act, contract, funding and budget line, all held."""
    funding, line = _held_funding(contract, funding_id)
    act, payment.funding = payment.act, funding
    if payment.kind == PaymentKind.PAYMENT:
        if act.paid + payment.amount > act.accepted:
            raise StepRefused(_("More cannot be paid than was accepted."))
        take_payment(funding, line, payment.amount, may_bind=contract.state in ContractState.ended)
        change = payment.amount
    else:
        if payment.amount > act.paid or payment.amount > paid_from(act, funding):
            raise StepRefused(_("More cannot come back than was paid for this act from this budget line."))
        take_back_payment(funding, line, payment.amount)
        change = -payment.amount
    act.paid += change
    contract.paid += change
    act.save(update_fields=["paid"])
    contract.save(update_fields=["paid"])
    if contract.state in ContractState.ended:
        release_funding(contract)


def paid_from(act: AcceptanceAct, funding: ContractFunding) -> Decimal:
    """Return what was paid for the act from one budget line, less what came back to it."""
    rows = Payment.objects.filter(act=act, funding=funding).values_list("kind", "amount")
    return add_up(amount if kind == PaymentKind.PAYMENT else -amount for kind, amount in rows)


def _held_funding(contract: Contract, funding_id: int) -> tuple[ContractFunding, BudgetLine]:
    found = ContractFunding.objects.filter(contract=contract, pk=funding_id).values_list("line_id", flat=True).first()
    if found is None:
        raise StepRefused(_("Choose a budget line of this contract."))
    line = hold_lines([found])[found]
    funding = ContractFunding.objects.select_for_update(of=("self",)).get(pk=funding_id)
    return funding, line


def _write(payment: Payment, step: str, contract: Contract, actor: Actor, now: datetime) -> Payment:
    payment.save()
    payload = {
        "act": payment.act.number,
        "kind": payment.kind,
        "amount": str(payment.amount),
        "paid_on": payment.paid_on.isoformat(),
        "line": payment.funding.line.code,
        "undoes": payment.undoes_id,
    }
    payment.log_seq = record(payment, step, actor=actor, now=now, contract=contract, payload=payload)
    payment.save(update_fields=["log_seq"])
    return payment


def _entered_before(key: UUID, act: AcceptanceAct) -> Payment | None:
    found = Payment.objects.filter(key=key).first()
    if found is not None and found.act_id != act.pk:
        raise StepRefused(_("This form was already sent. Open it anew."))
    return found


def _require_sensible(act: AcceptanceAct, contract: Contract, facts: PaymentFacts, now: datetime) -> None:
    if act.state != ActState.ACCEPTED:
        raise StepRefused(_("Only an accepted act is paid."))
    if facts.amount <= 0:
        raise StepRefused(_("A payment is a sum above zero."))
    require_kopiikas(facts.amount)
    if facts.paid_on > day_of(now):
        raise StepRefused(_("The day of the payment has not come yet."))
    if contract.concluded_on and facts.paid_on < contract.concluded_on:
        raise StepRefused(_("The day of the payment is before the contract was concluded."))
    if not facts.order_number.strip():
        raise StepRefused(_("Say the number of the payment order."))


def _fields(facts: PaymentFacts) -> dict[str, object]:
    return {
        "amount": facts.amount,
        "paid_on": facts.paid_on,
        "order_number": facts.order_number.strip(),
        "note": facts.note.strip(),
    }
