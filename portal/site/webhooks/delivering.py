"""Delivery: the outbox says that it is time, the webhook's own position says what is to be told.

A message of the outbox carries no changes. Whoever carries it out holds the webhook, tells what lies after its position
page by page, and moves the position with each page that was taken. So pages come in order, none is skipped, and one may
come twice. What fails waits in the outbox longer each time; while it waits, no further message is written.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Final
from uuid import uuid4

import orjson
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.accounts.letters import Action, Letter, absolute, post
from portal.kernel import outbox
from portal.kernel.models import OutboxMessage
from portal.kernel.vault import VaultError
from portal.site.models import FeedHead, Webhook, WebhookDelivery, WebhookState
from portal.site.opendata.reading import page_after
from portal.site.webhooks import sending, signing
from procurement.interfaces.json_values import written

KIND: Final = "webhook"
CHANGES: Final = 50
PAGES: Final = 20
# with the pauses of the outbox about a day
FAILURES: Final = 12
KEPT: Final = 50
GONE: Final = 410
_LEASE: Final = timedelta(minutes=2)


class NotDelivered(Exception):  # noqa: N818 the name says what happened
    """The outbox tries again."""


def wake(now: datetime) -> int:
    """Write a message for each webhook that works and lags behind the feed; return how many there are."""
    head = FeedHead.objects.filter(pk=1).first()
    if head is None:
        return 0
    behind = Webhook.objects.filter(state=WebhookState.ACTIVE, failures=0, position__lt=head.position)
    waiting = OutboxMessage.objects.filter(kind=KIND, sent_at__isnull=True).values_list("payload", flat=True)
    told = {payload["webhook"] for payload in waiting}
    found = [key for key in behind.values_list("pk", flat=True) if key not in told]
    for key in found:
        _enqueue(key, now)
    return len(found)


@outbox.handles(KIND)
def deliver(message: OutboxMessage) -> None:
    """Tell one webhook all that it has not been told; raises `NotDelivered`, and the outbox comes again."""
    now = timezone.now()
    hook = _held(message.payload["webhook"], now)
    if hook is None:
        return
    try:
        for _page in range(PAGES):
            if not _tell_page(hook, timezone.now()):
                return
        _enqueue(hook.pk, now)
    finally:
        Webhook.objects.filter(pk=hook.pk).update(busy_until=None)


def test_delivery(hook: Webhook, now: datetime) -> WebhookDelivery:
    """Send an empty list of changes at once and return what came of it; nothing moves by it.

    One at a time, as all that is sent to a webhook: who never answers holds one process of ours and not all.
    """
    if not _take(Webhook.objects.filter(pk=hook.pk), now):
        busy = _("Something is being sent to this address now. Try again in a minute.")
        return WebhookDelivery(webhook=hook, at=now, is_test=True, error=busy)
    try:
        body = _body("test", {"changes": [], "next": "", "watermark": ""}, now)
        return _attempt(hook, body, now, is_test=True)
    finally:
        Webhook.objects.filter(pk=hook.pk).update(busy_until=None)


def _enqueue(key: int, now: datetime) -> None:
    outbox.enqueue(KIND, f"webhook:{key}:{uuid4().hex}", {"webhook": key}, available_at=now)


def _held(key: int, now: datetime) -> Webhook | None:
    """Take the webhook into work for a while; None where it is gone or switched off. Raises `NotDelivered`."""
    rows = Webhook.objects.filter(pk=key, state=WebhookState.ACTIVE)
    if _take(rows, now):
        return rows.first()
    if rows.exists():
        raise NotDelivered("another process delivers to this webhook")
    return None


def _take(rows: QuerySet[Webhook], now: datetime) -> bool:
    """Take a webhook for a while, where nobody else has it."""
    free = Q(busy_until__isnull=True) | Q(busy_until__lt=now)
    return bool(rows.filter(free).update(busy_until=now + _LEASE))


def _tell_page(hook: Webhook, now: datetime) -> bool:
    """Tell the next page; return whether there may be more."""
    head = FeedHead.objects.get(pk=1)
    if hook.position >= head.position:
        return False
    page = page_after(hook.position, head, limit=CHANGES, now=now, kinds=hook.kinds)
    if page.changes:
        told = {"changes": page.changes, "next": page.next, "watermark": page.watermark}
        delivery = _attempt(hook, _body("changes", told, now), now, changes=len(page.changes), last=page.position)
        if not delivery.is_delivered:
            _failed(hook, delivery, now)
            return False
    hook.position = page.position
    rows = Webhook.objects.filter(pk=hook.pk)
    rows.update(position=page.position, failures=0, failing_since=None, busy_until=now + _LEASE)
    return True


def _body(kind: str, told: dict[str, Any], now: datetime) -> bytes:
    return orjson.dumps({"type": kind, "timestamp": written(now), "data": told})


def _attempt(
    hook: Webhook, body: bytes, now: datetime, *, changes: int = 0, last: int = 0, is_test: bool = False
) -> WebhookDelivery:
    """Send once and write down what came of it; nothing of the answer but its status is kept."""
    delivery = WebhookDelivery(webhook=hook, at=now, is_test=is_test, changes=changes, last_position=last)
    message = f"test_{uuid4().hex}" if is_test else f"{hook.pk}_{hook.position}_{last}"
    try:
        headers = signing.headers_of(signing.unlocked(hook.secret), message=message, at=now, body=body)
        told = {**headers, "Content-Type": "application/json", "User-Agent": "Poruch-Webhooks/1"}
        answer = sending.post(hook.url, body, told)
    except sending.AddressRefused as refused:
        delivery.error = str(refused)[:200]
    except VaultError:
        delivery.error = _("The secret cannot be read any more: register the address anew.")
    except (OSError, HTTPException, ValueError, AttributeError) as error:
        # the last is a connection that was cut off while it was being read
        delivery.error = f"{type(error).__name__}: {error}"[:200]
    else:
        delivery.status, delivery.milliseconds = answer.status, answer.milliseconds
        delivery.error = "" if answer.is_good else f"HTTP {answer.status}"
    delivery.save()
    _forget_old(hook)
    return delivery


def _failed(hook: Webhook, delivery: WebhookDelivery, now: datetime) -> None:
    """Count the failure; after so many the webhook is switched off and its owner told, before it is tried again."""
    hook.failures += 1
    rows = Webhook.objects.filter(pk=hook.pk)
    rows.update(failures=F("failures") + 1, failing_since=hook.failing_since or now)
    if hook.failures < FAILURES and delivery.status != GONE:
        raise NotDelivered(delivery.error)
    rows.update(state=WebhookState.DISABLED)
    _write_to_owner(hook, delivery)


def _write_to_owner(hook: Webhook, delivery: WebhookDelivery) -> None:
    with override(settings.LANGUAGE_CODE):
        words = {"url": hook.url, "error": delivery.error}
        letter = Letter(
            _("Your webhook is switched off"),
            (
                _("The address %(url)s has not taken the news of the portal many times in a row.") % words,
                _("The last answer: %(error)s.") % words,
                _("Nothing is sent to it any more. Switch it on when it works: it is told all it has missed."),
            ),
            Action(_("Look at the webhook"), absolute(reverse("site:webhook", args=[hook.pk]))),
        )
        post(f"webhook-off:{hook.pk}:{delivery.pk}", hook.created_by.email, letter)


def _forget_old(hook: Webhook) -> None:
    old = WebhookDelivery.objects.filter(webhook=hook).order_by("-pk").values_list("pk", flat=True)[KEPT : 2 * KEPT]
    WebhookDelivery.objects.filter(pk__in=list(old)).delete()
