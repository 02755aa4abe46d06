"""What people do in the journey of the social order: who orders, who bids, who reads, and who would like to look in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from playwright.sync_api import expect

from portal.kernel.calendar import KYIV
from procurement.enums import Channel, OrderOutcome
from tests.journeys.joining import Official, Person, letters_to, pdf_file

DESK = "/cabinet/commissioning/"


class Commissioner(Official):
    """The official who orders services, before a large screen."""

    def go_to_desk(self) -> None:
        self.page.goto(DESK)

    def fill(self, **values: Any) -> None:
        """Fill the fields that the form calls so; moments as people in Kyiv say them."""
        for name, value in values.items():
            if isinstance(value, datetime):
                value = f"{value.astimezone(KYIV):%Y-%m-%dT%H:%M}"
            self.named(name).fill(str(value))

    def tell_needs(self, *groups: tuple[str, int], service: str, need: int, receive: int) -> None:
        self.go_to_desk()
        self.follow(_("Needs"))
        self.follow(_("Begin an assessment"))
        self.fill(as_of="2027-01-01")
        self.press(_("Begin"))
        for label, persons in groups:
            self.follow(_("Add a group"))
            self.fill(label=label, persons=persons)
            self.press(_("Save"))
        self.follow(_("Add a service"))
        self.named("service_type").select_option(label=service)
        self.fill(need=need, receive=receive)
        self.press(_("Save"))
        self.follow(_("Check and publish"))
        self.press(_("Publish"))
        self.sees(_("The needs are published."))

    def enter_budget(self, number: str, adopted_on: str) -> None:
        self.go_to_desk()
        self.follow(_("Budget acts and decisions"))
        self.follow(_("Enter a budget act"))
        self.choose(_("It was adopted"))
        self.fill(year=2027, adopted_on=adopted_on, number=number)
        self.press(_("Enter and show to everybody"))

    def decide(self, service: str, group: str) -> None:
        self.press(_("Enter the decision"))
        self.follow(_("Fill in"))
        self.choose(OrderOutcome.ORDER.label)
        self.fill(decided_on="2027-01-14", number="17", body="Виконавчий комітет", url="https://dykanska.example/17")
        self.press(_("Save"))
        self.follow(_("Add a service"))
        self.named("service_type").select_option(label=service)
        self.named("group").select_option(label=group)
        self.choose(Channel.SOCIAL_ORDER.label)
        self.fill(recipients=20, volume=1800, unit="людино-година", amount="324 000")
        self.press(_("Save"))
        self.follow(_("Check and publish"))
        self.press(_("Publish the decision"))
        self.sees(_("The decision is published."))

    def describe_service(self, service: str, group: str, form: str, **values: Any) -> None:
        """Make the specification that the line of the decision leads to; the portal counts its ceiling."""
        self.main.get_by_role("link", name=f"{_('Describe the service')}: {service}").click()
        self.named("group").select_option(label=group)
        self.press(_("Go on"))
        self.choose(form)
        self.press(_("Make the specification"))
        self.fill(**values)
        self.named("unit").select_option("person_hour")
        self.press(_("Save"))
        self.sees(_("The specification is saved."))

    def enter_body(self, code: str, name: str, address: str) -> None:
        self.go_to_desk()
        self.follow(_("Who orders"))
        self.follow(_("Enter a body"))
        self.fill(code=code, name=name, address=address, phone="+380535191234", email="order@dykanska.example")
        self.press(_("Save"))
        self.sees(name)

    def begin_call(self, title: str) -> None:
        self.go_to_desk()
        self.follow(_("Budget acts and decisions"))
        self.follow(_("Open the decision"))
        self.follow(_("Prepare a competition"))
        self.main.locator("[name=procedure][value=social-order]").check()
        self.fill(title=title)
        self.press(_("Begin"))

    def do_task(self, task: Any, **values: Any) -> None:
        """Fill in a part of the call and come back to its list."""
        self.follow(task)
        self.fill(**values)
        self.press(_("Save and continue"))

    def choose_lot(self, specification: str) -> None:
        self.follow(_("Lots"))
        option = self.named("lot-0-specification").locator("option", has_text=specification)
        self.named("lot-0-specification").select_option(option.get_attribute("value"))
        self.press(_("Save and continue"))

    def add_contract(self, name: str) -> None:
        self.follow(_("Documents and draft contract"))
        self.main.locator("[type=file]").set_input_files(pdf_file(name))
        self.named("is_contract").check()
        self.press(_("Add"))
        self.sees(name)
        self.follow(_("Back to the task list"))

    def announce(self) -> str:
        """Look at the whole, announce, and return the number that the competition got."""
        self.follow(_("Check, look and announce"))
        self.sees(_("Nothing is missing and no rule is broken: the competition may be announced."))
        self.follow(_("Announce"))
        self.press(_("Announce"))
        self.sees(_("How many there are, nobody sees before the opening."))
        return re.search(r"\d{4}-\d{5}", self.main.inner_text())[0]


class Bidder(Person):
    """Somebody who speaks for a provider, before a telephone."""

    def begin(self, number: str, email: str) -> None:
        self.page.goto(f"/competitions/{number}/")
        self.follow(_("Submit a proposal"))
        self.sign_in(email)
        self.press(_("Begin the proposal"))
        self.sees(_("Fill it in and submit it before the end."))
        self.home = self.page.url

    def ask(self, number: str, text: str) -> None:
        self.page.goto(f"/competitions/{number}/")
        self.follow(_("Ask a question"))
        self.named("text").fill(text)
        self.press(_("Send the question"))
        self.sees(text)

    def open_section(self, code: str) -> None:
        self.main.locator(f"a[href*='/section/{code}/']").first.click()
        expect(self.page.locator("[data-portal-state]")).to_be_visible()

    def answer(self, path: str, value: str | list[str]) -> None:
        """Write a field; a row that the form offers has a longer name than one that stands in it."""
        start, _slash, end = path.rpartition("/")
        field = self.main.locator(f"[name^='{start}'][name$='/{end}']")
        if field.first.get_attribute("type") in ("radio", "checkbox"):
            for one in [value] if isinstance(value, str) else value:
                field.and_(self.main.locator(f"[value='{one}']")).check()
        else:
            field.fill(value)

    def fill_section(self, code: str, answers: dict[str, Any]) -> None:
        """Write all that belongs to the section and save by its button."""
        self.open_section(code)
        for path, value in answers.items():
            if path.startswith(f"{code}/"):
                self.answer(path, value)
        self.save()

    def save(self) -> None:
        self.press(_("Save and continue"))
        self.page.wait_for_url(self.home)
