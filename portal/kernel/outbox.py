"""What must happen after commit, and only after it: written as a row in the transaction, carried out by the worker.

A message is delivered at least once. A crash between sending and marking sends again, so a handler must be able to
bear a repetition; mail bears it by a Message-ID that depends on the key alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.utils import timezone

from portal.kernel.models.outbox import OutboxMessage

Handler = Callable[[OutboxMessage], None]

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
_handlers: dict[str, Handler] = {}


@dataclass(frozen=True, slots=True)
class Delivered:
    sent: int = 0
    failed: int = 0


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out messages of the kind."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"messages of the kind {kind!r} already have a handler")
        _handlers[kind] = handler
        return handler

    return register


def enqueue(kind: str, key: str, payload: Mapping[str, Any], *, available_at: datetime | None = None) -> OutboxMessage:
    """Write the message in the caller's transaction; a key that is already there changes nothing."""
    message, _created = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={"kind": kind, "payload": dict(payload), "available_at": available_at or timezone.now()},
    )
    return message


def mail(
    key: str,
    to: Sequence[str],
    subject: str,
    text: str,
    html: str | None = None,
    *,
    forget: bool = False,
    headers: Mapping[str, str] | None = None,
) -> OutboxMessage:
    """Write a letter; with `forget` nothing is kept of it, the address least of all, once it has left."""
    content: dict[str, Any] = {"to": list(to), "subject": subject, "text": text, "html": html}
    if headers:
        content["headers"] = dict(headers)
    return enqueue("mail", key, {**content, "forget": True} if forget else content)


def deliver(now: datetime, limit: int = 100) -> Delivered:
    """Carry out up to `limit` waiting messages; one that fails waits longer each time and stops no other."""
    sent = failed = 0
    for _turn in range(limit):
        message = _claim(now)
        if message is None:
            break
        if _carry_out(message, now):
            sent += 1
        else:
            failed += 1
    return Delivered(sent, failed)


def _claim(now: datetime) -> OutboxMessage | None:
    """Take one message into work so that no other worker has it until the lease ends.

    PostgreSQL skips rows other workers hold; SQLite lets one writer in at a time.
    """
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        waiting = OutboxMessage.objects.select_for_update(skip_locked=skip).due(now)
        message = waiting.order_by("available_at", "pk").first()
        if message is not None:
            message.attempts += 1
            message.locked_until = now + LEASE
            message.save(update_fields=["attempts", "locked_until"])
    return message


def _carry_out(message: OutboxMessage, now: datetime) -> bool:
    try:
        _handlers[message.kind](message)
    except Exception as error:  # noqa: BLE001 whatever a handler raises, the others go on
        message.last_error = f"{type(error).__name__}: {error}"
        message.available_at = now + pause(message.attempts)
    else:
        message.last_error = ""
        message.sent_at = now
        if message.payload.get("forget"):
            message.payload = {}
    message.locked_until = None
    message.save(update_fields=["last_error", "available_at", "sent_at", "locked_until", "payload"])
    return message.sent_at is not None


def pause(attempts: int) -> timedelta:
    """Return how long a message waits after so many failures: a minute, then twice as long each time, at most hours."""
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


@handles("mail")
def _send_mail(message: OutboxMessage) -> None:
    content = message.payload
    headers = {**content.get("headers", {}), "Message-ID": message_id(message.key)}
    letter = EmailMultiAlternatives(content["subject"], content["text"], to=content["to"], headers=headers)
    if content.get("html"):
        letter.attach_alternative(content["html"], "text/html")
    letter.send()


def message_id(key: str) -> str:
    """Return the Message-ID of the letter with this key, by which a repeated letter is known for a repetition."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>"
