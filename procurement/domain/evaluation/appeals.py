"""Appeals: filed by a bidder, decided by somebody who had no part in what they are about, with what follows from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from procurement.models import Appeal, Competition

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User


def appeal_window(competition: Competition) -> tuple[date | None, str]:
    """Return until which day an appeal about the results may be filed and why (term `appeal-window` of the frozen profile);
    None with a sentence where the term is not set: then none is refused for being late.
    """
    raise NotImplementedError


def file_appeal(
    *,
    competition_id: int,
    organisation_id: int,
    user: User,
    scope: str,
    text: str,
    remedy_asked: str,
    file: File[bytes] | None,
    key: UUID,
    now: datetime,
) -> Appeal:
    """File as who may sign for an organisation with a submitted proposal in the competition; the same key files once."""
    raise NotImplementedError


def accept(*, appeal_id: int, user: User, now: datetime) -> Appeal:
    raise NotImplementedError


def leave(*, appeal_id: int, user: User, ground_id: int, answer: str, now: datetime) -> Appeal:
    """Leave without consideration on a typed ground (`GroundUse.LEAVING`)."""
    raise NotImplementedError


def decide_appeal(*, appeal_id: int, user: User, upheld: bool, remedy: str, answer: str, now: datetime) -> Appeal:
    """Uphold or dismiss, as an official whom `rules.can_decide_appeal` lets. Upheld with `AppealRemedy.ANEW` annuls the
    round, reopens the competition and begins the next round; with `CORRECT` the next `decisions.decide` is expected.
    """
    raise NotImplementedError


def withdraw(*, appeal_id: int, user: User, now: datetime) -> Appeal:
    raise NotImplementedError


def stopping(competition: Competition) -> Appeal | None:
    """Return an open appeal that stops the award, if there is one."""
    raise NotImplementedError
