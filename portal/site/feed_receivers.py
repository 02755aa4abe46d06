"""The worker moves the feed of public changes every minute, compares everything once a day, and wakes the webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from portal.kernel import due
from portal.kernel.signals import worker_round
from portal.site.models import FeedHead, Webhook
from portal.site.opendata import feed
from portal.site.webhooks import delivering
from registry.signals import demo_removing


@receiver(worker_round, dispatch_uid="site.feed")
def follow_changes(now: datetime, **_news: Any) -> None:
    feed.catch_up(now)
    delivering.wake(now)


@receiver(demo_removing, dispatch_uid="site.webhooks")
def remove_invented_webhooks(**_news: Any) -> None:
    """Remove what invented organisations have registered, before they go themselves."""
    Webhook.objects.filter(organisation__is_demo=True).delete()


@due.handles("feed")
def compare_everything(now: datetime) -> str:
    """Compare all public objects with the feed, once a day."""
    last = FeedHead.objects.filter(pk=1).values_list("reconciled_at", flat=True).first()
    if last is not None and timezone.localdate(last) >= timezone.localdate(now):
        return ""
    return f"changes found: {feed.reconcile(now)}"
