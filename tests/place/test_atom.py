"""Feeds of news and of the decision log: their entries never change their names, their bytes depend on the data alone."""

from datetime import date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from portal.kernel import audit
from portal.kernel.calendar import KYIV
from portal.kernel.models import LogEntry
from portal.site.atom import daily_heads
from portal.site.bootstrap import make_site
from portal.site.models import NewsPage
from portal.site.shipped import put_content
from tests.pages.conftest import BODY, write

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def news(tmp_path) -> None:
    make_site()
    told = {"slug": "open", "title": "Портал відкрито", "date": "2026-11-20", "summary": "Шукайте.", "body": BODY[:1]}
    write(tmp_path, "news", "2026-11-20-open.uk.json", told)
    write(tmp_path, "news", "2026-11-20-open.en.json", {**told, "title": "The portal is open"})
    put_content(tmp_path)


def entries(address: str) -> list[ET.Element]:
    answer = Client().get(address)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content).findall(f"{ATOM}entry")


def log(at: datetime) -> int:
    entry = audit.append(
        tag="test.step", subject="test:1", payload={"on": at.date().isoformat()}, actor_role="system", at=at
    )
    return entry.seq


def test_news_are_followed_in_either_language(news):
    (ours,), (theirs,) = entries("/news/feed.atom"), entries("/en/news/feed.atom")

    assert ours.findtext(f"{ATOM}title") == "Портал відкрито"
    assert theirs.findtext(f"{ATOM}title") == "The portal is open"
    assert ours.find(f"{ATOM}link").get("href") == "http://127.0.0.1:8000/news/open/"
    assert ours.findtext(f"{ATOM}id").startswith("tag:127.0.0.1,2026-11-20:news/")
    assert 'type="application/atom+xml"' in Client().get("/news/").content.decode()


def test_unpublished_news_leave_the_feed_and_what_is_known_is_not_sent_again(news):
    known = Client().get("/news/feed.atom").headers["ETag"]
    again = Client().get("/news/feed.atom", headers={"If-None-Match": known})
    NewsPage.objects.get(locale__language_code="uk").unpublish()

    assert again.status_code == 304
    assert entries("/news/feed.atom") == []


@pytest.mark.parametrize("days", [1, 3])
def test_feeds_ask_as_often_however_much_there_is(news, django_assert_num_queries, days):
    page = NewsPage.objects.get(locale__language_code="uk")
    for day in range(1, days):
        page.copy(update_attrs={"slug": f"open-{day}", "title": f"Новина {day}"})
        log(timezone.now() - timedelta(days=day))
    Client().get("/news/feed.atom")

    with django_assert_num_queries(2):
        Client().get("/news/feed.atom")
    with django_assert_num_queries(2):
        Client().get("/log/feed.atom")


def test_log_is_told_by_where_it_stood_at_the_end_of_each_day_of_kyiv():
    log(datetime(2026, 11, 23, 9, tzinfo=KYIV))
    first = log(datetime(2026, 11, 23, 23, 59, tzinfo=KYIV))
    second = log(datetime(2026, 11, 25, 0, 1, tzinfo=KYIV))
    log(datetime(2026, 11, 26, 8, tzinfo=KYIV))

    heads = daily_heads(datetime(2026, 11, 26, 18, tzinfo=KYIV))

    assert [(one.at.astimezone(KYIV).date(), one.seq) for one in heads] == [
        (date(2026, 11, 25), second),
        (date(2026, 11, 23), first),
    ]


def test_day_whose_entries_came_before_those_of_an_earlier_day_is_left_out():
    log(datetime(2026, 11, 24, 9, tzinfo=KYIV))
    late = log(datetime(2026, 11, 23, 9, tzinfo=KYIV))

    assert [one.seq for one in daily_heads(datetime(2026, 11, 26, 18, tzinfo=KYIV))] == [late]


def test_entry_of_the_log_has_the_whole_seal():
    seq = log(timezone.now() - timedelta(days=2))

    (entry,) = entries("/log/feed.atom")

    assert LogEntry.objects.get(pk=seq).digest in entry.findtext(f"{ATOM}summary")
    assert 'href="/log/feed.atom"' in Client().get("/open-data/").content.decode()
