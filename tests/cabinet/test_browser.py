"""Drafts of the cabinet in a real browser: they survive a lost network, a crash and a second person at the same draft."""

import re
import time

import pytest
from playwright.sync_api import expect

from registry.models import ApplicationStep
from tests.browser.conftest import browse, chromium, enter
from tests.cabinet.posting import write
from tests.factories.applications import save
from tests.factories.registry import make_territories

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def says(page, name: str) -> None:
    """Wait until the state line says these words of its own, whatever the language."""
    line = page.locator("[data-portal-state]")
    words = re.escape(line.get_attribute(f"data-{name}")).replace(r"\{time\}", ".+").replace(r"\{version\}", r"\d+")
    expect(line).to_have_text(re.compile(words))


def about(page):
    return page.locator("[name='about/about']")


def eventually(holds) -> None:
    for _ in range(50):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError


def copies(page) -> list[str]:
    return page.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('portal-draft:'))")


def test_answers_are_saved_at_each_pause(cabinet, enter):
    page = enter(cabinet.client).new_page()
    page.goto(cabinet.url("organisation/"))

    about(page).press_sequentially("Працюємо щодня")

    says(page, "saved")
    assert cabinet.content["about/about"] == "Працюємо щодня"
    assert copies(page) == []


def test_what_was_written_before_the_script_came_is_saved_too(cabinet, enter):
    page = enter(cabinet.client).new_page()
    held = []
    page.route("**/draft*.js", lambda route: held.append(route))  # noqa: PLW0108 a method of a list cannot be wrapped
    page.goto(cabinet.url("organisation/"), wait_until="commit")
    about(page).fill("Пишемо на повільній лінії")

    held[0].continue_()

    says(page, "saved")
    assert cabinet.content["about/about"] == "Пишемо на повільній лінії"
    assert copies(page) == []


def test_state_line_keeps_still_while_the_button_below_it_is_held_down(cabinet, enter):
    page = enter(cabinet.client).new_page()
    page.goto(cabinet.url("organisation/"))
    about(page).fill("Працюємо")
    page.locator(".save-bar .button").first.hover()
    line = page.locator("[data-portal-state]").inner_text()

    page.mouse.down()
    eventually(lambda: cabinet.content.get("about/about") == "Працюємо")
    assert page.locator("[data-portal-state]").inner_text() == line
    page.mouse.up()

    page.wait_for_url(f"**{cabinet.url()}")


def test_button_goes_on_when_everything_is_saved_already(cabinet, enter):
    page = enter(cabinet.client).new_page()
    page.goto(cabinet.url("organisation/"))
    about(page).fill("Працюємо")
    says(page, "saved")

    page.locator(".save-bar .button").first.click()

    page.wait_for_url(f"**{cabinet.url()}")


def test_answers_survive_a_lost_network_and_a_closed_page(cabinet, enter):
    window = enter(cabinet.client)
    page = window.new_page()
    page.goto(cabinet.url("organisation/"))
    window.set_offline(True)

    about(page).fill("Написано без зв’язку")
    page.locator("[name='organisation/short_name']").fill("Турбота")
    page.locator("[value='private']").check()

    says(page, "offline")
    page.locator(".save-bar .button").first.click()
    says(page, "offline")
    assert "about/about" not in cabinet.content
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.close()

    window.set_offline(False)
    page = window.new_page()
    page.goto(cabinet.url("organisation/"))
    expect(about(page)).to_have_value("Написано без зв’язку")
    eventually(lambda: cabinet.content.get("about/about") == "Написано без зв’язку")
    content = cabinet.content
    assert content["organisation/short_name"] == "Турбота"
    assert content["organisation/ownership_form"] == "private"
    eventually(lambda: copies(page) == [])


def test_answers_left_by_a_crashed_page_are_restored_and_sent(cabinet, enter):
    window = enter(cabinet.client)
    page = window.new_page()
    page.goto(cabinet.url("organisation/"))
    # a page that is left loses its focus and saves once more, past any route of the browser: this one never sends
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    about(page).fill("Перед падінням")
    says(page, "offline")
    page.goto("about:blank")
    assert "about/about" not in cabinet.content

    # another page of the application sends it too
    page.goto(cabinet.url())

    eventually(lambda: cabinet.content.get("about/about") == "Перед падінням")
    eventually(lambda: copies(page) == [])
    page.goto(cabinet.url("organisation/"))
    expect(about(page)).to_have_value("Перед падінням")


def test_answers_are_sent_by_themselves_when_the_network_is_back(cabinet, enter):
    window = enter(cabinet.client)
    page = window.new_page()
    page.goto(cabinet.url("organisation/"))
    window.set_offline(True)
    about(page).fill("Без зв’язку")
    says(page, "offline")

    window.set_offline(False)

    says(page, "saved")
    assert cabinet.content["about/about"] == "Без зв’язку"


