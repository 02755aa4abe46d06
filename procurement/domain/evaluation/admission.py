"""Admission: the frozen list of checks, those the portal can make itself, the decision on each proposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from procurement.models import Admission, AdmissionCheck, Proposal

if TYPE_CHECKING:
    from portal.accounts.models import User


def suggestions_of(admission: Admission) -> Mapping[str, tuple[str, str]]:
    """Return what the portal finds itself, by item code: (`CheckResult`, words). Items name their check in the frozen
    policy: `form`, `documents`, `standing`, `ceiling`; an item without one gets no suggestion.
    """
    raise NotImplementedError


def save_checks(
    *, admission_id: int, user: User, results: Mapping[str, Mapping[str, str]], now: datetime
) -> list[AdmissionCheck]:
    """Write results and notes by item code (`{"result": CheckResult, "note": text}`) while the admission is pending."""
    raise NotImplementedError


def admit(*, admission_id: int, user: User, now: datetime) -> Admission:
    """Admit: every item of the list is met."""
    raise NotImplementedError


def reject(*, admission_id: int, user: User, ground_id: int, reason: str, now: datetime) -> Admission:
    """Refuse admission on a typed ground (`GroundUse.REJECTION`) with a reason in words; at least one item is not met."""
    raise NotImplementedError


def reconsider(*, admission_id: int, user: User, reason: str, now: datetime) -> Admission:
    """Take an admission up again before scoring begins."""
    raise NotImplementedError


def content_of(proposal: Proposal) -> Mapping[str, Any]:
    """Return the opened content with the answers of an answered clarification laid over it, for reading and scoring."""
    raise NotImplementedError
