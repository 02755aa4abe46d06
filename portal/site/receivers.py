"""What the site hears from editors, from writers of the register and from the clock.

Pages and lines that change are seen at once, pages that wait for their moment are published; the feed of public changes
moves every minute and wakes the webhooks; once a day everything is compared with it, and at night a snapshot is made.
"""

from __future__ import annotations

import logging
from datetime import datetime
from threading import Thread
from typing import Any, Final

from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Revision
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal.kernel import due
from portal.kernel.signals import worker_round
from portal.site.guides.lists import forget_lists
from portal.site.models import FeedHead, HotLine, Notice, Webhook
from portal.site.opendata import feed
from portal.site.opendata.kept import is_due, publish_due
from portal.site.webhooks import delivering
from registry.signals import demo_removing

log = logging.getLogger(__name__)
_publishing: Final[list[Thread]] = []


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move], dispatch_uid="site.lists")
@receiver(post_delete, sender=Page, dispatch_uid="site.lists")
@receiver([post_save, post_delete], sender=PageViewRestriction, dispatch_uid="site.lists")
def note_page(**_news: Any) -> None:
    forget_lists()


@receiver([post_save, post_delete], sender=HotLine, dispatch_uid="site.lines")
@receiver([post_save, post_delete], sender=Notice, dispatch_uid="site.notices")
def note_lines(**_news: Any) -> None:
    cache.delete_many(["site:hot_lines", "site:notices"])


@receiver(worker_round, dispatch_uid="site.scheduled")
def publish_what_is_due(now: datetime, **_news: Any) -> None:
    """Publish pages whose moment has come and take down those that have expired, about once a minute."""
    due = Revision.objects.filter(approved_go_live_at__lte=now).exists()
    if due or Page.objects.filter(Q(live=True, expire_at__lte=now)).exists():
        call_command("publish_scheduled", verbosity=0)


@receiver(worker_round, dispatch_uid="site.feed")
def follow_changes(now: datetime, **_news: Any) -> None:
    feed.catch_up(now)
    delivering.wake(now)


@receiver(demo_removing, dispatch_uid="site.webhooks")
def remove_invented_webhooks(**_news: Any) -> None:
    """Remove what invented organisations have registered, before they go themselves."""
    Webhook.objects.filter(organisation__is_demo=True).delete()


@due.handles("feed", late=True)
def compare_everything(now: datetime) -> str:
    """Compare all public objects with the feed, once a day."""
    last = FeedHead.objects.filter(pk=1).values_list("reconciled_at", flat=True).first()
    if last is not None and timezone.localdate(last) >= timezone.localdate(now):
        return ""
    return f"changes found: {feed.reconcile(now)}"


@receiver(worker_round, dispatch_uid="site.snapshot")
def publish_aside(now: datetime, **_news: Any) -> None:
    """Publish the snapshot of the day in a thread of the worker's: letters and the search do not wait for it.

    The thread ends with the worker; what it had begun is swept away by the next one.
    """
    if is_due(now) and not any(one.is_alive() for one in _publishing):
        _publishing[:] = [Thread(target=_publish, args=(now,), daemon=True)]
        _publishing[0].start()


def _publish(now: datetime) -> None:
    try:
        publish_due(now)
    except Exception:
        log.exception("the snapshot was not published")
    finally:
        connections.close_all()


@due.handles("snapshot", late=True)
def publish_snapshot(now: datetime) -> str:
    """Publish by `run_due`, where no worker is at it."""
    if any(one.is_alive() for one in _publishing):
        return ""
    done = publish_due(now)
    return f"snapshot published: {done.files} files, {done.size} bytes" if done else ""
