"""What all steps of a contract and of its fulfilment share: the held row, who acts, the one way to move and record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.kernel.workflow import StepRefused, Workflow
from procurement import contract_rules
from procurement.contract_enums import ContractState
from procurement.contract_notifications import note_contract
from procurement.contract_workflow import ACT
from procurement.domain.stepping import leave_trace, turn
from procurement.models import Contract, ContractLine, ContractStep, ContractVersion
from procurement.signals import contract_changed
from registry.domain.desk import actor_for
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

CONTRACTOR: Final = "contractor"


def lock_contract(contract_id: int) -> Contract:
    """Return the contract, its row held alone until the transaction ends.

    Everything that changes money or state of a contract holds this row first, then budget lines in the order of their
    keys, so that nobody waits for anybody who waits.
    """
    rows = Contract.objects.select_for_update(of=("self",)).select_related(
        "commissioner__organisation", "contractor", "hromada", "profile", "award__decision", "competition"
    )
    return rows.get(pk=contract_id)


def official_actor(contract: Contract, user: User) -> Actor:
    """Return the official as who acts for the commissioner; raises `PermissionDenied`."""
    if not contract_rules.can_run_contract(user, contract):
        raise PermissionDenied
    return actor_for(user, Role.COMMISSIONER)


def contractor_actor(contract: Contract, user: User, *, signs: bool = False) -> Actor:
    """Return the person as who acts for the provider, or who signs for it; raises `PermissionDenied`."""
    allowed = contract_rules.can_sign_contract if signs else contract_rules.can_fulfil_contract
    if not allowed(user, contract):
        raise PermissionDenied
    return Actor(user, CONTRACTOR)


def require_contract_state(contract: Contract, *states: ContractState) -> Contract:
    """Return the contract; raises `StepRefused` where it stands elsewhere."""
    if contract.state not in states:
        raise StepRefused(_("The contract has moved on: this is not possible any more, or not yet."))
    return contract


def version_in_force(contract: Contract) -> ContractVersion | None:
    """Return the version that binds the parties now; none before the contract is concluded."""
    return contract.versions.filter(number=contract.version).first() if contract.version else None


def lines_in_force(contract: Contract) -> list[ContractLine]:
    """Return the services of the version in force, by number; empty before the contract is concluded."""
    rows = ContractLine.objects.filter(version__contract=contract, version__number=contract.version)
    return list(rows.select_related("service_type", "group").order_by("number")) if contract.version else []


def move(
    thing: models.Model,
    step: str,
    *,
    flow: Workflow,
    actor: Actor,
    now: datetime,
    contract: Contract,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    fields: Sequence[str] = (),
) -> int:
    """Write a step of a contract, report, act, … if its table allows it: state, named fields, what `record` writes.

    Return the number of the log entry. Raises `StepRefused`.
    """
    source, transition = turn(thing, step, flow=flow, comment=comment, fields=fields)
    return record(
        thing,
        step,
        actor=actor,
        now=now,
        contract=contract,
        payload=payload,
        comment=comment,
        source=source,
        clause=transition.clause,
    )


def record(
    thing: models.Model,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    contract: Contract,
    payload: Mapping[str, Any] | None = None,
    comment: str = "",
    source: str = "",
    clause: str = ACT,
) -> int:
    """Write the step row, the log entry `procurement:<model>:<step>` and who is told; return the number of the entry.

    The comment stays in the row, the log has the payload alone: no words, no people, sums as texts. The layers above
    hear of it after commit.
    """
    seq = leave_trace(
        ContractStep,
        thing,
        step,
        actor=actor,
        now=now,
        subject=f"procurement.contract:{contract.number or contract.pk}",
        payload=payload,
        clause=clause,
        source=source,
        comment=comment,
        contract=contract,
    )
    note_contract(contract=contract, about=thing, step=step, now=now)
    news = {"contract_id": contract.pk, "thing": str(thing._meta.model_name), "step": step}  # noqa: SLF001
    transaction.on_commit(partial(contract_changed.send, sender=type(thing), **news))
    return seq
