"""Pages of alerts and letters in a real browser: no barrier that axe-core knows, no sideways scroll, no lost typing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from procurement.domain.news.alerts import About, ask_for_news, confirm_alert, stop_token
from tests.browser.conftest import browse, chromium
from tests.browser.test_axe import AXE, RUN
from tests.factories.registry import make_catalogue, make_territories
from tests.news.announcing import NOW, extend, make_announced
from tests.news.test_alert_news import READER, make_alert, send
from tests.news.test_alerts import LINK

__all__ = ["browse", "chromium"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses():
    """Return the addresses of the pages, by what they show."""
    places, words = make_territories(), make_catalogue()
    competition = make_announced()
    now = timezone.now()
    about = About(place_id=places.dykanska.pk, service_id=words.home_care.pk)
    ask_for_news(email=READER, about=about, language="uk", address="203.0.113.7", now=now)
    asked = LINK.search(OutboxMessage.objects.get(kind="mail").payload["text"])[1]
    ask_for_news(email=READER, about=About(), language="uk", address="203.0.113.7", now=now)
    token = LINK.search(OutboxMessage.objects.filter(kind="mail").last().payload["text"])[1].split("/")[-2]
    active = confirm_alert(token=token, now=now)
    make_alert(competition=competition)
    stopped = make_alert("", state="stopped", stopped_at=NOW)
    return {
        "ask": "/alerts/",
        "ask, filled in": f"/alerts/?service=home-care&hromada={places.dykanska.code}",
        "ask of one": f"/alerts/?competition={competition.number}",
        "ask of an unknown one": "/alerts/?competition=2020-00001",
        "asked": "/alerts/asked/",
        "confirm": asked,
        "confirmed": f"/alerts/confirm/{token}/",
        "stop": f"/alerts/stop/{stop_token(active.confirm_digest)}/",
        "stopped": f"/alerts/stop/{stop_token(stopped.confirm_digest)}/",
        "unknown link": "/alerts/stop/nonsense/",
        "ask in English": "/en/alerts/",
    }


def look(page, name, found, width):
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE)
    if problems := page.evaluate(RUN):
        found[name] = problems
    if page.evaluate("() => document.documentElement.scrollWidth") > width:
        found[f"{name}, width"] = page.evaluate("() => document.documentElement.scrollWidth")


@pytest.mark.parametrize(("width", "height"), [(360, 780), (1280, 900)])
def test_pages_of_alerts_have_no_barrier_and_fit(browse, addresses, width, height):
    page = browse(width, height).new_page()
    found = {}
    for name, address in addresses.items():
        page.goto(address)
        look(page, name, found, width)
    page.goto(addresses["ask"])
    page.locator("#f-email").fill("no address")
    page.locator("form.report button.button:not(.quiet)").click()
    look(page, "ask, wrong", found, width)

    assert found == {}


def test_hromadas_follow_the_oblast_and_the_address_stays_typed(browse, addresses):
    places = make_territories()
    page = browse(390, 844).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/alerts/")
    page.locator("#f-email").fill("typed@mail.example")
    page.locator("#f-oblast").select_option(places.poltavska.code)
    page.locator(f"#f-hromada option[value='{places.dykanska.code}']").wait_for(state="attached")

    page.locator("#f-hromada").select_option(places.dykanska.code)
    page.locator("form.report button.button:not(.quiet)").click()
    page.wait_for_url(re.compile("/alerts/asked/"))

    assert not [url for url in asked if "mail.example" in url]
    assert page.locator("h1").count() == 1


def test_letters_fit_a_phone(browse, addresses):
    competition = make_announced()
    make_alert()
    extend(competition, now=NOW + timedelta(days=2))
    page = browse(390, 844).new_page()
    found = {}
    for letter in send():
        page.set_content(letter.alternatives[0].content)
        look(page, letter.subject, found, 390)

    assert [name for name in found if "width" in name] == []
