"""The one way to write down a step with a risk card of a competition; those of contracts go by `contracts.steps`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from procurement.contract_notifications import note_competition_risk
from procurement.domain.stepping import leave_trace
from procurement.models import Competition, ContractStep, RiskCard
from registry.domain.providers import Actor


def record_of_competition(
    card: RiskCard,
    competition: Competition,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    payload: Mapping[str, Any],
) -> int:
    """Write the step row, the entry of the log and who is told; return the number of the entry."""
    seq = leave_trace(
        ContractStep,
        card,
        step,
        actor=actor,
        now=now,
        subject=f"procurement.competition:{competition.number}",
        payload=payload,
    )
    note_competition_risk(competition=competition, about=card, step=step, now=now)
    return seq
