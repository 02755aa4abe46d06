"""Questions about an announcement: public with their answers, asked in time, holding the close within a limit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from procurement.models import Question

if TYPE_CHECKING:
    from portal.accounts.models import User


def ask(
    *, competition_id: int, user: User, organisation_id: int | None, text: str, key: UUID, now: datetime
) -> Question:
    """Ask; only signed-in people with a confirmed address, until the end of questions. Raises `StepRefused`."""
    raise NotImplementedError


def answer(*, question_id: int, user: User, text: str, now: datetime) -> Question:
    raise NotImplementedError


def decline(*, question_id: int, user: User, text: str, now: datetime) -> Question:
    raise NotImplementedError
