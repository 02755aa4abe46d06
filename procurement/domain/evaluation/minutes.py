"""Minutes: generated from the rows, signed in the portal, then fixed; a PDF with a code."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from procurement.models import EvaluationRound, Minutes, MinutesSignature

if TYPE_CHECKING:
    from portal.accounts.models import User


def gaps_before_minutes(round_: EvaluationRound) -> list[str]:
    """Return in sentences all that is missing at once: quorum, consensus notes, undecided ties, returned sheets."""
    raise NotImplementedError


def make_minutes(*, round_id: int, user: User, now: datetime) -> Minutes:
    """Draw up the minutes of a round in discussion, or in admission where nobody was admitted; raises `StepRefused`.

    Content: competition, commission with its act, sittings with attendance and quorum, declarations and recusals,
    opening, admissions with checks, grounds and clarifications, scores by criterion with reasons, spreads and notes,
    ranking with the tie path, sensitivity, earlier filed sheets, what is proposed to the commissioner.
    """
    raise NotImplementedError


def withdraw_minutes(*, minutes_id: int, user: User, reason: str, now: datetime) -> Minutes:
    """Withdraw minutes that are not signed by all needed, to mend them; the signatures stay with the withdrawn ones."""
    raise NotImplementedError


def sign_minutes(*, minutes_id: int, user: User, opinion: str, now: datetime) -> MinutesSignature:
    """Sign as an able member who was present, or add a separate opinion. With the presiding member, the secretary and as
    many as the quorum needs the minutes are signed: the round is minuted, the code issued. Raises `StepRefused`.
    """
    raise NotImplementedError
