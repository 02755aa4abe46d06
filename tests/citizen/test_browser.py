"""Comparison, what is kept and the widget in a real browser: with scripts and without, on a phone, no barrier for axe."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.browser.walking import AXE, RUN
from tests.citizen.conftest import key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOST = """<!doctype html><html lang="uk"><meta charset="utf-8"><title>Громада</title><body><h1>Громада</h1>
<div data-poruch data-hromada="UA53080130000079450">Послуги</div><script src="{portal}/widget.js"></script></body></html>"""


@pytest.fixture
def register(transactional_db, register):
    return register


@pytest.fixture
def hromada_site(live_server) -> Iterator[str]:
    """A site of a hromada, which is another origin than the portal, with the code of the widget in its page."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(HOST.replace("{portal}", live_server.url).encode())

        def log_message(self, *_args) -> None:
            pass

    server = HTTPServer(("localhost", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/page"
    server.shutdown()
    server.server_close()


def barriers(page) -> list:
    page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
    page.evaluate(AXE)
    return page.evaluate(RUN)


def test_services_are_compared_and_kept_with_scripts_and_without(browse, searched):
    centre, shelter, bare = (key(entry) for entry in searched)
    bad: list[str] = []

    plain = browse(360, 780, java_script_enabled=False).new_page()
    plain.goto("/search/?q=догляд притулок")
    for box in plain.locator(f'input[value="{centre}"], input[value="{shelter}"]').all():
        box.check()
    plain.locator("#compare button[type=submit]").click()
    plain.locator("table.compare").wait_for()
    assert plain.url.endswith(f"service={centre}&service={shelter}") or plain.url.endswith(
        f"service={shelter}&service={centre}"
    )
    assert not plain.locator("[data-portal-keep]").first.is_visible()

    window = browse(360, 780)
    page = window.new_page()
    page.on("console", lambda said: bad.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: bad.append(str(error)))
    page.goto("/search/?q=догляд")
    page.locator(f'[data-portal-keep="{centre}"]').click()
    page.locator(f'input[value="{centre}"]').check()
    page.locator("#compare.stuck").wait_for()
    # what is ticked goes along to another search and to a card
    page.goto("/search/?service=shelter")
    page.locator(f'input[value="{shelter}"]').check()
    page.goto(f"/registry/{searched[2].number}/")
    page.locator(f'[data-portal-keep="{bare}"]').click()
    assert barriers(page) == []
    page.locator("#compare button[type=submit]").click()
    page.locator("thead th[scope=col]").first.wait_for()
    assert page.locator("thead th[scope=col]").count() == 2
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    assert barriers(page) == []

    page.goto("/favourites/")
    page.locator("article.hit").nth(1).wait_for()
    assert "service=" not in page.url
    assert page.locator("article.hit").count() == 2
    assert barriers(page) == []
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-portal-keep-none]").click()
    assert page.evaluate("() => [localStorage.length, document.querySelectorAll('article').length]") == [0, 0]
    assert window.cookies() == []
    assert bad == []


def test_profile_is_remembered_on_the_device_alone(browse, searched):
    page = browse(1280, 900).new_page()
    page.goto(f"/registry/{searched[0].number}/")
    page.locator("#way-remember").check()
    page.locator("#way-profile").select_option("wheelchair")
    page.goto(f"/registry/{searched[0].number}/")

    page.locator(".needs li").first.wait_for()
    assert page.locator("#way-profile").input_value() == "wheelchair"
    assert barriers(page) == []
    page.goto("/search/")
    page.locator("#f-profile option[value=wheelchair]:checked").wait_for(state="attached")
    page.wait_for_url("**profile=wheelchair**")


def test_widget_stands_in_the_page_of_another_site(browse, chromium, searched, hromada_site):
    window = chromium.new_context(viewport={"width": 360, "height": 780})
    page = window.new_page()
    bad: list[str] = []
    page.on("console", lambda said: bad.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(hromada_site)

    frame = page.frame_locator("iframe")
    frame.get_by_text("Диканський центр").wait_for()
    page.wait_for_function("() => document.querySelector('iframe').height !== '480'")
    assert frame.locator("body").evaluate("() => document.documentElement.scrollWidth") <= 360
    assert window.cookies() == []
    assert bad == []
    window.close()
    page = browse(360, 780).new_page()
    page.goto("/widget/?hromada=UA53080130000079450")
    assert barriers(page) == []
    page.goto("/embed/?hromada=UA53080130000079450")
    assert barriers(page) == []
