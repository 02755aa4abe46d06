"""Every kind of public page in a real browser: no barrier that axe-core knows, no sideways scroll, no other host."""

from pathlib import Path

import axe_playwright_python
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const result = await axe.run(document, {runOnly: tags});
  return result.violations.map(found => [found.id, found.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]);
}"""


@pytest.mark.parametrize(("width", "height"), [(360, 780), (1280, 900)])
def test_states_of_the_search_have_no_barrier_known_to_axe(browse, searchable, width, height):
    page = browse(width, height).new_page()
    found = {}
    for name, address in searchable.items():
        page.goto(address)
        page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE)
        if problems := page.evaluate(RUN):
            found[name] = problems
    page.goto("/search/")
    page.locator("#f-q").press_sequentially("дог")
    page.get_by_role("option").first.wait_for()
    page.locator("#f-q").press("ArrowDown")
    page.evaluate(AXE)
    if problems := page.evaluate(RUN):
        found["suggestions"] = problems

    assert found == {}


def test_states_of_the_search_fit_a_phone_and_say_nothing_wrong(browse, searchable):
    page = browse(360, 780).new_page()
    wrong = {}
    page.on("console", lambda said: wrong.update({said.text: said.type}) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.update({str(error): "error"}))
    for name, address in searchable.items():
        page.goto(address)
        page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
        page.wait_for_load_state("networkidle")
        width = page.evaluate("() => document.documentElement.scrollWidth")
        if width > 360:
            wrong[name] = width

    assert wrong == {}


@pytest.mark.parametrize(("width", "height"), [(360, 780), (1280, 900)])
def test_public_pages_have_no_barrier_known_to_axe(browse, world, width, height):
    page = browse(width, height).new_page()
    found = {}
    for name, address in world.items():
        page.goto(address)
        page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
        page.evaluate(AXE)
        if problems := page.evaluate(RUN):
            found[name] = problems

    assert found == {}


def test_public_pages_fit_a_phone(browse, world):
    page = browse(360, 780).new_page()
    wide = {}
    for name, address in world.items():
        page.goto(address)
        page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
        width = page.evaluate("() => document.documentElement.scrollWidth")
        if width > 360:
            wide[name] = width

    assert wide == {}


def test_public_pages_say_nothing_wrong_to_the_console(browse, world):
    page = browse(1280, 900).new_page()
    said = []
    page.on(
        "console",
        lambda message: (
            said.append((message.text, message.location["url"])) if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    for name, address in world.items():
        if name not in ("not found", "verification, unknown", "a link that does not work"):
            page.goto(address)

    assert said == []
