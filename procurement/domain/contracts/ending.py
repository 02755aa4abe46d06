"""The ends of a contract: fulfilled and closed, terminated early, not concluded at all."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_workflow import CONTRACT
from procurement.domain.calls.gaps import NotReady
from procurement.domain.calls.steps import require_reason
from procurement.domain.contracts.amending import contract_ground, open_version
from procurement.domain.contracts.closing import gaps_before_close
from procurement.domain.contracts.offering import withdraw
from procurement.domain.contracts.steps import lock_contract, move, official_actor
from procurement.domain.delivery.budget import release_funding
from procurement.domain.delivery.schedule import waive_reports_after
from procurement.domain.evaluation import awards
from procurement.domain.monitoring.notices import notice_that_allows
from procurement.enums import AwardState, GroundUse
from procurement.models import Award, Contract, ContractVersion, ProcedureGround
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = ["close", "fail", "gaps_before_close", "is_breach", "terminate"]

# grounds whose slug begins so are a breach by the provider: a notice goes before them (procurement/reference/README.md)
BREACH: Final = "termination-breach"
_ENDED: Final = ["ended_on", "ended_at", "end_reason", "end_ground", "end_paid", "changed_at", "suspended_at"]


@transaction.atomic
def close(*, contract_id: int, user: User, now: datetime, reason: str = "") -> Contract:
    """Close a contract in which nothing is left to do; what no act took goes back to the budget lines.

    Raises `NotReady` with everything that stands in the way.
    """
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    CONTRACT.step("close", state=contract.state)
    found = gaps_before_close(contract, now)
    if found:
        raise NotReady(found)
    _end(contract, "close", actor=actor, on=day_of(now), ground=None, reason=reason.strip(), now=now)
    return contract


@transaction.atomic
def terminate(*, contract_id: int, user: User, ground_id: int, reason: str, on: date, now: datetime) -> Contract:
    """End a contract early as of a day that has come; for a breach only after a notice whose term is over.

    Open amendments are withdrawn, reports of later periods waived, money that no accepted act needs is released; what
    was paid by then is written down.
    """
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    why, ground = require_reason(reason), contract_ground(ground_id, GroundUse.TERMINATION, now)
    CONTRACT.step("terminate", state=contract.state, comment=why)
    if on > day_of(now) or (contract.concluded_on and on < contract.concluded_on):
        raise StepRefused(_("The day of the end lies between the conclusion of the contract and today."))
    if is_breach(ground) and notice_that_allows(contract, now) is None:
        raise StepRefused(
            _("For a breach a contract ends only after a notice to the provider whose term to answer is over.")
        )
    waiting = open_version(contract)
    if waiting is not None:
        withdraw(contract, waiting, actor=actor, reason=why, now=now)
    _end(contract, "terminate", actor=actor, on=on, ground=ground, reason=why, now=now)
    waive_reports_after(contract, on, actor=actor, now=now)
    return contract


@transaction.atomic
def fail(*, contract_id: int, user: User, ground_id: int, reason: str, now: datetime) -> Contract:
    """Say that an unsigned contract will not be concluded.

    Where the winner's day is over the award lapses with it, and the official decides anew; before that it stands, and
    another contract may be made of it.
    """
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    why, ground = require_reason(reason), contract_ground(ground_id, GroundUse.FAILURE, now)
    CONTRACT.step("fail", state=contract.state, comment=why)
    waiting: ContractVersion | None = open_version(contract)
    if waiting is not None:
        withdraw(contract, waiting, actor=actor, reason=why, now=now)
    contract.ended_on, contract.ended_at, contract.changed_at = day_of(now), now, now
    contract.end_ground, contract.end_reason = ground, why
    fields = ["ended_on", "ended_at", "end_ground", "end_reason", "changed_at"]
    payload = {"ground": ground.slug}
    move(
        contract,
        "fail",
        flow=CONTRACT,
        actor=actor,
        now=now,
        contract=contract,
        comment=why,
        payload=payload,
        fields=fields,
    )
    if contract.award_id is not None and award_may_lapse(contract, now):
        awards.lapse(award_id=contract.award_id, user=user, reason=why, now=now)
    return contract


def award_may_lapse(contract: Contract, now: datetime) -> bool:
    """Say whether the award goes with the contract: it stands, its decision is in force and its day is over."""
    award: Award | None = contract.award
    if award is None or contract.competition is None:
        return False
    stands = award.state in AwardState.standing and not hasattr(award.decision, "superseded_by")
    return stands and awards.may_lapse(contract.competition, now)


def is_breach(ground: ProcedureGround) -> bool:
    """Say whether the ground is a breach by the provider, before which a notice goes."""
    return ground.slug.startswith(BREACH)


def _end(
    contract: Contract,
    step: str,
    *,
    actor: Actor,
    on: date,
    ground: ProcedureGround | None,
    reason: str,
    now: datetime,
) -> None:
    """Write the end with what was paid by then, and give back what is bound for nothing."""
    contract.ended_on, contract.ended_at, contract.changed_at = on, now, now
    contract.end_ground, contract.end_reason, contract.end_paid = ground, reason, contract.paid
    contract.suspended_at = None
    payload = {"paid": str(contract.paid), "accepted": str(contract.accepted), "sum": str(contract.sum)}
    if ground is not None:
        payload |= {"ground": ground.slug, "on": on.isoformat()}
    move(
        contract,
        step,
        flow=CONTRACT,
        actor=actor,
        now=now,
        contract=contract,
        comment=reason,
        payload=payload,
        fields=_ENDED,
    )
    release_funding(contract)
