"""Defence of proposals, where the frozen policy has that stage."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from procurement.models import Defence

if TYPE_CHECKING:
    from portal.accounts.models import User


def schedule(*, round_id: int, proposal_id: str, at: datetime, place: str, user: User, now: datetime) -> Defence:
    """Appoint or move the defence of an admitted proposal; the applicant is told by letter."""
    raise NotImplementedError


def record(*, defence_id: int, held: bool, note: str, user: User, now: datetime) -> Defence:
    """Write down that it was held, with questions and answers, or that nobody came."""
    raise NotImplementedError
