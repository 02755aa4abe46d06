"""What the official does with a contract from the award to its end, before a large screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from playwright.sync_api import expect

from procurement.models import BudgetLine, Contract, Finding, ProcedureGround, Visit
from tests.journeys.evaluating import address_for
from tests.journeys.joining import Person
from tests.journeys.leaving import Decider
from tests.journeys.ordering import DESK

CONTRACTING = "/cabinet/contracting/"
# the button of the form that a page is about
BUTTON = ".actions button.button:not(.quiet)"


class Steps(Person):
    """Somebody who goes from page to page by the addresses of links and the buttons of forms."""

    def go(self, end: str) -> None:
        """Follow the first link whose address ends so, or has it where `*` stands before it."""
        part = end.removeprefix("*")
        with self.page.expect_navigation():
            self.main.locator(f"a[href{'*' if part != end else '$'}='{part}']").first.click()
        self.arrive()

    def send(self, button: str = BUTTON, *, refused: bool = False) -> None:
        """Press the button and come to where it leads; what is refused is asked for once more on the same page."""
        with self.page.expect_navigation() as came:
            self.main.locator(button).first.click()
        assert came.value.ok != refused, self.main.inner_text()
        self.arrive()

    def arrive(self) -> None:
        """Look around on the page that has come."""

    def tick_value(self, name: str, value: Any) -> None:
        self.main.locator(f"[name='{name}'][value='{value}']").check()

    def unfold(self, place: int = 0) -> None:
        """Open what a page keeps folded."""
        self.main.locator("details > summary").nth(place).click()


class Manager(Decider, Steps):
    """The official of the hromada who runs the contract."""

    @property
    def contract(self) -> Contract:
        return Contract.objects.get()

    @property
    def home(self) -> str:
        return f"{CONTRACTING}contracts/{self.contract.pk}/"

    def open(self, part: str = "") -> None:
        """Open the page of the contract, then the part to which it leads."""
        self.page.goto(self.home)
        if part:
            self.go(f"/{part}/")

    def make_from_award(self, competition: int) -> None:
        self.page.goto(f"{DESK}competitions/{competition}/awards/")
        self.send("form[action*='/start/award/'] button")
        expect(self.page).to_have_url(re.compile(rf"{self.home}$"))

    def enter_budget_line(self, code: str, amount: str) -> BudgetLine:
        """Enter a line of the budget, which contracts bind and payments take from."""
        self.page.goto(f"{CONTRACTING}budget-lines/new/")
        self.fill(year=2027, code=code, economic_code="2240", title="Соціальні послуги вдома", amount=amount)
        self.named("act").select_option(index=1)
        self.send()
        return BudgetLine.objects.get(code=code)

    def say_terms(self, first: date, last: date) -> None:
        """A report each month within five working days, a payment within ten."""
        self.open("terms")
        self.fill(own_number="7-СП", service_from=first, service_to=last, report_days=5, payment_days=10)
        for name, value in (("report_period", "month"), ("report_unit", "working_days")):
            self.tick_value(name, value)
        self.tick_value("payment_unit", "working_days")
        self.send()

    def pay_from(self, line: BudgetLine, amount: str) -> None:
        self.open("funding")
        self.named(f"line_{line.pk}").fill(amount)
        self.send()

    def offer(self, *shown: str) -> None:
        """Look at the whole text, where nothing is missing, and offer it."""
        self.open("offer")
        for words in shown:
            self.sees(words)
        self.send()

    def sign(self, signer: str) -> None:
        self.open("sign")
        self.fill(signer=signer)
        self.named("read").check()
        self.send()

    def amend_volume(self, volume: str, *, slug: str, citation: str, reason: str) -> None:
        """Begin an amendment, say why, change the volume of the only service."""
        self.open("amend")
        self.send()
        self.choose_ground(slug, reason)
        self.fill(citation=citation)
        self.send()
        self.go("/services/")
        self.go("/services/1/")
        self.fill(volume=volume)
        self.send()

    # --- delivery and money ------------------------------------------------------------------------------------------

    def come_by_letter(self, *ends: str) -> None:
        """Open the contract to which the last letter leads, then what is named of it."""
        self.page.goto(address_for(self.contract.created_by.email, rf"{CONTRACTING}contracts/\d+/"))
        for end in ends:
            self.go(end)

    def return_report(self, reason: str, **remarks: str) -> None:
        self.main.locator("details > summary").first.click()
        self.fill(reason=reason, **{name.replace("_", "-"): text for name, text in remarks.items()})
        self.send("[name=return]")

    def accept_report(self) -> None:
        self.send("[name=accept]")

    def accept_act(self, deducted: str, slug: str, reason: str) -> None:
        """Accept what is claimed less a deduction with its typed ground."""
        self.unfold()
        self.fill(**{"amount-0": deducted, "reason-0": reason})
        self.named("line-0").select_option("1")
        self.named("ground-0").select_option(str(ProcedureGround.objects.get(slug=slug).pk))
        self.send("[name=accept]")

    def pay(self, amount: Decimal, on: date, order: str) -> None:
        """Enter a payment of the only act that waits for one; the sum is there already."""
        self.open("payments")
        self.go("/pay/")
        assert Decimal(self.named("amount").input_value().replace(",", ".")) == amount
        self.fill(paid_on=on, order_number=order)
        self.send()

    # --- monitoring --------------------------------------------------------------------------------------------------

    def plan_visit(self, on: date) -> Visit:
        """Choose the contract in the plan of the year."""
        self.page.goto(f"{CONTRACTING}plan/")
        row = f"c{self.contract.pk}"
        self.named(f"{row}-chosen").check()
        self.named(f"{row}-planned_on").fill(on.isoformat())
        self.send()
        return Visit.objects.get()

    def conclude(self, visit: Visit, conclusion: str, texts: Mapping[str, str]) -> None:
        self.page.goto(f"{CONTRACTING}visits/{visit.pk}/")
        self.go("/conclude/")
        for text in texts.values():
            self.sees(text)
        self.fill(conclusion=conclusion)
        self.send()

    def judge(self, finding: Finding, outcome: str, reason: str, *, reply: str) -> None:
        """Read what the provider replied and publish the result; nothing more is expected after it."""
        self.open("findings")
        self.go(f"/findings/{finding.pk}/")
        self.sees(reply)
        self.tick_value("outcome", outcome)
        if outcome == "partly":
            self.tick_value("follows", "closed")
        self.fill(reason=reason)
        self.send()

    # --- the end -----------------------------------------------------------------------------------------------------

    def is_kept_from_closing(self, *pages: str) -> None:
        """Look whether the contract can be closed, and be led to each page where something stands in the way."""
        self.open("close")
        for part in pages:
            expect(self.main.locator(f".notice a[href$='/{part}/']").first).to_be_visible()

    def close(self, reason: str) -> None:
        self.open("close")
        expect(self.main.locator(".notice li")).to_have_count(0)
        self.fill(reason=reason)
        self.send()
