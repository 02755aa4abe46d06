"""The link of a letter and the tap about free places in a real browser, with its own ideas of origins and forms."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from registry.domain.freshness import materialise_freshness
from registry.domain.reminders import send_reminders
from registry.models import Availability, RegisterEntry, Reminder, Verification
from tests.factories.accounts import PASSWORD
from tests.factories.freshness import make_rule, make_speaker
from tests.factories.registry import make_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked(db) -> tuple[RegisterEntry, str]:
    """Return a provider who was asked a moment ago, and the path of the link."""
    make_rule()
    now = timezone.now()
    entry = make_provider(now=now - timedelta(days=200), included_on=timezone.localdate() - timedelta(days=200))
    materialise_freshness(now=now)
    send_reminders(now=now)
    text = OutboxMessage.objects.get(kind="mail").payload["text"]
    return entry, re.search(r"/registry/confirm/\S+", text)[0]


def test_one_press_confirms_the_card(browse, asked):
    entry, link = asked
    page = browse(390, 844).new_page()

    page.goto(f"/en{link}")
    page.get_by_role("button", name="All is still right").click()
    page.get_by_role("heading", name="The answer is recorded").wait_for()

    entry.refresh_from_db()
    assert entry.verified_on == timezone.localdate()
    assert Verification.objects.get().method == "link"


def test_fault_in_the_day_is_mended_and_the_answer_recorded(browse, asked):
    _entry, link = asked
    page = browse(390, 844).new_page()

    page.goto(f"/en{link}")
    page.get_by_label("Closed until, if you know").fill("2020-01-01")
    page.get_by_label("In a sentence, if you like").fill("Ремонт даху")
    page.get_by_role("button", name="Report that you are closed").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("In a sentence, if you like").input_value() == "Ремонт даху"
    page.get_by_label("Closed until, if you know").fill((timezone.localdate() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Report that you are closed").click()
    page.get_by_role("heading", name="The answer is recorded").wait_for()

    assert Reminder.objects.get().answer == "closed"


def test_one_tap_says_how_many_places_are_free(browse, asked):
    entry, _link = asked
    person = make_speaker(entry)
    page = browse(390, 844).new_page()
    page.goto("/en/account/login/?next=/en/cabinet/availability/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/en/cabinet/availability/")

    page.get_by_role("button", name="One more: 1").click()
    page.get_by_role("button", name="One more: 2").click()
    page.get_by_text("2 free places").wait_for()

    assert page.url.endswith("/en/cabinet/availability/")
    assert Availability.objects.get().free_places == 2
