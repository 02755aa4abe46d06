"""A small organisation looks for money it can win: it subscribes, and the deadline stands in its calendar, and moves."""

import re
from datetime import timedelta

import icalendar
import pytest
from django.utils.translation import gettext as _

from portal.site.bootstrap import make_site
from tests.factories.procurement import NOW, extend, make_published
from tests.journeys.joining import Person
from tests.journeys.ordering import bring_the_post, received
from tests.journeys.recording import Recorder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHERE = "ngo@example.org"


@pytest.fixture
def competition(transactional_db, live_server, settings, passing_time):
    settings.PORTAL_BASE_URL = live_server.url
    make_site()
    competition = make_published(now=NOW)
    passing_time.move_to(NOW + timedelta(days=1))
    return competition


def calendar_of(page) -> icalendar.Event:
    """Fetch the calendar of the page's competition as a program of the organisation does, and return its end."""
    address = page.locator("a[href$='calendar.ics']").first.get_attribute("href")
    written = page.request.get(re.sub("^webcal", "http", address)).body()
    events = icalendar.Calendar.from_ical(written).walk("VEVENT")
    return next(event for event in events if "-closes_at@" in str(event["UID"]))


def test_ngo_subscribes_and_sees_the_deadline_in_its_calendar(browse, competition, passing_time):
    organisation = Person(browse(360, 780, is_mobile=True, has_touch=True))
    page, record = organisation.page, Recorder("ngo")

    page.goto("/")
    organisation.follow(_("Find a competition"))
    record.picture(page, "competitions")
    page.get_by_role("link", name=competition.title).first.click()
    organisation.sees(competition.title)
    record.picture(page, "competition")

    before = calendar_of(page)
    assert before.decoded("DTSTART") == competition.closes_at
    assert before["DESCRIPTION"]

    page.locator("a[href*='/alerts/']").first.click()
    organisation.named("email").fill(WHERE)
    record.picture(page, "subscribe")
    organisation.press(_("Send me news"))
    bring_the_post(passing_time.now)
    (letter,) = received(WHERE)
    page.goto(re.search(r"https?://\S+/alerts/confirm/\S+", letter)[0])
    page.locator("main form button").first.click()
    organisation.sees(_("The news will come"))
    record.picture(page, "confirmed")

    extend(competition, timedelta(days=7), now=passing_time.now())
    bring_the_post(passing_time.now)
    assert len(received(WHERE)) > 1
    page.goto(f"/competitions/{competition.number}/")
    after = calendar_of(page)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTART") == before.decoded("DTSTART") + timedelta(days=7)
    record.picture(page, "moved")
