"""A proposal in a real browser: the network lost in between, two windows, sums that follow, no barrier, a phone."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import browse, chromium, enter
from tests.browser.obstacles import obstacles
from tests.factories.accounts import make_mandate, make_person
from tests.factories.procurement import change, make_bidder, make_published
from tests.factories.proposals import begin, fill_proposal, submit
from tests.proposals.conftest import Bidder

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = ((360, 780), (1280, 900))


@pytest.fixture
def writing(sign_in) -> Bidder:
    """Return a bidder in a competition that runs by the clock of this machine, as the served pages read it."""
    now = timezone.now()
    competition = make_published(now=now - timedelta(days=1))
    organisation, user = make_bidder()
    colleague = make_person()
    make_mandate(colleague, organisation, "editor")
    proposal = begin(competition, organisation, user, now=now)
    return Bidder(competition, organisation, user, sign_in(user), colleague, sign_in(colleague), proposal)


@pytest.fixture
def whole(writing) -> Bidder:
    fill_proposal(writing.proposal, writing.user, now=timezone.now())
    return writing


def field(page, path: str):
    return page.locator(f"[name='{path}']")


def says(page, name: str) -> None:
    line = page.locator("[data-portal-state]")
    words = re.escape(line.get_attribute(f"data-{name}")).replace(r"\{time\}", ".+")
    expect(line).to_have_text(re.compile(words))


def eventually(holds) -> None:
    for _ in range(80):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError


def copies(page) -> list[str]:
    return page.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('portal-draft:'))")


def test_answers_survive_a_lost_network_and_a_closed_page(writing, enter):
    window = enter(writing.client)
    page = window.new_page()
    page.goto(writing.url("section/staff/"))
    offered = page.locator(".filled-row.offered input").first.get_attribute("name")
    window.set_offline(True)
    field(page, offered).fill("Соціальний робітник")
    says(page, "offline")
    page.locator(".save-bar .button").click()
    says(page, "offline")
    page.close()

    window.set_offline(False)
    page = window.new_page()
    page.goto(writing.url("section/staff/"))

    expect(field(page, offered)).to_have_value("Соціальний робітник")
    eventually(lambda: writing.content.get(offered) == "Соціальний робітник")
    eventually(lambda: copies(page) == [])


def test_sums_and_questions_follow_the_answers(writing, enter):
    page = enter(writing.client).new_page()
    page.goto(writing.url("section/offer/"))
    field(page, "offer/lots/1/volume").fill("1800")
    field(page, "offer/lots/1/tariff").fill("175,50")
    page.locator("h1").click()
    expect(page.locator("[data-portal-sum='offer/total']")).to_have_text(re.compile("315.900,00"))

    page.goto(writing.url("section/criteria/"))
    note = field(page, "criteria/tax_debt_note")
    expect(note).to_be_hidden()
    page.locator("[id='f-criteria/tax_debt-yes']").check()
    expect(note).to_be_visible()
    page.locator("[id='f-criteria/tax_debt-no']").check()
    expect(note).to_be_hidden()


def test_two_windows_at_one_field_are_told_and_choose(writing, enter):
    mine, theirs = enter(writing.client).new_page(), enter(writing.colleague).new_page()
    for page in (mine, theirs):
        page.goto(writing.url("section/service/"))
    field(theirs, "service/content").fill("Чуже слово")
    theirs.locator("h1").click()
    says(theirs, "saved")
    field(mine, "service/content").fill("Моє слово")
    field(mine, "service/place").fill("Диканька")

    panel = mine.locator("[data-portal-conflicts]")
    expect(panel).to_contain_text("Чуже слово")
    expect(panel).to_contain_text(str(writing.colleague_user))
    panel.locator("[value=mine]").check()
    panel.get_by_role("button").click()

    expect(field(mine, "service/content")).to_have_value("Моє слово")
    assert writing.content["service/content"] == "Моє слово"
    assert writing.content["service/place"] == "Диканька"


def test_double_press_submits_once_and_local_copies_go_away(whole, enter):
    page = enter(whole.client).new_page()
    page.goto(whole.url("check/"))
    page.evaluate(f"() => localStorage.setItem('portal-draft:{whole.user.pk}:{whole.proposal.pk}:x/y', '{{}}')")

    page.locator(".submit .button").dblclick()

    page.wait_for_url("**/receipts/1/")
    assert copies(page) == []
    assert whole.proposal.revisions.count() == 1


def test_whole_way_without_javascript(whole, enter):
    page = enter(whole.client, java_script_enabled=False).new_page()
    page.goto("/cabinet/")
    page.locator("#proposals ~ .tasks a").first.click()
    page.locator("ol.tasks a").nth(4).click()
    field(page, "service/place").fill("Без скриптів")
    page.locator(".save-bar .button").click()
    page.wait_for_url(f"**{whole.url()}")
    page.locator(".actions .button").click()
    page.locator(".submit .button").click()

    page.wait_for_url("**/receipts/1/")
    assert whole.content["service/place"] == "Без скриптів"


def pages_of(bidder: Bidder) -> dict[str, str]:
    """Return one address of every page, by what it shows."""
    sections = ("about", "criteria", "experience", "staff", "service", "offer", "documents", "statements")
    return {
        "cabinet": "/cabinet/",
        "conditions": f"/cabinet/proposals/start/{bidder.competition.number}/",
        "tasks": bidder.url(),
        **{code: bidder.url(f"section/{code}/?missing=1") for code in sections},
        "partners": bidder.url("partners/"),
        "check": bidder.url("check/"),
        "file": bidder.url("file/"),
    }


def barriers(page, addresses: dict[str, str]) -> dict[str, list]:
    found = {}
    for name, address in addresses.items():
        page.goto(address)
        if problems := obstacles(page, SIZES):
            found[name] = problems
    return found


def test_pages_have_no_barrier_and_fit(writing, enter):
    page = enter(writing.client).new_page()

    assert barriers(page, pages_of(writing)) == {}


def test_pages_of_a_submitted_proposal_have_no_barrier_and_fit(whole, enter):
    submit(whole.proposal, whole.user, now=timezone.now())
    change(whole.competition, now=timezone.now())
    told = {name: whole.url(path) for name, path in {"receipt": "receipts/1/", "withdraw": "withdraw/"}.items()}
    told |= {"tasks": whole.url(), "announcement": whole.url("announcement/"), "check": whole.url("check/")}
    page = enter(whole.client).new_page()

    assert barriers(page, told) == {}
