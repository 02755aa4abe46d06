"""A round of evaluation from one stage to the next: each step has its guards, the commission's quorum among them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from procurement.models import EvaluationRound

if TYPE_CHECKING:
    from portal.accounts.models import User


def begin_round(*, competition_id: int, user: User, now: datetime, reason: str = "") -> EvaluationRound:
    """Begin the first round of an opened competition that has a commission (a later one only after an upheld appeal,
    with its reason). Creates the admissions of all opened proposals, pending, or as the last round had them.
    """
    raise NotImplementedError


def begin_admission(*, round_id: int, user: User, now: datetime) -> EvaluationRound:
    """Go on to admission: everybody able has declared (or is recorded absent at a sitting) and the able make a quorum."""
    raise NotImplementedError


def begin_scoring(*, round_id: int, user: User, now: datetime) -> EvaluationRound:
    """Go on to scoring: no admission pending or waiting, at least one admitted, rubric without gaps
    (`procurement.ranking.gaps_of`), a sitting with a quorum. Creates the empty sheets of all able members.
    """
    raise NotImplementedError


def begin_discussion(*, round_id: int, user: User, now: datetime) -> EvaluationRound:
    """Go on to the discussion: filed sheets make a quorum, defences (where the policy has them) are all recorded; sheets
    of the others lapse, named in the minutes.
    """
    raise NotImplementedError


def end_round(*, round_id: int, now: datetime) -> None:
    """End the running round with its cancelled competition; called by the step `cancel`."""
    raise NotImplementedError
