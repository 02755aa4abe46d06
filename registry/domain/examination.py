"""How an application is examined and decided: taken up in order, criterion by criterion, by two people (decree 99)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from registry.models import Application, CorrectionRequest, CriterionCheck, OutcomeProposal, RegisterDecision

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of an amendment: what the register says, what the provider asks for; both in plain words."""

    part: str
    label: str
    old: str
    new: str


def queue_for(user: User) -> Any:
    """Return the pending applications of the official's territory, oldest first, an earlier one of a provider first."""
    raise NotImplementedError


def take_application(*, application_id: UUID, user: User, now: datetime) -> Application:
    """Begin to examine; `StepRefused` while an earlier application of the same provider is not decided."""
    raise NotImplementedError


def check_criterion(
    *, application_id: UUID, user: User, criterion_id: int, service_key: str, result: str, note: str, now: datetime
) -> CriterionCheck:
    """Record a judgment; `not_met` and `not_applicable` need a note."""
    raise NotImplementedError


def changes_of_application(application: Application) -> list[ChangedField]:
    """Return what the application would change in the register, old and new value side by side."""
    raise NotImplementedError


def ask_correction(
    *, application_id: UUID, user: User, fields: Sequence[str], comment: str, now: datetime
) -> CorrectionRequest:
    """Ask to correct the named fields; as often as the policy allows (once), until the day it sets, if it sets one."""
    raise NotImplementedError


def propose_outcome(
    *,
    application_id: UUID,
    user: User,
    outcome: str,
    ground_ids: Sequence[int],
    reason: str,
    services: Sequence[str] = (),
    suspend_until: date | None = None,
    now: datetime,
) -> OutcomeProposal:
    """Propose a decision; every criterion is judged before an inclusion, every other outcome has a ground."""
    raise NotImplementedError


def start_initiative(*, entry_id: int, user: User, now: datetime) -> Application:
    """Open a case on an entry by the registrar's own initiative: suspension, restoration or exclusion."""
    raise NotImplementedError


def send_back(*, application_id: UUID, user: User, reason: str, now: datetime) -> OutcomeProposal:
    """Give the proposal back to the specialist with a reason."""
    raise NotImplementedError


def decide(*, application_id: UUID, user: User, now: datetime) -> RegisterDecision:
    """Approve the standing proposal: decision with number and code, its effect on the register, log, letters.

    Raises `StepRefused` when the same person proposed it, `OutsideTerritoryError` for another's territory.
    """
    raise NotImplementedError


def correct_decision(*, decision_id: int, user: User, reason: str, ground: str, now: datetime) -> RegisterDecision:
    """Issue a decision that supersedes another's reasons; the first stays readable and points at it."""
    raise NotImplementedError
