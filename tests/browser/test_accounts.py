"""Pages of accounts and the cabinet's people in a real browser: no barrier, no sideways scroll, the keyboard is enough."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.accounts import mandates
from portal.accounts.models import Claim
from portal.kernel.models import OutboxMessage
from portal.site.management.commands.second_factor_code import code_of
from tests.browser.test_axe import AXE, RUN
from tests.factories.accounts import (
    PASSWORD,
    give_second_factor,
    make_mandate,
    make_official,
    make_organisation,
    make_person,
)
from tests.factories.registry import make_provider, next_edrpou

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENTRANCE = (
    "/account/login/",
    "/account/signup/",
    "/account/confirm/",
    "/account/confirm/nope/",
    "/account/password/reset/",
    "/account/password/reset/sent/",
    "/account/password/reset/done/",
    "/account/password/reset/1-nope/",
    "/account/closed/",
    "/en/account/login/",
)
CABINET = (
    "/cabinet/claim/",
    "/cabinet/people/",
    "/cabinet/security/",
    "/cabinet/invitations/nope/",
    "/account/password/change/",
    "/account/second-factor/set-up/",
    "/account/logout/",
    "/account/again/",
)


@pytest.fixture
def boss(transactional_db):
    person = make_person("boss@provider.example")
    mandate = make_mandate(person, make_organisation(name="ГО «Дуже довга назва організації, що допомагає людям»"))
    make_mandate(make_person(), mandate.organisation, "editor", valid_to="2030-01-01")
    make_mandate(make_person(), mandate.organisation, "editor", valid_to="2026-02-01")
    mandates.invite_person(
        user=person,
        organisation_id=mandate.organisation_id,
        email="a.very.long.address.of.a.person@a.very.long.domain.example",
        scope="editor",
        valid_to=None,
        now=timezone.now(),
    )
    return mandate


def enter(page, user) -> None:
    page.goto("/account/login/")
    page.locator("#id_login").fill(user.email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_load_state()


def judge(page, found, name) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
    page.evaluate(AXE)
    if problems := page.evaluate(RUN):
        found[name] = problems
    width = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if width > 0:
        found[f"{name}, width"] = width


def press(page, button) -> None:
    """Press a button that sends a form, and wait for the page that answers: axe judges whole pages."""
    with page.expect_navigation():
        page.locator(button).click()


@pytest.mark.parametrize(("width", "height"), [(360, 780), (1280, 900)])
def test_pages_of_entrance_have_no_barrier(browse, transactional_db, width, height):
    page, found = browse(width, height).new_page(), {}
    for address in ENTRANCE:
        page.goto(address)
        judge(page, found, address)
    page.goto("/account/signup/")
    page.locator("#id_email").fill("x@y.example")
    page.locator("main button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    judge(page, found, "sign-up, problems")
    for _ in range(5):
        page.goto("/account/login/")
        page.locator("#id_login").fill("nobody@x.example")
        page.locator("#id_password").fill("wrong")
        press(page, "main button")
    judge(page, found, "locked out")
    expect(page.locator("h1")).to_be_visible()

    assert found == {}


@pytest.mark.parametrize(("width", "height"), [(360, 780), (1280, 900)])
def test_pages_of_the_cabinet_have_no_barrier(browse, boss, width, height):
    page, found = browse(width, height).new_page(), {}
    card = make_provider()
    enter(page, boss.person)
    people = f"/cabinet/organisations/{boss.organisation_id}/people/"
    for address in (*CABINET, people, f"/cabinet/mandates/{boss.pk}/revoke/"):
        page.goto(address)
        judge(page, found, address)
    page.goto("/cabinet/claim/")
    page.locator("#id_code").fill("123")
    press(page, "main button[name=look]")
    judge(page, found, "claim, problems")
    page.locator("#id_code").fill(card.organisation.code)
    press(page, "main button[name=look]")
    judge(page, found, "claim, card found")
    press(page, "main form button")
    judge(page, found, "claim, more problems")
    page.locator("#id_scope_0").check()
    page.locator("#id_statement").fill("директорка")
    press(page, "main form button")
    judge(page, found, "claim made")
    page.goto(people)
    press(page, "main form.entrance button")
    judge(page, found, "people, problems")

    assert found == {}


def test_official_passes_two_factors_with_the_keyboard_alone(browse, transactional_db):
    user = make_official("registrar")
    page = browse(390, 844).new_page()
    page.goto("/admin/")
    page.locator("#id_login").focus()
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("svg.qr")).to_be_visible()
    secret = page.locator(".steps code").inner_text()
    found = {}
    judge(page, found, "set-up")
    page.locator("#id_code").focus()
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    judge(page, found, "codes")
    with page.expect_download() as download:
        page.locator(".actions a[download]").click()
    assert len(download.value.path().read_text().split()) == 10
    page.goto("/admin/")
    page.wait_for_url("**/admin/")

    assert found == {}


def test_person_gives_the_second_factor_on_a_page_without_barriers(browse, transactional_db):
    user = make_person()
    (code, *_rest) = give_second_factor(user)
    page, found = browse(390, 844, java_script_enabled=True).new_page(), {}
    enter(page, user)
    judge(page, found, "second factor")
    page.locator("#id_code").fill("000000")
    press(page, "main button")
    judge(page, found, "second factor, wrong")
    page.locator("#id_code").fill(code)
    press(page, "main button")
    page.goto("/cabinet/security/")
    judge(page, found, "security")
    expect(page.locator(".tag.ok")).to_be_visible()

    assert found == {}


def test_whole_way_works_without_javascript(browse, transactional_db):
    page = browse(360, 780, java_script_enabled=False).new_page()
    page.goto("/account/signup/")
    for name, text in {
        "email": "new@x.example",
        "first_name": "Ірина",
        "last_name": "Ко",
        "password1": PASSWORD,
    }.items():
        page.locator(f"#id_{name}").fill(text)
    page.locator("main button").click()
    letter = OutboxMessage.objects.get().payload["text"]
    page.goto(re.search(r"https?://[^/]+(/\S+)", letter).group(1))
    page.locator("main button").click()
    page.locator("#id_login").fill("new@x.example")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main button").click()
    page.goto("/cabinet/claim/")
    page.locator("#id_code").fill(next_edrpou())
    page.locator("main button[name=look]").click()
    page.locator("#id_name").fill("ГО «Нова»")
    page.locator("#id_scope_0").check()
    page.locator("#id_statement").fill("голова правління")
    page.locator("main form button").click()
    expect(page.locator(".facts")).to_contain_text("голова правління")

    assert Claim.objects.get().made_organisation is True
