"""An official on the way to work looks at a telephone: what is due this week, by which rule, and the way to do it."""

from datetime import timedelta

import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from portal.site.bootstrap import make_site
from portal.site.management.commands.second_factor_code import code_of
from tests.factories.accounts import SECRET
from tests.factories.procurement import NOW, make_published, make_question
from tests.journeys.joining import Person
from tests.journeys.recording import Recorder
from tests.journeys.scenes import make_orderer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def official(transactional_db, live_server, settings, passing_time):
    settings.PORTAL_BASE_URL = live_server.url
    make_site()
    official = make_orderer()
    competition = make_published(user=official, now=NOW)
    passing_time.move_to(NOW + timedelta(days=2))
    make_question(competition, now=passing_time.now())
    return official


def test_official_sees_what_is_due_this_week(browse, official):
    person = Person(browse(360, 780, is_mobile=True, has_touch=True))
    page, record = person.page, Recorder("official")

    page.goto("/")
    record.picture(page, "home")
    person.follow(_("Order services"))
    person.sign_in(official.email)
    page.locator("#id_code").fill(code_of(SECRET))
    person.press(_("Sign in"))
    expect(page.locator("h2", has_text=str(_("What is due")))).to_be_visible()
    duties = page.locator(".duties li")
    expect(duties.first.locator(".when")).not_to_be_empty()
    record.picture(page, "due")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    duties.first.get_by_role("link").click()
    expect(page.locator("main h1")).not_to_be_empty()
    record.picture(page, "question")
