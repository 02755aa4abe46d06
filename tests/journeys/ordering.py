"""What the official who orders services does in the journey of the social order, and what the post brings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core import mail
from django.utils.translation import gettext as _

from portal.kernel import outbox
from portal.kernel.calendar import KYIV
from procurement.enums import Channel, OrderOutcome
from tests.journeys.joining import Official, pdf_file

DESK = "/cabinet/commissioning/"
HROMADA, TITLE = "UA53080130000079450", "Догляд за літніми людьми вдома"
FIRST, SECOND = "ГО «Потаємні руки»", "ГО «Тихе плече»"


def bring_the_post(now: Callable[[], datetime]) -> None:
    """Let the worker write and send everything that waits; a message may bring forth others."""
    while outbox.deliver(now()).sent:
        pass


def received(address: str) -> list[str]:
    return [letter.body for letter in mail.outbox if address in letter.to]


def timetable(now: datetime, *, days: int) -> dict[str, Any]:
    """Return a plan that closes so many days from now, to the minute."""
    closes = now.replace(second=0, microsecond=0) + timedelta(days=days)
    return {
        "questions_until": closes - timedelta(days=4),
        "closes_at": closes,
        "hold_until": closes + timedelta(days=2),
        "opening_at": closes + timedelta(days=3),
        "award_on": "2027-03-15",
        "service_from": "2027-06-01",
        "service_to": "2027-12-31",
    }


class Commissioner(Official):
    """The official who orders services, before a large screen."""

    def fill(self, **values: Any) -> None:
        """Fill the fields of these names; a moment is what the clocks in Kyiv say."""
        for name, value in values.items():
            written = f"{value.astimezone(KYIV):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else str(value)
            self.named(name).fill(written)

    def open_desk(self, part: Any) -> None:
        self.page.goto(DESK)
        self.follow(part)

    def tell_needs(self, *groups: tuple[str, int], service: str, need: int, receive: int) -> None:
        self.open_desk(_("Needs"))
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
        self.open_desk(_("Budget acts and decisions"))
        self.follow(_("Enter a budget act"))
        self.choose(_("It was adopted"))
        self.fill(year=2027, adopted_on=adopted_on, number=number)
        self.press(_("Enter and show to everybody"))
        self.sees(_("The act is entered. The day by which to decide stands beside it."))

    def decide(self, service: str, group: str, **about: Any) -> None:
        self.press(_("Enter the decision"))
        self.follow(_("Fill in"))
        self.choose(OrderOutcome.ORDER.label)
        self.fill(**about)
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
        """Make the specification to which the line of the decision leads."""
        self.main.get_by_role("link", name=f"{_('Describe the service')}: {service}").click()
        self.named("group").select_option(label=group)
        self.press(_("Go on"))
        self.choose(form)
        self.press(_("Make the specification"))
        self.fill(**values)
        self.named("unit").select_option("person_hour")
        self.press(_("Save"))
        self.sees(_("The specification is saved."))

    def enter_body(self, **values: str) -> None:
        self.open_desk(_("Who orders"))
        self.follow(_("Enter a body"))
        self.fill(**values)
        self.press(_("Save"))
        self.sees(values["name"])

    def begin_call(self, title: str, procedure: str = "social-order") -> None:
        self.open_desk(_("Budget acts and decisions"))
        self.follow(_("Open the decision"))
        self.follow(_("Prepare a competition"))
        self.main.locator(f"[name=procedure][value={procedure}]").check()
        self.fill(title=title)
        self.press(_("Begin"))

    def do_task(self, task: Any, **values: Any) -> None:
        """Fill in a part of the call; the list of parts comes back when all is well."""
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
        """Look at the whole, announce it, and return the number that it got."""
        self.follow(_("Check, look and announce"))
        self.sees(_("Nothing is missing and no rule is broken: the competition may be announced."))
        self.follow(_("Announce"))
        self.press(_("Announce"))
        self.sees(_("How many there are, nobody sees before the opening."))
        return re.search(r"\d{4}-\d{5}", self.main.inner_text())[0]

    def answer(self, title: str, words: str) -> None:
        self.open_desk(title)
        self.main.locator(".steps-of-call").get_by_role("link").first.click()
        self.main.get_by_role("link", name=_("Answer the question")).first.click()
        self.fill(text=words)
        self.press(_("Publish the answer"))
        self.sees(_("No question waits."))

    def change(self, title: str, reason: str, **values: Any) -> None:
        self.open_desk(title)
        self.follow(_("Change the announcement"))
        self.fill(**values, reason=reason)
        self.named("ground").first.check()
        self.press(_("Look at what will change"))
        self.press(_("Publish this change"))
        self.sees(reason)

    def extend(self, title: str, reason: str, **dates: Any) -> None:
        self.open_desk(title)
        self.follow(_("Extend"))
        self.fill(**dates, reason=reason)
        self.named("ground").first.check()
        self.press(_("Extend"))
        self.sees(reason)

    def open_proposals(self, name: str, position: str) -> None:
        self.page.goto(DESK)
        self.main.locator(".duties").get_by_role("link").first.click()
        self.fill(**{"person-0-name": name, "person-0-position": position})
        self.press(_("Open the proposals"))
        self.sees(_("The proposals are opened; the act is in the decision log."))
