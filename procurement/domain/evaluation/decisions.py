"""The decision on winners: rests on signed minutes, is published at once, is corrected only by one that supersedes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from procurement.models import AwardDecision, Competition

if TYPE_CHECKING:
    from portal.accounts.models import User


def decision_in_force(competition: Competition) -> AwardDecision | None:
    """Return the one that no other supersedes."""
    raise NotImplementedError


def decide(
    *,
    competition_id: int,
    user: User,
    act_number: str,
    act_on: date,
    act_url: str = "",
    ground_id: int | None = None,
    reason: str = "",
    now: datetime,
) -> AwardDecision:
    """Take the first decision of a minuted round, or one that supersedes the decision in force (ground and reason; its
    ranking is made anew with the failed winners standing aside). The outcome follows from the ranking alone: the winners,
    or, with a ground (`GroundUse.NO_AWARD`), none. Refused while an appeal with stop effect is open, and for who signed
    nothing but may not act. The competition becomes awarded or unawarded; awards of the earlier decision are superseded,
    accepted ones of the same proposal and lot are carried over.
    """
    raise NotImplementedError


def results_of(competition: Competition) -> Mapping[str, Any] | None:
    """Return what is published: minutes, decision, texts of the ranking; None before a decision is taken."""
    raise NotImplementedError
