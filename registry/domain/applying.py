"""What a provider does with an application: submits it once, answers a correction, withdraws it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from registry.domain.drafts import Problem
from registry.models import Application

if TYPE_CHECKING:
    from portal.accounts.models import User


class NotReadyError(Exception):
    """The application cannot be submitted yet; `problems` says all that is missing at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


class ChangedMeanwhileError(Exception):
    """Somebody saved another version after the one that was read and confirmed; `application` is what stands now."""

    def __init__(self, application: Application) -> None:
        super().__init__(application.version)
        self.application = application


def submit_application(*, application_id: UUID, user: User, version: int, key: UUID, now: datetime) -> Application:
    """Submit the draft: number, moment, digest, receipt code, profile, examining hromada, due date; once per key.

    The same key again returns the submitted application and changes nothing, and so does any submission of what is
    submitted already by this draft. An amendment that touches only parts the policy calls trivial is entered at once
    and decided without people. Raises `NotReadyError`, `ChangedMeanwhileError`, `StepRefused`, `PermissionDenied`.
    """
    raise NotImplementedError


def answer_correction(*, application_id: UUID, user: User, now: datetime) -> Application:
    """Give the corrected application back to the registrar; raises `NotReadyError`, `StepRefused`."""
    raise NotImplementedError


def withdraw_application(*, application_id: UUID, user: User, reason: str, now: datetime) -> Application:
    """Withdraw before a decision is proposed; a draft is discarded the same way."""
    raise NotImplementedError
