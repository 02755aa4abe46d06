"""Who must have passed a second factor, and whether this session has: remembered in the session, asked without a query.

The mark names its person: it is set before the sign-in is complete, in a session that belongs to nobody yet.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

if TYPE_CHECKING:
    from portal.accounts.models import User

PASSED: Final = "second_factor_of"
# longer than a code can be valid with the tolerance for clocks that are wrong
USED_CODES_KEPT: Final = 180


def is_official(user: User) -> bool:
    """Say whether the account may do anything at the desk, whatever it has proved so far."""
    return bool(user.is_staff or user.is_superuser or user.roles)


def has_passed(request: HttpRequest) -> bool:
    """Say whether the person of this session gave a second factor in it."""
    passed = request.session.get(PASSED)
    return passed is not None and passed == request.user.pk


def mark_passed(request: HttpRequest, user: User) -> None:
    request.session[PASSED] = user.pk


def forget_passed(request: HttpRequest) -> None:
    request.session.pop(PASSED, None)


def is_guessed(user: User) -> bool:
    """Say whether so many wrong codes came of late, from whatever addresses, that no code is looked at for a while."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return row is not None and len(_failures(row)) >= settings.SECOND_FACTOR_FAILURES


@transaction.atomic
def note_failure(user: User) -> None:
    """Remember when a wrong code came, for the account as a whole."""
    rows = Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.TOTP)
    if (row := rows.first()) is not None:
        row.data["failures"] = [*_failures(row), time.time()]
        row.save(update_fields=["data"])


def _failures(row: Authenticator) -> list[float]:
    since = time.time() - settings.AXES_COOLOFF_TIME.total_seconds()
    return [at for at in row.data.get("failures", ()) if at > since]


def has_authenticator(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


@transaction.atomic
def use_code_once(authenticator: Authenticator, code: str) -> bool:
    """Remember a code that was right; False when it was used already, by whatever process."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    now = time.time()
    used = {seen: at for seen, at in row.data.get("used", {}).items() if now - at < USED_CODES_KEPT}
    digest = hashlib.sha256(f"{row.pk}:{code.strip()}".encode()).hexdigest()
    if digest in used:
        return False
    row.data["used"] = {**used, digest: now}
    row.save(update_fields=["data"])
    authenticator.data = row.data
    return True
