"""Acts of services rendered: made, written, claimed, returned, accepted with deductions, withdrawn.

An accepted act never changes: `corrections` says how another one corrects it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActKind, ActState, ContractState
from procurement.contract_workflow import ACCEPTANCE_ACT
from procurement.domain.contracts.steps import (
    contractor_actor,
    move,
    official_actor,
    require_contract_state,
)
from procurement.domain.contracts.terms import payment_due
from procurement.domain.delivery.act_limits import require_acceptable, require_claimable
from procurement.domain.delivery.act_papers import content_of, issue_act_code
from procurement.domain.delivery.budget import release_funding
from procurement.domain.delivery.deductions import DeductionFacts, write_deductions
from procurement.domain.delivery.held import ACCOUNTED, CONCLUDED, lock_with_contract
from procurement.models import AcceptanceAct, Contract
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def claim(*, act_id: int, user: User, now: datetime) -> AcceptanceAct:
    """Claim what the act says in the provider's name; nothing above a line or the contract can be claimed."""
    act, contract = lock_with_contract(AcceptanceAct, act_id)
    actor = contractor_actor(contract, user, signs=True)
    require_act_state(act, contract)
    require_claimable(act)
    act.claimed_at, act.claimed_by, act.reason = now, user, _kept_reason(act)
    act.act_on = act.act_on or day_of(now)
    return _move(act, "claim", actor, now, fields=["claimed_at", "claimed_by", "reason", "act_on"])


@transaction.atomic
def return_act(*, act_id: int, user: User, reason: str, now: datetime) -> AcceptanceAct:
    """Give a claim back to be corrected, with the reason."""
    act, contract = lock_with_contract(AcceptanceAct, act_id)
    actor = official_actor(contract, user)
    if act.kind == ActKind.RENDERED:
        # of a correction, the reason says why it corrects; why it came back stands in its step
        act.reason = reason.strip()
    return _move(act, "return", actor, now, comment=reason, fields=["reason"])


@transaction.atomic
def withdraw(*, act_id: int, user: User, reason: str = "", now: datetime) -> AcceptanceAct:
    """Take an act back that is not accepted; another one may be made of its report."""
    act, contract = lock_with_contract(AcceptanceAct, act_id)
    actor = contractor_actor(contract, user, signs=True)
    return _move(act, "withdraw", actor, now, comment=reason)


@transaction.atomic
def accept(
    *, act_id: int, user: User, deductions: Sequence[DeductionFacts] = (), now: datetime, seen: Decimal | None = None
) -> AcceptanceAct:
    """Accept a claim less what is deducted, each with its ground and reason; from now on it is public and to be paid.

    `seen` is the claim that the official looked at: another one is refused.
    """
    act, contract = lock_with_contract(AcceptanceAct, act_id)
    actor = official_actor(contract, user)
    require_act_state(act, contract)
    ACCEPTANCE_ACT.step("accept", state=act.state)
    if seen is not None and seen != act.claimed:
        raise StepRefused(_("The claim was changed while you looked at it. Look at it again."))
    act.deducted = write_deductions(act, deductions, contract, now)
    accepted = act.claimed - act.deducted
    require_acceptable(act, accepted)
    act.accepted, act.accepted_at, act.accepted_by = accepted, now, user
    if accepted > 0:
        act.payment_due_on, act.payment_due_words = payment_due(contract, day_of(now))
    return _accepted(act, contract, actor, now)


def require_act_state(act: AcceptanceAct, contract: Contract) -> None:
    """Refuse what comes after the end: a closed contract takes corrections alone."""
    states = CONCLUDED if act.kind == ActKind.CORRECTION else ACCOUNTED
    require_contract_state(contract, *states)


def _accepted(act: AcceptanceAct, contract: Contract, actor: Actor, now: datetime) -> AcceptanceAct:
    """Write an act that is found acceptable: its record and code, the contract's sum, what an ended one binds."""
    act.content = content_of(act)
    act.digest = audit.digest_of(act.content)
    act.code = issue_act_code(act=act, now=now)
    contract.accepted += act.accepted
    contract.save(update_fields=["accepted"])
    fields = ["deducted", "accepted", "accepted_at", "accepted_by", "payment_due_on", "payment_due_words"]
    more = {"deducted": str(act.deducted), "accepted": str(act.accepted), "digest": act.digest}
    _move(act, "accept", actor, now, fields=[*fields, "content", "digest", "code"], more=more)
    if contract.state in ContractState.ended:
        release_funding(contract)
    return act


def _move(
    act: AcceptanceAct,
    step: str,
    actor: Actor,
    now: datetime,
    *,
    comment: str = "",
    fields: Sequence[str] = (),
    more: dict[str, str] | None = None,
) -> AcceptanceAct:
    payload = {"act": act.number, "kind": act.kind, "claimed": str(act.claimed), **(more or {})}
    act.log_seq = move(
        act,
        step,
        flow=ACCEPTANCE_ACT,
        actor=actor,
        now=now,
        contract=act.contract,
        comment=comment,
        payload=payload,
        fields=fields,
    )
    if act.state == ActState.ACCEPTED:
        act.save(update_fields=["log_seq"])
    return act


def _kept_reason(act: AcceptanceAct) -> str:
    """Return the reason of a correction; that of a return is answered by claiming anew and stays in its step."""
    return act.reason if act.kind == ActKind.CORRECTION else ""


def made_before(key: UUID, contract: Contract) -> AcceptanceAct | None:
    """Return the act that was already made with the key of a form: a second press makes no second act."""
    found = AcceptanceAct.objects.filter(key=key).first()
    if found is not None and found.contract_id != contract.pk:
        raise StepRefused(_("This form was already sent. Open it anew."))
    return found
