"""News of competitions without an account: asked for, confirmed from the letter, stopped in one click, then forgotten.

The tokens stand in letters alone, here are their digests. What the page answers is the same whoever asks.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.kernel.workflow import StepRefused
from procurement import alert_letters
from procurement.enums import AlertState
from procurement.models import Alert

A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class About:
    """What news is asked of, as primary keys; what is not named does not narrow."""

    place_id: int | None = None
    service_id: int | None = None
    group_id: int | None = None
    competition_id: int | None = None

    def as_fields(self) -> dict[str, int | None]:
        """Return the fields of an alert about this."""
        return {
            "hromada_id": self.place_id,
            "service_type_id": self.service_id,
            "group_id": self.group_id,
            "competition_id": self.competition_id,
        }


class TooManyAlertsError(Exception):
    """Enough was asked from this network within a day; `limit` says how much that is."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class AlertUnknown(StepRefused):
    """No alert has such a link, or its time is over."""

    def __init__(self) -> None:
        super().__init__(_("This link is not whole, or its time is over."))


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def stop_token(confirm_digest: str) -> str:
    """Return the token that stops an alert: the same in all its letters, and made of the portal's secret."""
    return salted_hmac("procurement.alerts.stop", confirm_digest, algorithm="sha256").hexdigest()


@transaction.atomic
def ask_for_news(*, email: str, about: About, language: str, address: str | None, now: datetime) -> None:
    """Write the letter that asks to confirm; one who already gets this news is told so, once a day at most.

    Says nothing of whether the address is known. An address gets few such letters a day, whoever asks for them.
    Raises `TooManyAlertsError`.
    """
    email, sender = email.strip().lower(), _sender_of(address)
    recent = Alert.objects.filter(asked_at__gt=now - A_DAY)
    if recent.filter(sender=sender).count() >= settings.ALERTS_A_DAY:
        raise TooManyAlertsError(settings.ALERTS_A_DAY)
    known = Alert.objects.filter(email=email, state=AlertState.ACTIVE, **about.as_fields()).first()
    if known is not None:
        alert_letters.already_active(known, stop_token(known.confirm_digest), now)
        return
    if recent.filter(email=email).count() >= settings.ALERT_LETTERS_A_DAY:
        return
    token = secrets.token_urlsafe(24)
    digest = digest_of(token)
    alert = Alert.objects.create(
        email=email,
        language=language,
        confirm_digest=digest,
        stop_digest=digest_of(stop_token(digest)),
        asked_at=now,
        sender=sender,
        **about.as_fields(),
    )
    alert_letters.ask_to_confirm(alert, token)


def alert_to_confirm(token: str, *, now: datetime) -> Alert:
    """Return the alert whose letter had this link; changes nothing. Raises `AlertUnknown`."""
    return _asked(Alert.objects.all(), token, now)


@transaction.atomic
def confirm_alert(*, token: str, now: datetime) -> Alert:
    """Begin to send news; a second click changes nothing. Raises `AlertUnknown`."""
    alert = _asked(Alert.objects.select_for_update(of=("self",)), token, now)
    if alert.state == AlertState.ASKED:
        alert.state, alert.confirmed_at = AlertState.ACTIVE, now
        alert.save(update_fields=["state", "confirmed_at"])
    return alert


def _asked(rows: Any, token: str, now: datetime) -> Alert:
    alert: Alert | None = rows.filter(confirm_digest=digest_of(token)).first()
    if alert is None or alert.state == AlertState.STOPPED:
        raise AlertUnknown
    if alert.state == AlertState.ASKED and alert.asked_at <= now - settings.ALERT_LIFE:
        raise AlertUnknown
    return alert


def alert_to_stop(token: str) -> Alert:
    """Return the alert whose letters have this link, stopped or not; changes nothing. Raises `AlertUnknown`."""
    alert = Alert.objects.filter(stop_digest=digest_of(token)).first()
    if alert is None:
        raise AlertUnknown
    return alert


def others_of(alert: Alert) -> int:
    """Count the other active alerts of the same address."""
    if alert.state == AlertState.STOPPED:
        return 0
    return Alert.objects.filter(email=alert.email, state=AlertState.ACTIVE).exclude(pk=alert.pk).count()


@transaction.atomic
def stop_alert(*, token: str, everything: bool = False, now: datetime) -> Alert:
    """Stop the news and erase the address; with `everything` all news of the address. Safe to click twice."""
    alert = alert_to_stop(token)
    if alert.state != AlertState.STOPPED:
        rows = Alert.objects.filter(email=alert.email)
        if not everything:
            # asked for twice, it stops at once
            rows = rows.filter(**{name: getattr(alert, name) for name in About().as_fields()})
        rows.exclude(state=AlertState.STOPPED).update(state=AlertState.STOPPED, stopped_at=now, email="", sender="")
        alert.refresh_from_db()
    return alert


def forget_alerts(*, now: datetime) -> int:
    """Delete what was not confirmed in time and what was stopped long ago, wipe senders; return how many went."""
    unconfirmed = Alert.objects.filter(state=AlertState.ASKED, asked_at__lte=now - settings.ALERT_LIFE)
    stopped = Alert.objects.filter(state=AlertState.STOPPED, stopped_at__lte=now - settings.LETTERS_KEPT)
    gone = unconfirmed.delete()[0] + stopped.delete()[0]
    Alert.objects.filter(asked_at__lte=now - A_DAY).exclude(sender="").update(sender="")
    return gone


def _sender_of(address: str | None) -> str:
    """Return the digest that stands for a network for one day; without the portal's secret it leads nowhere."""
    return salted_hmac("procurement.alerts.sender", address or "", algorithm="sha256").hexdigest()
