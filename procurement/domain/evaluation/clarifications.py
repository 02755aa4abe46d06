"""One clarification of named fields, until a moment; the decision on admission waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from procurement.models import Clarification

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User


def ask(
    *, admission_id: int, user: User, fields: Sequence[str], text: str, due_at: datetime | None, now: datetime
) -> Clarification:
    """Ask once for named fields of the form. The term `clarification-answer` of the frozen profile sets the end; where it
    has no amount the official names `due_at`, in the future, and the reason says that no term is set.
    """
    raise NotImplementedError


def answer(
    *,
    clarification_id: int,
    user: User,
    values: Mapping[str, Any],
    files: Mapping[str, File[bytes]],
    note: str,
    now: datetime,
) -> Clarification:
    """Answer as who may sign for the applicant, before the end (the portal's clock, row held): named fields only, read by
    the form's own kinds. Raises `StepRefused`, `ValueRefused`.
    """
    raise NotImplementedError


def lapse_overdue(*, now: datetime) -> int:
    """Let every unanswered clarification whose end has come lapse; safe to run twice. Return how many."""
    raise NotImplementedError
