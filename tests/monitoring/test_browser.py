"""The form of a visit on a phone: a reload, a day without network, two devices, nothing twice; the pages at both widths."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.kernel import clock
from procurement.domain.monitoring.merging import others_of
from procurement.models import VisitSubmission
from tests.browser.conftest import PHONE, browse, chromium, enter
from tests.browser.test_axe import AXE, RUN
from tests.factories.contracts import NOW, make_contract, make_typed_ground
from tests.factories.monitoring import make_finding, make_risk_card, make_visit, reply
from tests.monitoring.acting import planned, provider_of, seen, send

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("PORTAL_SHOTS", "")
ROOT = "/en/cabinet/contracting"


@pytest.fixture
def july(monkeypatch):
    """Let it be July for the served pages too."""
    monkeypatch.setattr(clock, "moment", lambda: NOW)


@pytest.fixture
def device(enter, sign_in):
    """Return a function that gives the official a device whose clock stands, with the form of a visit open on it."""

    def give(visit, time):
        window = enter(sign_in(visit.contract.created_by), PHONE, is_mobile=True, has_touch=True)
        window.set_default_timeout(20_000)
        page = window.new_page()
        page.clock.set_fixed_time(f"2027-07-13T{time}:00Z")
        page.goto(f"{ROOT}/visits/{visit.pk}/form/")
        page.locator("[data-portal-ready]").wait_for()
        return window, page

    return give


def mark(page, code, answer):
    page.locator(f"label[for=f-{code}-{answer}]").click()


def state(page):
    return page.locator("[data-portal-visit-state]")


def test_form_survives_a_reload_a_day_without_network_and_two_devices(device, july):
    make_typed_ground("violation")
    visit = planned(make_contract())
    window, page = device(visit, "09:00")
    window.set_offline(True)
    page.reload()
    mark(page, "journal", "breach")
    page.fill("#f-journal-text", "Журнал не ведеться.")
    mark(page, "individual-plan", "ok")
    page.get_by_role("button", name="One more finding").click()
    page.locator("[data-portal-extra]").last.get_by_label("What was found").fill("Холодно.")
    page.fill("#f-notes", "Директор обіцяв.")
    page.close()

    page = window.new_page()
    page.clock.set_fixed_time("2027-07-14T08:00:00Z")
    page.goto(f"{ROOT}/visits/{visit.pk}/form/")
    assert page.input_value("#f-journal-text") == "Журнал не ведеться."
    assert page.is_checked("#f-journal-breach")
    assert page.locator("[data-portal-extra]").last.get_by_label("What was found").input_value() == "Холодно."
    page.get_by_role("button", name="Send what was seen").click()
    expect(state(page)).to_contain_text("No network")
    assert VisitSubmission.objects.count() == 0

    _other, tablet = device(visit, "12:00")
    mark(tablet, "journal", "ok")
    mark(tablet, "schedule", "ok")
    tablet.get_by_role("button", name="Send what was seen").click()
    expect(state(tablet)).to_contain_text("Everything is sent")

    lost = []

    def lose_the_first_answer(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route("**/send/", lose_the_first_answer)
    window.set_offline(False)
    expect(state(page)).to_contain_text("No network")
    page.get_by_role("button", name="Send what was seen").click()
    expect(state(page)).to_contain_text("Another device answered")

    assert (lost, VisitSubmission.objects.count()) == ([200], 2)
    visit.refresh_from_db()
    answers = {row.code: row for row in visit.answers.all()}
    extra = next(code for code in answers if code.startswith("extra-"))
    assert {code: row.answer for code, row in answers.items()} == {
        "journal": "ok",
        "schedule": "ok",
        "individual-plan": "ok",
        extra: "breach",
    }
    assert [one["finding"]["text"] for one in others_of(answers["journal"])] == ["Журнал не ведеться."]
    assert (answers[extra].finding["text"], visit.notes) == ("Холодно.", "Директор обіцяв.")
    assert page.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('portal-visit:'))") == []


def test_pages_have_no_barrier_and_fit_a_phone(enter, sign_in, live_server, july):
    contract = make_contract()
    make_risk_card(contract)
    waiting = make_contract(created_by=contract.created_by)
    make_risk_card(waiting)
    planned(waiting, basis="risk")
    make_contract(created_by=contract.created_by)
    make_typed_ground("notice")
    held = planned(contract)
    send(held, {"journal": seen("breach", at=NOW)}, device="phone")
    send(held, {"journal": seen("ok", note="Показали журнал.", at=NOW)}, device="tablet", notes="Тихо.")
    visit = make_visit(contract)
    finding = make_finding(visit)
    reply(finding)
    desk = {
        "plan": "/plan/",
        "visits": f"/contracts/{contract.pk}/visits/",
        "visit-new": f"/contracts/{contract.pk}/visits/new/",
        "visit-held": f"/visits/{held.pk}/",
        "visit-form": f"/visits/{held.pk}/form/",
        "conclude": f"/visits/{held.pk}/conclude/",
        "findings": f"/contracts/{contract.pk}/findings/",
        "finding": f"/findings/{finding.pk}/",
        "notice-new": f"/contracts/{contract.pk}/notices/new/?finding={finding.pk}",
    }
    own = {
        "own-findings": "/en/cabinet/contracts/findings/",
        "own-finding": f"/en/cabinet/contracts/findings/{finding.pk}/",
    }

    for user, pages in ((contract.created_by, {k: ROOT + v for k, v in desk.items()}), (provider_of(contract), own)):
        page = enter(sign_in(user), PHONE).new_page()
        for name, address in pages.items():
            page.goto(live_server.url + address)
            page.evaluate(AXE)
            for size in (PHONE, (1280, 900)):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                if SHOTS:
                    page.screenshot(path=Path(SHOTS) / f"k3-{name}-{size[0]}.png", full_page=True)
                # at the end of the page the bar of the form lies over nothing
                page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
                assert page.evaluate(RUN) == [], (name, size)
                wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert wide <= 0, (name, size, wide)