@pytest.mark.parametrize(("choice", "stays"), [("mine", "Моє слово"), ("theirs", "Чуже слово")])
def test_two_browsers_at_one_field_are_told_and_choose(cabinet, enter, choice, stays):
    mine, theirs = enter(cabinet.client).new_page(), enter(cabinet.colleague).new_page()
    for page in (mine, theirs):
        page.goto(cabinet.url("organisation/"))

    about(theirs).fill("Чуже слово")
    theirs.locator("[name='organisation/short_name']").fill("Назва")
    theirs.locator("h1").click()
    says(theirs, "saved")
    about(mine).fill("Моє слово")
    mine.locator("[value='private']").check()

    panel = mine.locator("[data-portal-conflicts]")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("Чуже слово")
    expect(panel).to_contain_text(str(cabinet.colleague_user))
    panel.locator(f"[value={choice}]").check()
    panel.get_by_role("button").click()

    expect(about(mine)).to_have_value(stays)
    content = cabinet.content
    assert content["about/about"] == stays
    assert content["organisation/short_name"] == "Назва"
    assert content["organisation/ownership_form"] == "private"
    assert copies(mine) == []


def test_fault_is_told_beside_its_field_without_reloading(cabinet, enter):
    save(cabinet.draft, {"services/1/service_type": "home-care"})
    page = enter(cabinet.client).new_page()
    page.goto(cabinet.url("services/1/"))

    price = page.locator("[name='services/1/price']")
    price.fill("багато")
    page.locator("[name='services/1/content']").fill("Добре слово")
    page.locator("h1").click()

    expect(page.locator("[id='f-services/1/price_error']")).to_be_visible()
    expect(price).to_have_attribute("aria-invalid", "true")
    eventually(lambda: cabinet.content.get("services/1/content") == "Добре слово")
    page.reload()
    expect(price).to_have_value("багато")
    price.fill("120,50")
    page.locator("h1").click()
    expect(page.locator("[id='f-services/1/price_error']")).to_have_count(0)
    eventually(lambda: cabinet.content.get("services/1/price") == "120.50")


def test_place_is_picked_from_the_suggestions(cabinet, enter):
    save(cabinet.draft, {"sites/1/kind": "legal"})
    page = enter(cabinet.client).new_page()
    page.goto(cabinet.url("sites/1/"))

    field = page.locator("[name='sites/1/territory']")
    field.press_sequentially("Дикань")
    page.get_by_role("option", name=re.compile("^Диканька")).click()
    page.locator(".save-bar .button").first.click()

    page.wait_for_url("**/sites/")
    assert cabinet.content["sites/1/territory"] == make_territories().dykanka.code


def test_whole_draft_is_filled_in_and_submitted_without_javascript(full, enter):
    page = enter(full.client, java_script_enabled=False).new_page()
    page.goto("/cabinet/")
    page.locator(".organisation .tasks a").first.click()
    page.locator("ol.tasks a").first.click()
    about(page).fill("Без скриптів")
    page.locator(".save-bar .button").first.click()
    page.wait_for_url(f"**{full.url()}")
    assert full.content["about/about"] == "Без скриптів"

    page.goto(full.url("organisation/"))
    write(full, {"about/about": "Чуже"})
    about(page).fill("Моє")
    page.locator(".save-bar .button").first.click()
    expect(page.locator(".conflicts")).to_contain_text("Чуже")
    page.locator(".conflicts [value=mine]").check()
    page.locator(".conflicts .button").click()
    page.goto(full.url("check/"))
    page.locator(".submit .button").click()
    page.wait_for_url("**/receipt/")
    assert full.content["about/about"] == "Моє"


def test_double_click_submits_once_and_local_copies_go_away(full, enter):
    page = enter(full.client).new_page()
    page.goto(full.url("check/"))
    page.evaluate(f"() => localStorage.setItem('portal-draft:{full.user.pk}:{full.draft.pk}:about/about', '{{}}')")

    page.locator(".submit .button").dblclick()

    page.wait_for_url("**/receipt/")
    expect(page.locator(".receipt")).to_contain_text("№")
    assert copies(page) == []
    page.reload()
    assert ApplicationStep.objects.filter(application=full.draft, step="submit").count() == 1


def test_local_copies_go_away_with_the_person(cabinet, enter):
    window = enter(cabinet.client)
    page = window.new_page()
    page.goto(cabinet.url("organisation/"))
    page.evaluate("() => localStorage.setItem('portal-draft:1:2:about/about', '{}')")

    page.locator(".cabinet-bar form button").click()

    page.wait_for_load_state()
    assert copies(page) == []
