"""A contract is suspended and resumed by the commissioner: its money stays bound, its services wait."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from procurement.contract_workflow import CONTRACT
from procurement.domain.calls.steps import require_reason
from procurement.domain.contracts.amending import contract_ground
from procurement.domain.contracts.steps import lock_contract, move, official_actor
from procurement.enums import GroundUse
from procurement.models import Contract

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def suspend(*, contract_id: int, user: User, ground_id: int, reason: str, now: datetime) -> Contract:
    """Suspend a contract in force on a typed ground; the reason stands in its history."""
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    ground = contract_ground(ground_id, GroundUse.SUSPENSION, now)
    contract.suspended_at = contract.changed_at = now
    move(
        contract,
        "suspend",
        flow=CONTRACT,
        actor=actor,
        now=now,
        contract=contract,
        comment=require_reason(reason),
        payload={"ground": ground.slug},
        fields=["suspended_at", "changed_at"],
    )
    return contract


@transaction.atomic
def resume(*, contract_id: int, user: User, reason: str, now: datetime) -> Contract:
    """Let a suspended contract go on; how long it stood, its history tells."""
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    contract.suspended_at, contract.changed_at = None, now
    move(
        contract,
        "resume",
        flow=CONTRACT,
        actor=actor,
        now=now,
        contract=contract,
        comment=require_reason(reason),
        fields=["suspended_at", "changed_at"],
    )
    return contract
