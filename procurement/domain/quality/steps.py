"""What all steps of an evaluation share: the held row, who acts, the one way to move and record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.kernel.workflow import StepRefused, Workflow
from procurement import contract_rules
from procurement.contract_enums import QualityKind, QualityState
from procurement.contract_notifications import note_contract
from procurement.contract_workflow import QUALITY_ACT
from procurement.domain.contracts.steps import CONTRACTOR
from procurement.domain.stepping import leave_trace, turn
from procurement.models import ContractStep, QualityEvaluation
from procurement.signals import quality_changed
from registry.domain.desk import actor_for
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


def lock_evaluation(evaluation_id: int) -> QualityEvaluation:
    """Return the evaluation, its row held alone until the transaction ends."""
    rows = QualityEvaluation.objects.select_for_update(of=("self",)).select_related(
        "organisation", "service_type", "contract", "hromada", "indicators"
    )
    return rows.get(pk=evaluation_id)


def evaluator_actor(evaluation: QualityEvaluation, user: User, *, publishes: bool = False) -> Actor:
    """Return the person as who works on the evaluation, or publishes it; raises `PermissionDenied`."""
    allowed = contract_rules.can_publish_quality if publishes else contract_rules.can_evaluate_quality
    if not allowed(user, evaluation):
        raise PermissionDenied
    if evaluation.kind == QualityKind.EXTERNAL:
        return actor_for(user, Role.COMMISSIONER)
    return Actor(user, CONTRACTOR)


def held_draft(evaluation_id: int, user: User) -> tuple[QualityEvaluation, Actor]:
    """Return the held evaluation and who works on it; raises `PermissionDenied`, and `StepRefused` past the draft."""
    evaluation = lock_evaluation(evaluation_id)
    actor = evaluator_actor(evaluation, user)
    if evaluation.state != QualityState.DRAFT:
        raise StepRefused(_("The evaluation is published or abandoned: it is not changed any more."))
    return evaluation, actor


def move(
    thing: models.Model,
    step: str,
    *,
    evaluation: QualityEvaluation,
    flow: Workflow,
    actor: Actor,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    fields: Sequence[str] = (),
) -> int:
    """Write a step of an evaluation or a survey if its table allows it; return the number of the log entry.

    Raises `StepRefused`.
    """
    source, _row = turn(thing, step, flow=flow, fields=fields)
    return record(thing, step, evaluation=evaluation, actor=actor, now=now, payload=payload, source=source)


def record(
    thing: models.Model,
    step: str,
    *,
    evaluation: QualityEvaluation,
    actor: Actor,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    source: str = "",
) -> int:
    """Write the step row, the log entry `procurement:<model>:<step>` and who is told; return the number of the entry.

    The subject is the evaluation, with or without a contract. The log has no words, no people, no small numbers.
    """
    contract = evaluation.contract
    told = {"contract": contract.number} if contract is not None and contract.number else {}
    seq = leave_trace(
        ContractStep,
        thing,
        step,
        actor=actor,
        now=now,
        subject=f"procurement.quality:{evaluation.pk}",
        payload={**told, **(payload or {})},
        clause=QUALITY_ACT,
        source=source,
        contract=contract,
    )
    if contract is not None:
        note_contract(contract=contract, about=thing, step=step, now=now)
    news = {"organisation_id": evaluation.organisation_id, "evaluation_id": evaluation.pk, "step": step}
    transaction.on_commit(partial(quality_changed.send, sender=type(thing), **news))
    return seq
