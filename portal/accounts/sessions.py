"""How long a session lives: its idle and longest age, and how all sessions of a person end.

Django's own `expire_date` carries both: a session in use is moved on by its idle age, never past its longest one.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import F
from django.http import HttpRequest

from portal.accounts import second_factor

if TYPE_CHECKING:
    from portal.accounts.models import User

SIGNED_IN: Final = "signed_in_at"
OFFICIAL: Final = "of_an_official"
MOVED: Final = "moved_on_at"
# a session is written at most so often for being in use
STEP_SECONDS: Final = 60


def begin(session: SessionBase, user: User, now: datetime) -> None:
    """Note when the person signed in and how long that lasts."""
    session[SIGNED_IN] = int(now.timestamp())
    session[OFFICIAL] = second_factor.is_official(user)
    session.pop(MOVED, None)
    keep_alive(session, now)


def keep_alive(session: SessionBase, now: datetime) -> None:
    """Move the end of the session on, if it is somebody's, was written anyway, or was not moved for a while."""
    began = session.get(SIGNED_IN)
    moment = int(now.timestamp())
    if began is None or not (session.modified or moment - session.get(MOVED, 0) >= STEP_SECONDS):
        return
    idle, longest = ages(official=session.get(OFFICIAL, False))
    session[MOVED] = moment
    session.set_expiry(max(min(idle, began + longest - moment), 1))


def ages(*, official: bool) -> tuple[int, int]:
    """Return the idle and the longest age of a session in seconds."""
    idle, longest = (
        (settings.OFFICIAL_SESSION_IDLE, settings.OFFICIAL_SESSION_LONGEST)
        if official
        else (settings.SESSION_IDLE, settings.SESSION_LONGEST)
    )
    return int(idle.total_seconds()), int(longest.total_seconds())


def end_all(user: User, *, but: HttpRequest | None = None) -> None:
    """End every session of the person at once, save the one of the request that asked for it."""
    get_user_model().objects.filter(pk=user.pk).update(session_number=F("session_number") + 1)
    user.refresh_from_db(fields=["session_number"])
    if but is not None:
        update_session_auth_hash(but, user)


def signed_in_recently(session: SessionBase, seconds: int) -> bool:
    began = session.get(SIGNED_IN)
    return began is not None and time.time() - began < seconds
