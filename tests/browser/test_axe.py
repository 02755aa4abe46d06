"""Every kind of public page in a real browser, on a phone and on a wide screen.

No barrier that axe-core knows, no sideways scroll, no other host (`browse` sees to that), no cookie, nothing that the
policy of content stops, nothing that moves by itself, under 100 kB, all of it within reach of the keyboard.
"""

import pytest

from tests.browser.walking import AXE, RUN, Walk

__all__ = ["AXE", "RUN"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(360, 780), (1280, 900)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_states_of_the_search_have_nothing_wrong(browse, searchable, width, height):
    walk = Walk(browse(width, height), width=width)
    for name, address in searchable.items():
        walk.look(name, address, idle=True, keyboard=name == "search, found")
    walk.page.goto("/search/")
    walk.page.locator("#f-q").press_sequentially("дог")
    walk.page.get_by_role("option").first.wait_for()
    walk.page.locator("#f-q").press("ArrowDown")

    assert walk.found == {}
    assert walk.barriers() == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_pages_of_the_register_have_nothing_wrong(browse, world, width, height):
    walk = Walk(browse(width, height), width=width)
    for name, address in world.items():
        walk.look(
            name, address, keyboard=width < height and name in ("home", "register", "card", "hromada", "verification")
        )

    assert walk.found == {}


def test_other_public_pages_have_nothing_wrong(browse, place):
    walk = Walk(browse(360, 780), width=360)
    for name, address in place.items():
        walk.look(name, address, keyboard=True)
    walk.page.goto("/entitlement/")
    walk.page.locator("main form button[type=submit]").last.click()
    walk.look_here("answer of the calculator", keyboard=True)

    assert walk.found == {}


def test_keyboard_skips_to_the_content(browse, world):
    page = browse(360, 780).new_page()
    page.goto(world["register"])
    page.keyboard.press("Tab")
    box = page.locator("a.skip:focus").bounding_box()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert box["x"] >= 0
    assert box["y"] >= 0
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")
