"""What stands in a reader's way on the page that is open, on each screen; for the next screen it is only drawn anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Page

from tests.browser.walking import AXE, DRAWN, RUN, UNFOLD

PHONE, DESKTOP = (390, 844), (1280, 900)
Size = tuple[int, int]


def obstacles(page: Page, sizes: Iterable[Size] = (PHONE, DESKTOP)) -> list[tuple[int, list[Any]]]:
    """Return barriers that axe-core knows and sideways scroll, by the width of the screen; all is unfolded."""
    found = []
    page.evaluate(UNFOLD)
    page.evaluate(AXE)
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(DRAWN)
        problems = page.evaluate(RUN)
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        if wide > width:
            problems.append(("scrolls sideways", wide))
        if problems:
            found.append((width, problems))
    return found
