"""Somebody in trouble looks for help: from the keyboard alone, without JavaScript, on a phone, near where they are."""

import re

import pytest
from playwright.sync_api import expect

from search.models import UnmetNeed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPTION = "[role=option]"


def test_help_is_found_without_javascript(browse, searchable):
    page = browse(360, 780, java_script_enabled=False).new_page()

    page.goto("/")
    page.locator("#q").fill("догляд вдома в Диканьці")
    page.locator(".ask button").click()
    expect(page).to_have_url(re.compile(r"/search/\?q="))
    expect(page.locator(".chips")).to_contain_text("Диканька")
    expect(page.locator(".hit").first).to_contain_text("Догляд вдома")
    expect(page.locator(".hit .call a").first).to_have_attribute("href", re.compile(r"^tel:\+38"))
    expect(page.locator("[data-portal-map]")).to_be_hidden()
    expect(page.locator("[data-portal-near]")).to_be_hidden()

    page.locator("#d-filters > summary").click()
    page.locator("#f-form-home").check()
    page.locator("#filters .actions button").click()
    assert "form=home" in page.url
    expect(page.locator("#f-q")).to_have_value("догляд вдома в Диканьці")

    page.locator(".pages a[rel=next]").click()
    assert "page=2" in page.url
    assert "form=home" in page.url

    page.locator(".chips a", has_text="Диканька").click()
    expect(page.locator("#f-q")).to_have_value("догляд вдома")
    page.locator(".hit h3 a").first.click()
    expect(page.locator("h1")).to_contain_text("Центр")


def test_missing_service_is_told_without_javascript(browse, searchable):
    page = browse(360, 780, java_script_enabled=False).new_page()

    page.goto("/search/?q=вертоліт у Диканьці")
    page.locator(".unmet a").click()
    page.locator("#service").select_option("early-intervention")
    page.locator("form.narrow button").click()

    expect(page).to_have_url(re.compile("/search/missing/thanks/$"))
    assert list(UnmetNeed.objects.values_list("place", "service", "count")) == [
        ("UA53080130000079450", "early-intervention", 1)
    ]


def test_help_is_found_from_the_keyboard_alone(browse, searchable):
    page = browse(1280, 900).new_page()
    page.goto("/search/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#f-q")).to_be_focused()
    page.keyboard.type("догляд вд")
    expect(page.locator(OPTION).first).to_contain_text("Догляд вдома")
    expect(page.locator("#f-q")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator(OPTION).first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#f-q")).to_have_attribute("aria-activedescendant", "f-q-suggestion-0")
    page.keyboard.press("Escape")
    expect(page.locator(OPTION)).to_have_count(0)
    expect(page.locator("#f-q")).to_have_value("догляд вд")

    page.keyboard.type("о")
    expect(page.locator(OPTION).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-portal-said]")).not_to_be_empty()
    expect(page.locator("#f-q")).to_have_value("Догляд вдома")
    expect(page.locator("#f-q")).to_be_focused()
    assert "q=" in page.url

    for _step in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#f-q")).to_have_value("Догляд вдома")


def test_what_was_typed_before_the_script_came_is_suggested_for(browse, searchable):
    page = browse(360, 780).new_page()
    held = []
    page.route("**/suggest*.js", lambda route: held.append(route))  # noqa: PLW0108 a method of a list cannot be wrapped
    page.goto("/search/", wait_until="commit")
    page.locator("#f-q").press_sequentially("догл")
    expect(page.locator("#f-q")).not_to_have_attribute("role", "combobox")

    held[0].continue_()

    expect(page.locator(OPTION).first).to_contain_text("догл", ignore_case=True)


def test_suggested_place_goes_to_its_own_field(browse, searchable):
    page = browse(360, 780).new_page()
    page.goto("/")

    page.locator("#q").press_sequentially("догляд у Дик")
    page.locator(OPTION, has_text="Диканька").first.click()

    page.wait_for_url("**/search/**")
    expect(page.locator("#f-q")).to_have_value("догляд")
    expect(page.locator("#f-place")).to_have_value("UA53080130010081044")
    expect(page.locator(".hit").first).to_be_visible()


def test_list_narrows_without_reloading_and_its_address_restores_it(browse, searchable):
    page = browse(1280, 900).new_page()
    page.goto("/search/")
    page.evaluate("() => { window.stayed = true; }")

    page.locator("#f-price-free").check()
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator("#f-price-free")).to_be_focused()
    expect(page.locator("[data-portal-said]")).to_contain_text("1")
    assert "price=free" in page.url

    page.locator(".chips a.narrowing").click()
    expect(page.locator(".hit")).to_have_count(20)
    page.locator(".pages a[rel=next]").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.locator("#f-price-free")).not_to_be_checked()
    assert page.evaluate("() => window.stayed") is True

    page.evaluate("() => history.back()")
    expect(page).not_to_have_url(re.compile("page=2"))
    page.wait_for_load_state("load")
    expect(page.locator(".hit")).to_have_count(20)
    page.evaluate("() => history.back()")
    expect(page.locator("#f-price-free")).to_be_checked()
    page.reload()
    expect(page.locator(".hit")).to_have_count(1)


def test_map_stands_beside_the_list_and_asks_nobody_else(browse, searchable):
    page = browse(1280, 900).new_page()

    page.goto("/search/?q=догляд")

    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    page.locator(".leaflet-marker-icon").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup a[href*='/registry/']").first).to_be_visible()


def test_map_is_loaded_on_a_phone_only_when_it_is_opened(browse, searchable):
    page = browse(360, 780).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/search/?q=догляд")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "leaflet" in url] == []

    page.locator("#d-map > summary").click()

    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    assert [url for url in asked if url.endswith("leaflet.js")]


def test_position_is_asked_on_a_click_and_stays_out_of_every_address(browse, searchable):
    window = browse(360, 780, geolocation={"latitude": 49.81234567, "longitude": 34.54321}, permissions=["geolocation"])
    page = window.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/search/?q=догляд")

    page.locator("[data-portal-near-on]").click()
    expect(page.locator(".hit .where b").first).to_be_visible()
    expect(page.locator("#f-sort")).to_have_value("near")
    assert "sort=" not in page.url
    page.locator(".pages a[rel=next]").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.locator(".hit .where b").first).to_be_visible()

    assert [url for url in [*asked, page.url] if "49.8" in url or "near=" in url] == []
    page.locator("[data-portal-near-off]").click()
    expect(page.locator(".hit .where b")).to_have_count(0)


def test_refused_position_is_said_calmly(browse, searchable):
    page = browse(360, 780).new_page()
    page.goto("/search/?q=догляд")

    page.locator("[data-portal-near-on]").click()

    expect(page.locator("[data-portal-said]")).not_to_be_empty()
    expect(page.locator(".hit").first).to_be_visible()


def test_search_without_its_engine_leads_to_the_register(browse, world):
    page = browse(360, 780).new_page()
    page.goto("/search/?q=прихисток")

    page.locator(".away a[href='/registry/']").click()

    expect(page.locator(".hit").first).to_be_visible()
