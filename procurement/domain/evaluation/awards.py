"""What becomes of an award: the winner accepts or refuses, or does not sign in time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from procurement.models import Award

if TYPE_CHECKING:
    from portal.accounts.models import User


def accept(*, award_id: int, user: User, now: datetime) -> Award:
    """Accept as who may sign for the applicant; refused while an appeal with stop effect is open."""
    raise NotImplementedError


def refuse(*, award_id: int, user: User, reason: str, now: datetime) -> Award:
    """Refuse as who may sign for the applicant; the official is told to decide anew (`decisions.decide`)."""
    raise NotImplementedError


def lapse(*, award_id: int, user: User, reason: str, now: datetime) -> Award:
    """Say as the official that the winner did not sign the contract in time."""
    raise NotImplementedError
