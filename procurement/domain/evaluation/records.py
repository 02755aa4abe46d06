"""The one way to write that something of an evaluation came to be, was done, or moved to another state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import models, transaction

from procurement.domain.stepping import leave_trace
from procurement.models import Competition, EvaluationStep
from procurement.signals import evaluation_changed
from procurement.workflow import ACT
from registry.domain.providers import Actor


def record(
    thing: models.Model,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    competition: Competition | None = None,
    subject: str = "",
    payload: Mapping[str, Any] | None = None,
    comment: str = "",
    source: str = "",
    clause: str = ACT,
) -> int:
    """Write the step row and the log entry `procurement:<model>:<step>`; return the number of the entry.

    What moves by a table comes from `steps.move`, which names the `source`. The subject is the competition, or
    `subject`. The comment stays in the row, the log has the payload alone. The layers above hear of it after commit.
    """
    about = f"procurement.competition:{competition.number}" if competition and competition.number else subject
    seq = leave_trace(
        EvaluationStep,
        thing,
        step,
        actor=actor,
        now=now,
        subject=about,
        payload=payload,
        clause=clause,
        log_clause=ACT,
        source=source,
        comment=comment,
        competition=competition,
    )
    if competition is not None:
        news = {"competition_id": competition.pk, "thing": str(thing._meta.model_name), "step": step}  # noqa: SLF001
        transaction.on_commit(partial(evaluation_changed.send, sender=type(thing), **news))
    return seq
