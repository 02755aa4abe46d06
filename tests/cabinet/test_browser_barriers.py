"""The cabinet in a real browser: pages without a barrier, and the keyboard alone."""

import pytest
from playwright.sync_api import expect

from registry.domain.examination import ask_correction, take_application
from tests.browser.conftest import browse, chromium, enter
from tests.browser.obstacles import obstacles
from tests.browser.test_axe import AXE, RUN
from tests.cabinet.posting import write
from tests.factories.accounts import make_mandate, make_official, make_organisation
from tests.factories.applications import NOW, make_submitted, save
from tests.factories.registry import make_territories, next_edrpou

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_error_summary_leads_to_the_field_from_the_keyboard(cabinet, enter):
    save(cabinet.draft, {"sites/1/kind": "legal"})
    page = enter(cabinet.client).new_page()
    page.goto(cabinet.url("sites/1/?missing=1"))

    expect(page.locator("[data-portal-errors]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("[name='sites/1/territory']")).to_be_focused()
    expect(page.locator("[name='sites/1/territory']")).to_be_in_viewport()


def test_sheet_is_filled_in_from_the_keyboard(cabinet, enter):
    page = enter(cabinet.client).new_page()
    page.goto(cabinet.url("organisation/"))

    page.locator("[name='organisation/short_name']").focus()
    page.keyboard.type("Турбота")
    page.keyboard.press("Tab")
    expect(page.locator("[name='organisation/legal_form']")).to_be_focused()
    page.locator("[name='organisation/short_name']").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{cabinet.url()}")
    assert cabinet.content["organisation/short_name"] == "Турбота"


@pytest.fixture
def everything(full, enter) -> dict[str, str]:
    """Return one address of every page of the cabinet, by what it shows."""
    registrar = make_official("registrar", make_territories().poltavska)
    other = make_organisation(code=next_edrpou(), name="ГО «Подана»")
    make_mandate(full.user, other)
    corrected = make_submitted(organisation=other, user=full.user)
    take_application(application_id=corrected.pk, user=registrar, now=NOW)
    fields = ["services/1/content", "sites/1/territory", "services/1/groups", "criteria/1/staff/document"]
    ask_correction(application_id=corrected.pk, user=registrar, fields=fields, comment="Докладніше.", now=NOW)
    paths = {
        "tasks": "",
        "organisation": "organisation/",
        "addresses": "sites/",
        "address": "sites/1/",
        "taking out": "sites/1/remove/",
        "contacts": "contacts/",
        "services": "services/",
        "service": "services/1/",
        "criteria": "criteria/",
        "criteria of a service": "criteria/1/",
        "consents": "consents/",
        "check": "check/",
        "file": "file/",
        "throwing away": "withdraw/",
    }
    told = {name: full.url(path) for name, path in paths.items()}
    asked = f"/cabinet/applications/{corrected.pk}/"
    return told | {
        "home": "/cabinet/",
        "home in English": "/en/cabinet/",
        "submitted": asked,
        "receipt": f"{asked}receipt/",
        "correction": f"{asked}correction/",
        "withdrawing": f"{asked}withdraw/",
    }


def test_pages_have_no_barrier_known_to_axe_and_fit_the_screen(full, enter, everything):
    page = enter(full.client).new_page()
    said, found = [], {}
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda answer: said.append(answer.url) if answer.status == 404 else None)
    for name, address in everything.items():
        page.goto(address)
        if problems := obstacles(page):
            found[name] = problems

    assert (found, said) == ({}, [])


@pytest.mark.parametrize("size", [(390, 844), (1280, 900)])
def test_pages_with_faults_have_no_barrier_known_to_axe(cabinet, enter, size):
    save(cabinet.draft, {"sites/1/kind": "legal", "services/1/service_type": "home-care", "contacts/1/kind": "phone"})
    page = enter(cabinet.client, size).new_page()
    found = {}
    for path in ("check/", "sites/1/?missing=1", "services/1/?missing=1", "criteria/1/?missing=1"):
        page.goto(cabinet.url(path))
        page.evaluate(AXE)
        if problems := page.evaluate(RUN):
            found[path] = problems
    page.goto(cabinet.url("sites/1/"))
    page.locator("[name='sites/1/territory']").fill("Полтав")
    page.locator(".save-bar .button").first.click()
    page.locator(".namesakes").wait_for()
    page.evaluate(AXE)
    if problems := page.evaluate(RUN):
        found["namesakes"] = problems
    page.goto(cabinet.url("organisation/"))
    write(cabinet, {"about/about": "Чуже"})
    page.locator("[name='about/about']").fill("Моє")
    page.locator("h1").click()
    page.locator("[data-portal-conflicts]").wait_for()
    page.evaluate(AXE)
    if problems := page.evaluate(RUN):
        found["conflicts"] = problems

    assert found == {}
