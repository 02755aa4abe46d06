"""What every step of an evaluation, a contract and all that belongs to them does: turn the state, leave a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models

from portal.kernel import audit
from portal.kernel.workflow import Transition, Workflow
from procurement.models import ContractStep, EvaluationStep
from registry.domain.providers import Actor


def turn(
    thing: models.Model, step: str, *, flow: Workflow, comment: str = "", fields: Sequence[str] = ()
) -> tuple[str, Transition]:
    """Write the new state and the named fields if the table allows the step; return the old state and the row of it.

    Raises `StepRefused`.
    """
    transition = flow.step(step, state=thing.state, comment=comment)  # type: ignore[attr-defined]
    source, thing.state = thing.state, transition.target  # type: ignore[attr-defined]
    thing.save(update_fields=["state", *fields])
    return source, transition


def leave_trace(
    rows: type[ContractStep | EvaluationStep],
    thing: models.Model,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    subject: str,
    payload: Mapping[str, Any] | None,
    clause: str = "",
    log_clause: str = "",
    source: str = "",
    comment: str = "",
    **of: models.Model | None,
) -> int:
    """Write the step row with the comment, the log entry without it; return the entry's number."""
    name = str(thing._meta.model_name)  # noqa: SLF001
    rows.objects.create(
        thing=name,
        key=str(thing.pk),
        step=step,
        at=now,
        by=actor.user,
        actor_role=actor.role,
        from_state=source,
        to_state=str(getattr(thing, "state", "")),
        comment=comment.strip(),
        clause=clause,
        **of,
    )
    entry = audit.append(
        tag=f"procurement:{name}:{step}",
        subject=subject,
        payload={"id": str(thing.pk), **(payload or {})},
        actor_role=actor.role,
        at=now,
        clause=log_clause or clause,
    )
    return entry.seq
