"""What bidders do in the journey of the social order, who follows it, and who would like to look into proposals."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar
from playwright.sync_api import APIResponse

from tests.journeys.joining import Official, Person, pdf_words
from tests.journeys.ordering import bring_the_post, received


class Bidder(Person):
    """Somebody who speaks for a provider, before a telephone."""

    def begin(self, number: str, email: str) -> None:
        self.page.goto(f"/competitions/{number}/")
        self.follow(_("Submit a proposal"))
        self.sign_in(email)
        self.press(_("Begin the proposal"))
        self.sees(_("Fill it in and submit it before the end."))
        self.home = self.page.url

    def come_back(self, email: str) -> None:
        self.page.goto(self.home)
        self.sign_in(email)
        self.page.wait_for_url(self.home)

    def ask(self, number: str, words: str) -> None:
        self.page.goto(f"/competitions/{number}/")
        self.follow(_("Ask a question"))
        self.named("text").fill(words)
        self.press(_("Send the question"))
        self.sees(words)

    def open_section(self, code: str) -> None:
        self.main.locator(f"a[href*='/section/{code}/']").first.click()
        self.page.wait_for_url(re.compile(f"/section/{code}/"))

    def answer(self, path: str, value: str | list[str]) -> None:
        """Write a field; one of a row that is only offered has a longer name than one of a row that stands."""
        start, _slash, end = path.rpartition("/")
        field = self.main.locator(f"[name^='{start}'][name$='/{end}']")
        if field.first.get_attribute("type") not in ("radio", "checkbox"):
            field.fill(value)
            return
        for one in [value] if isinstance(value, str) else value:
            field.and_(self.main.locator(f"[value='{one}']")).check()

    def fill_section(self, code: str, answers: dict[str, Any]) -> None:
        """Write all that belongs to the section; its button leads back to the parts of the proposal."""
        self.open_section(code)
        for path in (path for path in answers if path.startswith(f"{code}/")):
            self.answer(path, answers[path])
        self.save()

    def attach(self, files: dict[str, dict[str, Any]]) -> None:
        self.open_section("documents")
        for name, file in files.items():
            self.named(f"documents/{name}").set_input_files(file)
        self.save()

    def save(self) -> None:
        self.press(_("Save and continue"))
        self.page.wait_for_url(self.home)

    def write_offline(self, answers: dict[str, str]) -> None:
        """Write while there is no network, and press the button too."""
        self.window.set_offline(True)
        for path, text in answers.items():
            self.named(path).fill(text)
        self.state_line_says("offline")
        self.press(_("Save and continue"))
        self.state_line_says("offline")

    def open_anew(self) -> None:
        """Lose the page and open it in another window, the network being back."""
        address = self.page.url
        self.page.close()
        self.window.set_offline(False)
        self.page = self.window.new_page()
        self.page.set_default_timeout(30_000)
        self.page.goto(address)

    def submit(self, *, button: Any = None) -> str:
        """Press twice, as impatient people do, and return the digest that the receipt names."""
        self.main.locator("a[href$='/check/']").last.click()
        self.main.get_by_role("button", name=str(button or _("Submit the proposal"))).dblclick()
        self.page.wait_for_url("**/receipts/*/")
        self.sees(_("The proposal is submitted and sealed"))
        return self.main.locator("code").first.inner_text()

    def read_the_change(self) -> None:
        self.page.goto(self.home)
        self.sees(
            _(
                "The announcement has changed since you submitted. Until you confirm the proposal again or replace it, "
                "it does not count."
            )
        )
        self.follow(_("What has changed"))


class Follower(Person):
    """Anybody, without an account."""

    def open_competition(self, number: str) -> None:
        """Open the page as it is now; the browser may have kept it for a minute."""
        self.page.goto(f"/competitions/{number}/")
        self.page.reload()

    def take(self, name: Any) -> bytes:
        """Ask for what the link leads to, as a calendar program does: nothing kept is shown."""
        address = self.main.get_by_role("link", name=str(name), exact=True).get_attribute("href")
        return self.page.request.get(address, timeout=60_000).body()

    def take_notice(self) -> str:
        return pdf_words(self.take(_("Announcement as PDF")))

    def take_calendar(self) -> dict[str, Any]:
        """Return the entries of the calendar file by their lasting names."""
        events = Calendar.from_ical(self.take(_("Add the dates to a calendar"))).walk("VEVENT")
        return {str(event["uid"]): event for event in events}

    def ask_for_news(self, email: str, now: Callable[[], datetime]) -> None:
        """Ask, and confirm by the link of the letter."""
        self.follow(_("Tell me by e-mail when something changes here"))
        self.named("email").fill(email)
        self.press(_("Send me news"))
        self.sees(_("Look into your mail box"))
        bring_the_post(now)
        self.follow_letter(email, "confirm", _("Confirm"))
        self.sees(_("The news will come"))

    def stop_news(self, email: str) -> None:
        self.follow_letter(email, "stop", _("Stop these letters"))
        self.sees(_("The letters are stopped"))

    def follow_letter(self, email: str, what: str, button: Any) -> None:
        self.page.goto(re.search(rf"https?://\S+/alerts/{what}/\S+", received(email)[-1])[0])
        self.press(button)


class Curious(Official):
    """An administrator of the portal who would like to know what is in the proposals."""

    def offered(self) -> list[str]:
        """Return the addresses of all to which the desk leads."""
        self.page.goto("/admin/")
        self.page.wait_for_url("**/admin/")
        links = self.page.locator("a[href^='/admin/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        return sorted(set(links))

    def asks(self, address: str) -> APIResponse:
        return self.page.request.get(address, timeout=60_000)

    def reads(self, address: str) -> str:
        """Return the words of a page, a file or a paper."""
        answer = self.asks(address)
        assert answer.status < HTTPStatus.INTERNAL_SERVER_ERROR, address
        body = answer.body()
        return pdf_words(body) if body.startswith(b"%PDF") else body.decode(errors="replace")
