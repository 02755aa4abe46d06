"""What the site hears: pages and lines that change are seen at once, pages that wait for their moment are published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal.kernel.signals import worker_round
from portal.site.guides.lists import forget_lists
from portal.site.models import HotLine, Notice


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move], dispatch_uid="site.lists")
@receiver(post_delete, sender=Page, dispatch_uid="site.lists")
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
