"""An amendment: the whole contract said anew as the next version, in force once both sides have signed it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.models.reference import in_force_on
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, ContractVersionKind, ContractVersionState
from procurement.domain.calls.steps import require_reason
from procurement.domain.contracts.offering import copy_version, held_version, withdraw
from procurement.domain.contracts.steps import (
    lock_contract,
    official_actor,
    record,
    require_contract_state,
    version_in_force,
)
from procurement.enums import GroundUse
from procurement.models import Contract, ContractVersion, ProcedureGround

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def begin_amendment(
    *, contract_id: int, user: User, now: datetime, ground_id: int | None = None, reason: str = ""
) -> ContractVersion:
    """Begin the next version as a copy of the one in force; one that is begun already is returned as it stands."""
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    require_contract_state(contract, ContractState.IN_FORCE, ContractState.SUSPENDED)
    known = contract.versions.filter(state__in=ContractVersionState.open).first()
    if known is not None:
        return known
    before = version_in_force(contract)
    if before is None:
        raise StepRefused(_("There is nothing to amend yet."))
    made = copy_version(contract, before, kind=ContractVersionKind.AMENDMENT, user=user, now=now)
    if ground_id is not None:
        made.ground = contract_ground(ground_id, GroundUse.AMENDMENT, now)
    made.reason = reason.strip()
    made.save(update_fields=["ground", "reason"])
    record(made, "begin", actor=actor, now=now, contract=contract, payload={"version": made.number})
    return made


@transaction.atomic
def withdraw_amendment(*, version_id: int, user: User, reason: str, now: datetime) -> ContractVersion:
    """Give an amendment up before both have signed it; the version in force goes on."""
    contract, version, actor = held_version(version_id, user)
    if version.kind != ContractVersionKind.AMENDMENT:
        raise StepRefused(_("This is not an amendment: a contract that will not be concluded is said so."))
    withdraw(contract, version, actor=actor, reason=require_reason(reason), now=now)
    return version


def contract_ground(ground_id: int, use: GroundUse, now: datetime) -> ProcedureGround:
    """Return a typed ground in force that is for such a step; raises `StepRefused`."""
    rows = ProcedureGround.objects.filter(in_force_on(day_of(now), "valid_from", "valid_to"), use=use)
    found = rows.filter(pk=ground_id).first()
    if found is None:
        raise StepRefused(_("Choose a ground from the list."))
    return found


def open_version(contract: Contract) -> ContractVersion | None:
    """Return the version in preparation or waiting for signatures; there is never more than one."""
    return contract.versions.filter(state__in=ContractVersionState.open).first()
