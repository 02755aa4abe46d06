"""The map and the figures in a real browser: by keyboard, without JavaScript, without a barrier known to axe."""

import pytest

from portal.site.bootstrap import make_site
from tests.browser.walking import AXE, RUN
from tests.factories.contracts import make_contract
from tests.factories.evaluation import make_opened
from tests.factories.ordering import make_order_decision
from tests.factories.registry import make_territories
from tests.figures.worlds import make_service, publish_needs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(transactional_db) -> dict[str, str]:
    make_site()
    places = make_territories()
    make_service(15, areas=(places.dykanska,), demo=True)
    publish_needs(places.dykanska, 400, group=8000)
    publish_needs(places.odesa_hromada, 3)
    make_contract(is_demo=True)
    make_opened(proposals=1)
    make_order_decision()
    return {
        "basic": "/map/",
        "service": "/map/?service=home-care&group=older-people",
        "oblast": f"/map/?service=home-care&oblast={places.poltavska.code}&sort=name",
        "problems": "/en/map/?service=no&oblast=no&sort=no",
        "hromada": f"/map/{places.dykanska.code}/",
        "inputs": f"/map/{places.dykanska.code}/?service=home-care&group=older-people",
        "figures": "/figures/?year=2027",
        "figures in English": f"/en/figures/?year=2027&oblast={places.poltavska.code}",
        "ordered": "/figures/ordered/?year=2027",
    }


def test_pages_have_no_barrier_known_to_axe_and_fit(browse, addresses):
    page = browse(360, 780).new_page()
    wrong = {}
    page.on("console", lambda said: wrong.update({said.text: said.type}) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.update({str(error): "error"}))
    for name, address in addresses.items():
        page.goto(address)
        page.evaluate("() => document.querySelectorAll('main details').forEach(part => part.open = true)")
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE)
        if problems := page.evaluate(RUN):
            wrong[name] = problems
        for width, height in ((1280, 900), (360, 780)):
            page.set_viewport_size({"width": width, "height": height})
            if (wide := page.evaluate("() => document.documentElement.scrollWidth")) > width:
                wrong[f"{name}, {width} wide"] = wide

    assert wrong == {}


def test_from_the_map_to_the_inputs_by_keyboard_alone(browse, addresses):
    page = browse(360, 780).new_page()
    page.goto(addresses["service"])
    oblast = page.get_by_role("link", name="Полтавська область:")
    oblast.focus()
    assert oblast.evaluate("node => getComputedStyle(node.querySelector('path')).strokeWidth") == "4px"
    page.keyboard.press("Enter")
    page.wait_for_url("**oblast=UA53000000000028050**")
    page.locator(".gap-map a", has=page.locator("circle.lacking")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/map/UA53080130000079450/?service=home-care**")

    # the bidders of the competition give it too
    assert "400 − 95 = 305" in page.locator("main").inner_text()


def test_map_moves_where_javascript_runs_and_is_drawn_where_it_does_not(browse, addresses):
    page = browse(1280, 900).new_page()
    page.goto(addresses["service"])
    page.locator("[data-portal-gap-map] > summary").click()
    page.locator(".gap-leaflet .spot.lacking").first.click()
    assert "Диканська громада" in page.locator(".leaflet-popup-content a").inner_text()

    plain = browse(360, 780, java_script_enabled=False).new_page()
    plain.goto(addresses["service"])
    assert plain.locator(".gap-map path[id]").count() == 3
    assert not plain.locator("[data-portal-gap-map]").is_visible()
    plain.locator("#f-oblast").select_option(label="Полтавська область")
    plain.locator(".map-filter button").click()
    assert plain.locator(".gap-table tbody tr").count() == 2
    assert plain.locator(".gap-map circle.lacking").count() == 1
