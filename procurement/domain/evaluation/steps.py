"""What all steps of an evaluation share: the held rows, who acts, the frozen policy, the one way to move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused, Workflow
from procurement.domain.calls.freezing import rules_of
from procurement.domain.calls.steps import lock_competition
from procurement.domain.evaluation.records import record
from procurement.domain.stepping import turn
from procurement.enums import RoundState
from procurement.models import CommissionMember, Competition, EvaluationRound
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


def lock_round(round_id: int) -> EvaluationRound:
    """Return the round with its competition, both held alone until the transaction ends."""
    competition_id = EvaluationRound.objects.values_list("competition_id", flat=True).get(pk=round_id)
    competition = lock_competition(competition_id)
    held = EvaluationRound.objects.select_for_update(of=("self",)).select_related("commission").get(pk=round_id)
    held.competition = competition
    return held


def require_state(held: EvaluationRound, *states: RoundState) -> EvaluationRound:
    """Return the round; raises `StepRefused` where it stands elsewhere."""
    if held.state not in states:
        raise StepRefused(_("The evaluation has moved on: this is not possible any more, or not yet."))
    return held


def policy_of(competition: Competition) -> Mapping[str, Any]:
    """Return the frozen policy of an announced competition (fields of `CompetitionPolicy`)."""
    return rules_of(competition).policy


def rubric_of(competition: Competition) -> Mapping[str, Any]:
    """Return the frozen definition of the rubric; empty where the announcement had none."""
    version = competition.versions.order_by("number").values_list("frozen", flat=True)[0]
    return ((version.get("rubric") or {}).get("definition")) or {}


def member_of(held: EvaluationRound, user: User) -> CommissionMember:
    """Return the person's membership in the commission of the round; raises `PermissionDenied`."""
    found = held.commission.members.active().of(user).first()
    if found is None:
        raise PermissionDenied
    return found


def member_actor(member: CommissionMember) -> Actor:
    """Return the member as who acts, in the role that log and history name."""
    return Actor(member.user, f"commission-{member.role}")


def move(
    thing: models.Model,
    step: str,
    *,
    flow: Workflow,
    actor: Actor,
    now: datetime,
    competition: Competition | None,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    fields: Sequence[str] = (),
    subject: str = "",
) -> int:
    """Write a step of a round, admission, sheet, … if its table allows it: state, named fields, what `record` writes.

    Return the number of the log entry. Raises `StepRefused`. Letters are `evaluation_notifications.note_evaluation`'s,
    called by who takes the step.
    """
    source, transition = turn(thing, step, flow=flow, comment=comment, fields=fields)
    return record(
        thing,
        step,
        actor=actor,
        now=now,
        competition=competition,
        subject=subject,
        payload=payload,
        comment=comment,
        source=source,
        clause=transition.clause,
    )
