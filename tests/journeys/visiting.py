"""A visit with a telephone: the form is opened before, filled in without network, and sent later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from playwright.sync_api import expect

from procurement.models import ProcedureGround, Visit, VisitSubmission
from tests.journeys.contracting import CONTRACTING
from tests.journeys.evaluating import fits
from tests.journeys.joining import Person


@dataclass(frozen=True, slots=True)
class Seen:
    """What is not met: the words of a finding."""

    text: str
    citation: str
    demand: str
    severity: str


class Visitor(Person):
    """The official on the way, with a telephone."""

    def enter(self, visit: Visit, email: str, code: str) -> None:
        """Open the form while there is a network, signing in with one of the codes for a rainy day."""
        self.page.goto(f"{CONTRACTING}visits/{visit.pk}/form/")
        self.sign_in(email)
        self.page.locator("#id_code").fill(code)
        self.press(_("Sign in"))
        self.page.wait_for_url("**/form/")
        fits(self)
        self.page.locator("[data-portal-ready]").wait_for()

    def fill_offline(self, place: str, found: Mapping[str, Seen], due_on: date) -> None:
        """Answer every item without network: what is named is not met, everything else is."""
        self.window.set_offline(True)
        self.named("place").fill(place)
        for item in self.every("[data-portal-item]:not([data-portal-extra])"):
            code = item.get_attribute("data-portal-item")
            self.page.locator(f"label[for=f-{code}-{'breach' if code in found else 'ok'}]").click()
        kind = ProcedureGround.objects.filter(use="violation").order_by("order", "slug").first().slug
        for code, seen in found.items():
            self.named(f"{code}-kind").select_option(kind)
            self.named(f"{code}-severity").select_option(seen.severity)
            self.named(f"{code}-due_on").fill(due_on.isoformat())
            for name in ("text", "citation", "demand"):
                self.named(f"{code}-{name}").fill(getattr(seen, name))
        fits(self)

    def lose_the_page(self) -> None:
        """Send, which cannot be done now, and open the form anew: still without network."""
        self.main.locator(".save-bar button").click()
        self.says("offline")
        address = self.page.url
        self.page.close()
        self.page = self.window.new_page()
        self.page.set_default_timeout(30_000)
        self.page.goto(address)
        self.says("offline")
        assert VisitSubmission.objects.count() == 0

    def come_back_to_the_network(self, texts: Mapping[str, str]) -> None:
        """Find what was written, and let it be sent by itself: once."""
        for code, text in texts.items():
            expect(self.named(f"{code}-text")).to_have_value(text)
        self.window.set_offline(False)
        self.says("sent")
        assert VisitSubmission.objects.count() == 1

    def says(self, name: str) -> None:
        """Read the state line of the form."""
        line = self.page.locator("[data-portal-visit-state]")
        expect(line).to_have_text(line.get_attribute(f"data-{name}"))
