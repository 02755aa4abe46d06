"""Pages of competitions in a real browser: no barrier that axe-core knows, no sideways scroll, htmx and without it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from portal.site.bootstrap import make_site
from procurement.models import Competition
from tests.browser.obstacles import obstacles
from tests.browser.test_axe import AXE, RUN
from tests.competition_pages.notices import NOTICES, enter
from tests.factories.accounts import make_mandate, make_organisation, make_person
from tests.factories.ordering import make_official_who_orders, make_specification
from tests.factories.procurement import answer, change, make_cancelled, make_published, make_question
from tests.factories.rule_profiles import make_profile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


@pytest.fixture
def addresses(transactional_db) -> dict[str, str]:
    """Fill the portal with competitions and return the addresses worth opening, by what they show."""
    make_site()
    now = timezone.now()
    for notice in NOTICES:
        enter(notice)
    official = make_official_who_orders()
    cancelled = make_cancelled(user=official, now=now - 30 * DAY, title="Відмінений конкурс")
    make_profile(proposals_window=15, question_answer=3)
    lots = [
        make_specification(title="Догляд вдома, північ громади"),
        make_specification(title="Догляд вдома, південь громади", standard="Проєкт стандарту", standard_is_draft=True),
    ]
    running = make_published(user=official, now=now - 8 * DAY, lots=lots, is_demo=True)
    first = make_question(running, now=now - 7 * DAY, text="Чи можна подати пропозицію на частину лота? " * 6)
    answer(first, user=official, now=now - 6 * DAY)
    make_question(running, now=now - 5 * DAY)
    change(running, user=official, now=now - 4 * DAY, requirements="Надавач із Реєстру, досвід не менше року. " * 5)
    held = make_published(user=official, now=now - 21 * DAY, title="Конкурс, закінчення якого відкладено")
    make_question(held, now=now - 20 * DAY)
    number = running.number
    return {
        "list": "/competitions/",
        "list, filtered": "/competitions/?phase=accepting&oblast=UA53000000000028050&sum_from=1000&sort=sum",
        "list, problems": "/competitions/?phase=nope&service=nope&sum_from=x&sum_to=y&page=x&sort=x&hromada=x",
        "list, nothing": "/competitions/?q=ракета&phase=accepting",
        "list in English": "/en/competitions/",
        "competition": f"/competitions/{number}/",
        "competition in English": f"/en/competitions/{number}/",
        "held competition": f"/competitions/{held.number}/",
        "cancelled competition": f"/competitions/{cancelled.number}/",
        "real notice": f"/competitions/{_of_many_lots()}/",
        "version": f"/competitions/{number}/versions/2/",
        "sealing": "/competitions/sealing/",
        "sealing in English": "/en/competitions/sealing/",
    }


def _of_many_lots() -> str:
    return Competition.objects.get(hromada__code="UA73060610000066784").number


def test_pages_have_no_barrier_known_to_axe_and_fit(browse, addresses):
    sizes = ((360, 780), (1280, 900))
    page = browse(*sizes[0]).new_page()
    wrong = {}
    page.on("console", lambda said: wrong.update({said.text: said.type}) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.update({str(error): "error"}))
    for name, address in addresses.items():
        page.goto(address)
        if problems := obstacles(page, sizes):
            wrong[name] = problems

    assert wrong == {}


def test_asking_on_a_phone(browse, addresses, sign_in, live_server):
    person = make_person()
    make_mandate(person, make_organisation())
    window = browse(360, 780)
    name = settings.SESSION_COOKIE_NAME
    window.add_cookies([{"name": name, "value": sign_in(person).cookies[name].value, "url": live_server.url}])
    page = window.new_page()
    page.goto(addresses["competition"] + "ask/")
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []
    page.locator("#send").click()
    page.locator(".error-summary").wait_for()
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    page.locator("#id_text").fill("Чи потрібен власний автомобіль?")
    page.locator("#send").click()
    page.locator("#question-3").wait_for()
    assert "Чи потрібен власний автомобіль?" in page.locator("#question-3").inner_text()


def test_list_narrows_without_loading_the_page_anew(browse, addresses):
    page = browse(1280, 900).new_page()
    page.goto(addresses["list"])
    page.evaluate("() => { window.same = true }")
    page.locator("#f-phase-cancelled").check()
    page.locator(".chips").wait_for()

    assert page.evaluate("() => window.same")
    assert page.url.endswith("?phase=cancelled")
    assert page.locator(".competition-row").count() == 1


def test_list_narrows_without_scripts(browse, addresses):
    page = browse(360, 780, java_script_enabled=False).new_page()
    page.goto(addresses["list"])
    page.locator("#d-filters > summary").click()
    page.locator("#f-phase-cancelled").check()
    page.locator("#filters button").click()

    assert "phase=cancelled" in page.url
    assert page.locator(".competition-row").count() == 1
    assert reverse("procurement:competition", args=["x"]).startswith("/competitions/")
