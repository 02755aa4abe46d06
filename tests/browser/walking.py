"""A walk through pages in a real browser that notes whatever is wrong with each: see `Walk.look`."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import BrowserContext, ConsoleMessage

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const result = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return result.violations.map(found => [found.id, found.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]);
}"""
# before anything of the page runs: what moves without the reader's doing, and what the policy of content stops
WATCH = """
  window.moved = []; window.stopped = [];
  new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved.push(
    [one.value, ...one.sources.map(part => String((part.node && part.node.outerHTML) || "").slice(0, 120))]); }
  ).observe({type: "layout-shift", buffered: true});
  document.addEventListener("securitypolicyviolation", event => window.stopped.push(
    [event.violatedDirective, event.blockedURI, event.sample]));
"""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))"
UNFOLD = "() => document.querySelectorAll('details').forEach(part => part.open = true)"
LOADED = (
    """() => performance.getEntriesByType("resource").map(one => one.name).filter(name => /[.](css|js)$/.test(name))"""
)
# which elements the key Tab should come to: of radio buttons of one name only one
FOCUSABLE = """() => {
  window.reached = new Set(); window.unseen = [];
  document.addEventListener("focusin", ({target}) => {
    window.reached.add(target);
    const style = getComputedStyle(target);
    const seen = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
    if (!seen && !target.ownerSVGElement) window.unseen.push(target.outerHTML.slice(0, 120));
  });
  const names = new Set();
  window.wanted = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(part => !part.disabled && part.tabIndex >= 0 && part.type !== "hidden" && part.checkVisibility({visibilityProperty: true}))
    .filter(part => part.type !== "radio" || !(names.has(part.name) || !names.add(part.name)));
  return window.wanted.length;
}"""
MISSED = """() => ({
  missed: window.wanted.filter(part => ![...window.reached].some(one => one === part
    || (part.type === "radio" && one.name === part.name))).map(part => part.outerHTML.slice(0, 120)),
  unseen: window.unseen,
})"""
# more than the elements that are wanted: boxes that scroll take the focus, too
SPARE = 12
KILOBYTE = 1000
MOST = 100 * KILOBYTE


class Walk:
    """One window; `found` has what is wrong by the name of the page."""

    def __init__(self, window: BrowserContext, *, width: int) -> None:
        window.add_init_script(WATCH)
        self.window, self.width = window, width
        self.page = window.new_page()
        self.found: dict[str, Any] = {}
        self._said: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._said.append(str(error)))

    def look(self, name: str, address: str, *, idle: bool = False, axe: bool = True, keyboard: bool = False) -> None:
        """Open a page and note what is wrong: said to the console, stopped, moved, wide, heavy, kept, a barrier."""
        self._said.clear()
        self.page.goto(address)
        if idle:
            self.page.wait_for_load_state("networkidle")
        self.look_here(name, axe=axe, keyboard=keyboard)

    def look_here(self, name: str, *, axe: bool = True, keyboard: bool = False) -> None:
        """Note what is wrong with the page that is open."""
        self.page.evaluate(DRAWN)
        wrong: dict[str, Any] = {
            "console": [*self._said],
            "stopped": self.page.evaluate("window.stopped"),
            "moved": self.page.evaluate("window.moved"),
            "cookies": [one["name"] for one in self.window.cookies()],
            "weight": self._too_heavy(),
        }
        if keyboard:
            wrong |= self._tabbed()
        self.page.evaluate(UNFOLD)
        wide = self.page.evaluate("() => document.documentElement.scrollWidth")
        wrong["width"] = wide if wide > self.width else 0
        wrong["axe"] = self.barriers() if axe else []
        if problems := {what: told for what, told in wrong.items() if told}:
            self.found[name] = problems

    def barriers(self) -> list[Any]:
        self.page.evaluate(AXE)
        return self.page.evaluate(RUN)

    def _hear(self, said: ConsoleMessage) -> None:
        # a page that is not found is told of by the browser itself
        if said.type in ("error", "warning") and not said.location["url"].startswith(self.page.url):
            self._said.append(said.text)

    def _too_heavy(self) -> float:
        """Return the kilobytes of the first page as it is sent, without pictures, where they are too many."""
        paths = {urlsplit(name).path.removeprefix(settings.STATIC_URL) for name in self.page.evaluate(LOADED)}
        html = self.page.content().encode()
        sent = len(gzip.compress(html, 6)) + sum(_sent(path) for path in paths if not path.startswith("/"))
        return sent / KILOBYTE if sent >= MOST else 0

    def _tabbed(self) -> dict[str, Any]:
        """Go through the page by the key Tab alone; return what it does not come to and what shows no focus."""
        for _press in range(self.page.evaluate(FOCUSABLE) + SPARE):
            self.page.keyboard.press("Tab")
        return self.page.evaluate(MISSED)


@lru_cache
def _sent(path: str) -> int:
    file = finders.find(path)
    return len(gzip.compress(Path(file).read_bytes(), 6)) if file else 0
