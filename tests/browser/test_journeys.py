"""What a visitor does, with JavaScript and without it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_visitor_without_javascript_finds_a_provider_and_takes_the_list_away(browse, world):
    page = browse(360, 780, java_script_enabled=False, accept_downloads=True).new_page()

    page.goto("/")
    page.get_by_role("link", name=re.compile("care|догляд", re.IGNORECASE)).first.click()
    page.goto("/registry/")
    page.locator("#d-filters > summary").click()
    page.locator("#f-service-shelter").check()
    page.locator("#filters .actions button").click()
    assert "service=shelter" in page.url
    expect(page.locator(".hit")).to_have_count(1)

    page.get_by_role("link", name="ГО «Прихисток»").click()
    expect(page.locator("h1")).to_have_text("ГО «Прихисток»")
    assert "вул. Схована" not in page.content()

    page.locator(".entry-contact a[href$='/history/']").click()
    expect(page.locator(".timeline > li")).to_have_count(1)

    page.goto("/registry/?service=shelter")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).first.click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Прихисток" in text
    assert "Схована" not in text


def test_visitor_with_javascript_narrows_the_list_without_reloading(browse, world):
    page = browse(1280, 900).new_page()
    page.goto("/registry/")
    page.evaluate("() => { window.stayed = true; }")

    page.locator("#f-service-shelter").check()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator("#f-service-shelter")).to_be_focused()
    expect(page.locator("[data-portal-said]")).to_contain_text("1")
    assert "service=shelter" in page.url

    page.locator("#f-service-shelter").uncheck()
    expect(page.locator(".hit")).to_have_count(20)

    page.locator("#f-oblast").select_option("UA53000000000028050")
    expect(page.locator("#f-hromada option")).to_have_count(3)
    page.locator("#f-hromada").select_option("UA53080130000079450")
    expect(page.locator(".chips")).to_contain_text("Диканська громада")
    assert page.evaluate("() => window.stayed") is True

    page.evaluate("() => history.back()")
    expect(page.locator("#f-hromada")).to_have_value("")
    page.reload()
    expect(page.locator("#f-oblast")).to_have_value("UA53000000000028050")


def test_visitor_searches_words_with_the_enter_key(browse, searchable):
    page = browse(360, 780).new_page()
    page.goto("/registry/")

    page.locator("#f-q").fill("прихисток")
    page.locator("#f-q").press("Enter")

    page.wait_for_url("**/search/?q=*")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(".hit .where").first).to_contain_text("ГО «Прихисток»")


def test_visitor_narrows_a_register_link_with_words(browse, world):
    page = browse(1280, 900).new_page()
    page.goto("/registry/?q=прихисток")
    expect(page.locator(".hit")).to_have_count(1)

    page.locator("#f-service-shelter").check()

    expect(page.locator(".chips")).to_contain_text("Надання притулку")
    expect(page.locator(".chips")).to_contain_text("«прихисток»")
    expect(page.locator(".hit")).to_have_count(1)
    assert "q=" in page.url


def test_visitor_reaches_the_content_and_the_filters_from_the_keyboard(browse, world):
    page = browse(1280, 900).new_page()
    page.goto("/registry/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#f-q")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#f-oblast")).to_be_focused()
