"""Addresses by which a person signs in and gets letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress

if TYPE_CHECKING:
    from portal.accounts.models import User


def forget_other_addresses(user: User) -> None:
    """Let the account's present address be the only one: what an administrator took away opens nothing any more.

    The new one is confirmed by its owner at the next sign-in.
    """
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()


def confirm_address(user: User) -> None:
    """Take the account's address for confirmed; for accounts that are made by whoever runs the portal."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
