"""The commission: drafted, its members named, appointed by an act, changed by acts, dissolved; given to a competition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from procurement.models import CommissionMember, Competition, CompetitionCommission

if TYPE_CHECKING:
    from portal.accounts.models import User


def create_commission(*, user: User, commissioner_id: int, title: str, now: datetime) -> CompetitionCommission:
    """Begin a draft; raises `PermissionDenied` for a hromada that the official does not answer for."""
    raise NotImplementedError


def save_commission(
    *, commission_id: int, user: User, values: Mapping[str, Any], now: datetime
) -> CompetitionCommission:
    """Write title and act (`act_number act_on act_body act_url act_document`) of a draft."""
    raise NotImplementedError


def put_member(
    *, commission_id: int, user: User, values: Mapping[str, Any], now: datetime, member_id: int | None = None
) -> CommissionMember:
    """Add or change a member (`name email position body body_code role since order`); an account with this confirmed
    address is tied at once, else the person is invited (`invite_member`). In an appointed commission only additions,
    with `act` (number and date) in the log.
    """
    raise NotImplementedError


def end_membership(*, member_id: int, user: User, until: date, reason: str, now: datetime) -> CommissionMember:
    """Take a member out of an appointed commission; what the member filed in a finished round stays."""
    raise NotImplementedError


def appoint(*, commission_id: int, user: User, now: datetime) -> CompetitionCommission:
    """Appoint: the act is complete, members are not fewer than the policy's `commission_min`, exactly one chair and at
    least one secretary; from now on public. Raises `StepRefused`. The policy is the live one of `social-order`.
    """
    raise NotImplementedError


def dissolve(*, commission_id: int, user: User, reason: str, now: datetime) -> CompetitionCommission:
    """End a commission; refused while a round of it runs."""
    raise NotImplementedError


def assign_commission(*, competition_id: int, commission_id: int, user: User, now: datetime) -> Competition:
    """Give an appointed commission of the same commissioner to a competition that is not decided; refused once a round
    of another commission has begun.
    """
    raise NotImplementedError


def accept_invitation(*, token: str, user: User, now: datetime) -> CommissionMember:
    """Tie the account to the membership the token was sent for: only where the account's confirmed address is the one
    that was invited. Raises `StepRefused`.
    """
    raise NotImplementedError
