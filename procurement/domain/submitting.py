"""Submitting, confirming, withdrawing: judged by the database's clock under the competition's lock, once a press."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from procurement.models import Proposal, ProposalRevision

if TYPE_CHECKING:
    from portal.accounts.models import User


class Incomplete(Exception):  # noqa: N818 the name says what it is
    """The proposal lacks something; `problems` are `procurement.domain.proposal_forms.Problem`s."""

    def __init__(self, problems: list) -> None:  # type: ignore[type-arg]
        super().__init__("the proposal is not complete")
        self.problems = problems


def submit_proposal(*, proposal_id: UUID, user: User, draft_version: int, key: UUID) -> ProposalRevision:
    """Submit, or put in place of what was submitted; the same `key` returns the same revision.

    Raises `Incomplete`, `StepRefused` (closed, not eligible, somebody changed the draft meanwhile), `PermissionDenied`.
    """
    raise NotImplementedError


def confirm_proposal(*, proposal_id: UUID, user: User, key: UUID) -> Proposal:
    """Stand by what was submitted although the announcement has changed since."""
    raise NotImplementedError


def withdraw_proposal(*, proposal_id: UUID, user: User) -> Proposal:
    raise NotImplementedError
