"""What follows from signing in, from a second factor, and from a day that has passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts import second_factor, sessions
from portal.accounts.models import User
from portal.kernel.models import OutboxMessage
from portal.kernel.signals import worker_round

_cleaned_on: list[date] = []


@receiver(user_logged_in, dispatch_uid="accounts.session")
def begin_session(request: HttpRequest, user: User, **_news: Any) -> None:
    sessions.begin(request.session, user, timezone.now())


@receiver([authenticator_used, authenticator_added], dispatch_uid="accounts.second_factor")
def note_second_factor(request: HttpRequest, user: User, **_news: Any) -> None:
    """Mark the session in which a code was given: at sign-in, when asked again, or to set the second factor up."""
    second_factor.mark_passed(request, user)
    if request.user.is_authenticated:
        request.session.cycle_key()
        request.session[sessions.OFFICIAL] = second_factor.is_official(user)


@receiver(authenticator_added, dispatch_uid="accounts.second_factor.others")
def end_sessions_without_it(request: HttpRequest, user: User, authenticator: Authenticator, **_news: Any) -> None:
    """Let no session that began by the password alone make codes of its own once there is a second factor."""
    if authenticator.type == Authenticator.Type.TOTP:
        sessions.end_all(user, but=request)


@receiver(authenticator_removed, dispatch_uid="accounts.second_factor")
def note_no_second_factor(request: HttpRequest, user: User, authenticator: Authenticator, **_news: Any) -> None:
    """Let no session live on that was made with what is no longer there."""
    if authenticator.type == Authenticator.Type.TOTP:
        second_factor.forget_passed(request)
        sessions.end_all(user, but=request)


@receiver(worker_round, dispatch_uid="accounts.clean")
def clean_once_a_day(now: datetime, **_news: Any) -> None:
    today = timezone.localdate(now)
    if _cleaned_on != [today]:
        clean(now)
        _cleaned_on[:] = [today]


def clean(now: datetime) -> None:
    """Drop ended sessions, failures that count no longer, sent letters with a key, and what old letters said."""
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
    kept_until = now - timedelta(days=1)
    OutboxMessage.objects.filter(kind="mail", key__startswith="account:", sent_at__lt=kept_until).delete()
    # the key stays, so that no letter is written twice
    left = OutboxMessage.objects.filter(kind="mail", sent_at__lt=now - settings.LETTERS_KEPT)
    left.exclude(payload={}).update(payload={})
