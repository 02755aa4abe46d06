"""What programs follow besides competitions: the portal's news, and where the decision log stood day by day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final, cast

from django.conf import settings
from django.db.models import CharField, Max
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.accounts.letters import absolute
from portal.kernel.atom import SteadyFeed, tag
from portal.kernel.calendar import KYIV, day_of
from portal.kernel.languages import reader_language
from portal.kernel.models import LogEntry
from portal.kernel.plain_text import without_controls
from portal.site.models import NewsPage
from portal.site.models.languages import FRONT
from registry.views.caching import public_page, unless_known

NEWS: Final = 30
DAYS: Final = 30


@public_page
def news_feed(request: HttpRequest) -> HttpResponseBase:
    """Answer with the published news of the language, the latest first."""
    language = reader_language()
    rows = NewsPage.objects.live().public().filter(locale__language_code=language).select_related("locale")
    feed = _feed(_("News of the portal"), f"{FRONT[language]}news/", reverse("site:news_feed"))
    for one in rows.defer("body").order_by("-date", "-pk")[:NEWS]:
        began = datetime.combine(one.date, time(), KYIV)
        feed.add_item(
            title=without_controls(one.title),
            link=absolute(one.url or ""),
            description=without_controls(one.summary),
            unique_id=tag(one.date, f"news/{one.translation_key}/{language}"),
            pubdate=one.first_published_at or began,
            updateddate=one.last_published_at or began,
        )
    return _answer(request, feed)


@public_page
def log_feed(request: HttpRequest) -> HttpResponseBase:
    """Where the decision log stood day by day: who keeps these sees at once when the log was rewritten."""
    page = reverse("site:open_data")
    feed = _feed(_("The decision log, day by day"), page, reverse("site:log_feed"))
    for head in daily_heads(timezone.now()):
        # kept as text, read as a moment
        at = cast("datetime", head.at)
        day = day_of(at)
        words = {"day": day.isoformat(), "seq": head.seq}
        feed.add_item(
            title=_("%(day)s: the decision log ended with entry %(seq)d") % words,
            link=absolute(page),
            description=format_html("<p>SHA-256: <code>{}</code></p>", head.digest),
            unique_id=tag(day, f"log/{head.seq}"),
            pubdate=at,
            updateddate=at,
        )
    return _answer(request, feed)


def daily_heads(now: datetime) -> list[LogEntry]:
    """Return where the log stood at the end of each day of the past month, the latest day first; two queries.

    Days are Kyiv's. A day that added nothing is left out, and so is one whose entries came after those of a later day.
    """
    today = datetime.combine(day_of(now), time(), KYIV)
    past = LogEntry.objects.filter(at__gte=today - timedelta(days=DAYS), at__lt=today)
    hour = Substr("at", 1, len("2026-11-26T10"), output_field=CharField())
    ends: dict[date, int] = {}
    for began, seq in past.order_by().values(hour=hour).annotate(last=Max("seq")).values_list("hour", "last"):
        day = day_of(datetime.fromisoformat(f"{began}:00+00:00"))
        ends[day] = max(seq, ends.get(day, 0))
    heads = [0]
    for day in sorted(ends):
        if ends[day] > heads[-1]:
            heads.append(ends[day])
    rows = LogEntry.objects.only("seq", "at", "digest").in_bulk(heads)
    return [rows[seq] for seq in reversed(heads) if seq]


def _feed(title: str, page: str, own: str) -> SteadyFeed:
    return SteadyFeed(
        title=title,
        link=absolute(page),
        description="",
        language=get_language(),
        author_name=settings.WAGTAIL_SITE_NAME,
        feed_url=absolute(own),
        feed_guid=absolute(own),
    )


def _answer(request: HttpRequest, feed: SteadyFeed) -> HttpResponseBase:
    """Send the feed, or "not modified" to whoever has these very bytes already."""
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return unless_known(request, response)
