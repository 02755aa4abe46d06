"""Which round of the evaluation of a competition is meant: the one that runs, or the last that began."""

from __future__ import annotations

from procurement.enums import RoundState
from procurement.models import Competition, EvaluationRound


def running_round(competition: Competition) -> EvaluationRound | None:
    """Return the round that is going on; there is at most one."""
    return _first(competition, *RoundState.running)


def last_round(competition: Competition) -> EvaluationRound | None:
    """Return the round that runs or was the last, if any has begun; an upheld appeal may have annulled it."""
    return _first(competition)


def _first(competition: Competition, *states: str) -> EvaluationRound | None:
    rows = competition.rounds.select_related("commission").order_by("-number")
    found: EvaluationRound | None = (rows.filter(state__in=states) if states else rows).first()
    if found is not None:
        # the very object that the caller knows, so that nothing reads it again
        found.competition = competition
    return found
