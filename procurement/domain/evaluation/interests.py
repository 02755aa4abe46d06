"""Declarations of interest, matches the portal finds, recusals; a barred member gets nothing (`rules.can_read_opened`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from procurement.models import CommissionMember, Competition, InterestDeclaration, MemberInterest, Recusal

if TYPE_CHECKING:
    from portal.accounts.models import Organisation, User


@dataclass(frozen=True, slots=True)
class Match:
    """One thing that ties a member to an applicant or co-applicant; `kind` is code, name, mandate, founder, contract."""

    organisation_id: int
    kind: str
    words: str


def applicants_of(competition: Competition) -> list[Organisation]:
    """Return applicants and agreed co-applicants of the opened proposals: all that a member may know before declaring,
    in alphabetical order, never with the numbers of proposals.
    """
    raise NotImplementedError


def matches_of(member: CommissionMember, competition: Competition) -> list[Match]:
    """Return what ties the member to applicants: code of the employer or of a told interest (`MemberInterest`), a
    mandate of the member's account for the organisation at any time, the member or their body named among founders or
    heads in the register, an earlier award shared between the member's body and the applicant (past contract). Exact
    codes and normalised names only; no query per applicant.
    """
    raise NotImplementedError


def tell_interest(*, member_id: int, user: User, values: Mapping[str, Any], now: datetime) -> MemberInterest:
    """Write down a standing tie of one's own (`kind name code note`)."""
    raise NotImplementedError


def take_back_interest(*, interest_id: int, user: User, now: datetime) -> None:
    raise NotImplementedError


def declare(
    *, competition_id: int, user: User, ties: Sequence[Mapping[str, Any]], now: datetime
) -> InterestDeclaration:
    """Declare, after opening, as a member: no ties, or for which applicants and of what kind. With ties, or where
    `matches_of` finds any, a recusal is proposed in the same transaction. The log gets digests and counts only.
    """
    raise NotImplementedError


def raise_recusal(
    *,
    competition_id: int,
    member_id: int,
    organisation_id: int | None,
    ground: str,
    reason: str,
    user: User,
    now: datetime,
) -> Recusal:
    """Propose the recusal of a member as an official or another member."""
    raise NotImplementedError


def decide_recusal(*, recusal_id: int, confirm: bool, reason: str, user: User, now: datetime) -> Recusal:
    """Confirm or dismiss, as an official who runs the competition or as the chair (deputy, where the chair is concerned);
    never the member concerned. A confirmed one takes away a draft sheet; refused once the minutes are signed.
    """
    raise NotImplementedError
