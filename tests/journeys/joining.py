"""What people do in the journey of joining: each has one window and finds the way by what stands on the pages."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pypdf
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from playwright.sync_api import BrowserContext, Locator, expect

from portal.accounts.enums import OwnershipForm, Sector
from portal.kernel.models import OutboxMessage
from portal.site.management.commands.second_factor_code import code_of
from registry.enums import AreaKind, CheckResult, ContactKind, Outcome, PriceMode
from registry.interfaces.application_effects import VERBS
from tests.factories.accounts import PASSWORD, SECRET


def eventually(holds: Callable[[], Any]) -> None:
    """Wait until it holds: what the server has is not told by the page alone."""
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def small_pdf() -> bytes:
    writer, file = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(210, 297)
    writer.write(file)
    return file.getvalue()


def pdf_words(content: bytes) -> str:
    assert content.startswith(b"%PDF")
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def letters_to(address: str) -> list[str]:
    mail = OutboxMessage.objects.filter(kind="mail").order_by("pk")
    return [row.payload["text"] for row in mail if address in row.payload["to"]]


class Person:
    """Somebody before a browser: presses, follows and types what the page calls by these names."""

    def __init__(self, window: BrowserContext) -> None:
        self.window = window
        self.page = window.new_page()

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def field(self, label: Any) -> Locator:
        return self.main.get_by_label(str(label), exact=True)

    def named(self, name: str) -> Locator:
        return self.main.locator(f"[name='{name}']")

    def press(self, name: Any) -> None:
        """Press a button of a page that is there whole: one pressed before would send half of its form."""
        self.page.wait_for_load_state()
        self.main.get_by_role("button", name=str(name)).first.click()

    def follow(self, name: Any) -> None:
        self.main.get_by_role("link", name=str(name), exact=True).first.click()

    def every(self, selector: str) -> list[Locator]:
        """List what matches once the page that was asked for stands whole: a list alone waits for nothing."""
        self.main.locator(selector).first.wait_for(state="attached")
        self.page.wait_for_load_state()
        return self.main.locator(selector).all()

    def choose(self, label: Any) -> None:
        self.main.get_by_role("radio", name=str(label), exact=True).check()

    def tick(self, label: Any) -> None:
        self.main.get_by_role("checkbox", name=str(label), exact=True).check()

    def sees(self, text: Any) -> None:
        expect(self.page.locator("body")).to_contain_text(str(text), ignore_case=True)
        self.page.wait_for_load_state()

    def sign_in(self, email: str) -> None:
        self.field(_("E-mail")).fill(email)
        self.field(_("Password")).fill(PASSWORD)
        self.press(_("Sign in"))

    def state_line_says(self, name: str) -> None:
        line = self.page.locator("[data-portal-state]")
        words = re.split(r"\{\w+\}", line.get_attribute(f"data-{name}"))
        expect(line).to_have_text(re.compile(".+".join(map(re.escape, words))))

    def download(self, name: Any) -> bytes:
        with self.page.expect_download() as download:
            self.follow(name)
        return download.value.path().read_bytes()


class Applicant(Person):
    """A person of a civic organisation, before a telephone."""

    def sign_up(self, email: str, first_name: str, last_name: str) -> None:
        self.page.goto("/cabinet/")
        self.follow(_("Create an account"))
        for label, text in (("E-mail", email), ("First name", first_name), ("Last name", last_name)):
            self.field(_(label)).fill(text)
        self.field(_("Password")).fill(PASSWORD)
        self.press(_("Create the account"))
        self.sees(_("Look into your mailbox"))
        (letter,) = letters_to(email)
        self.page.goto(re.search(r"https?://\S+/confirm/\S+", letter)[0])
        self.press(_("Yes, confirm"))
        self.sign_in(email)

    def make_organisation(self, code: str, name: str, statement: str) -> None:
        self.follow(_("Find or add my organisation"))
        self.field(_("Code")).fill(code)
        self.press(_("Go on"))
        self.sees(_("The register has no card with this code: you will start from an empty one."))
        self.field(_("Full name")).fill(name)
        self.choose(_("Representative: prepares, signs, and says who else may"))
        self.field(_("By what right?")).fill(statement)
        self.main.locator("[type=file]").set_input_files(pdf_file("наказ.pdf"))
        self.press(_("Send the claim"))
        self.sees(name)

    def go_home(self) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=_("My organisations"), exact=True).first.click()
        self.sees(_("My organisations"))

    def save(self) -> None:
        self.press(_("Save and continue"))

    def tell_organisation(self, about: str) -> None:
        self.follow(_("Organisation"))
        self.field(_("Legal form")).select_option("public_association")
        self.choose(OwnershipForm.PRIVATE.label)
        self.choose(Sector.NON_STATE.label)
        self.field(_("About the provider")).fill(about)
        self.save()

    def tell_address(self, place: str, street: str, building: str) -> None:
        self.follow(_("Addresses"))
        self.press(_("Add an address"))
        self.pick(self.field(_("Settlement")), place)
        self.field(_("Street")).fill(street)
        self.field(_("Building")).fill(building)
        self.save()
        self.follow(_("Back to the tasks"))

    def pick(self, field: Locator, place: str) -> None:
        """Begin the name of the place and take it from what is offered."""
        self.page.wait_for_load_state()
        field.press_sequentially(place[:-2])
        self.page.get_by_role("option", name=re.compile(f"^{place}")).first.click()

    def tell_contacts(self, *contacts: tuple[str, str, bool]) -> None:
        """Add each and write it; that the one before is not saved by a button yet must lose nothing."""
        self.follow(_("Contacts"))
        for number, (kind, value, private) in enumerate(contacts, start=1):
            self.press(f"+ {ContactKind(kind).label}")
            self.named(f"contacts/{number}/value").fill(value)
            if private:
                self.named(f"contacts/{number}/private").check()
        self.save()

    def begin_service(self, slug: str, content: str) -> None:
        self.follow(_("Services"))
        self.field(_("Service of the catalogue")).select_option(slug)
        self.press(_("Add a service"))
        self.field(_("Content")).fill(content)
        self.tick("Особи похилого віку")
        self.tick("Вдома")
        self.choose(PriceMode.TARIFF.label)
        self.field(_("Tariff, UAH")).fill("120,50")
        self.field(_("Tariff for")).select_option("person_hour")

    def end_service(self, area: str, address: str) -> None:
        self.field(_("Places as of")).fill(timezone.localdate().isoformat())
        self.choose(AreaKind.HROMADAS.label)
        self.pick(self.main.locator("[id='f-services/1/areas-search']"), area)
        self.tick(address)
        self.save()
        self.follow(_("Back to the tasks"))

    def confirm_criteria(self, service: str) -> None:
        self.follow(_("Criteria"))
        self.follow(service)
        self.named("criteria/1/founding/statement").fill("Статут, пункт 2.")
        self.named("criteria/1/staff/statement").fill("Чотири соціальні робітниці, у кожної диплом.")
        self.named("criteria/1/staff/document").set_input_files(pdf_file("дипломи.pdf"))
        self.named("criteria/1/staff/expires_on").fill((timezone.localdate() + timedelta(days=700)).isoformat())
        self.save()
        self.follow(_("Back to the tasks"))

    def consent(self) -> None:
        self.follow(_("Consents"))
        self.tick(_("Everything in this application is true, and I have the right to say it"))
        self.tick(_("I agree to the processing of the personal data in this application"))
        self.save()

    def submit(self) -> None:
        """Press twice, as impatient people do."""
        self.follow(_("Check the answers and submit"))
        self.main.get_by_role("button", name=_("Submit the application")).dblclick()
        self.page.wait_for_url("**/receipt/")
        self.sees(_("The application is submitted"))


class Official(Person):
    """Somebody at the desk, before a large screen."""

    def enter(self, email: str, recovery_code: str = "") -> None:
        """Sign in with a code of the application; it is good for once, so who comes back soon takes another one."""
        self.page.goto("/admin/")
        self.sign_in(email)
        self.page.locator("#id_code").fill(recovery_code or code_of(SECRET))
        self.press(_("Sign in"))
        self.page.wait_for_url("**/admin/")

    def open_application(self, organisation: str) -> None:
        self.page.get_by_role("link", name=_("Applications"), exact=True).first.click()
        self.follow(organisation)

    def take(self) -> None:
        self.follow(_("Take up for examination"))
        self.press(_("Take up for examination"))
        self.sees(_("The application is yours to examine."))

    def ask_correction(self, field: str, comment: str) -> None:
        self.follow(_("Ask for correction"))
        self.main.get_by_label(_("What is wrong and what is expected")).fill(comment)
        self.main.locator(f"[name=fields_asked][value='{field}']").check()
        self.press(_("Ask for correction"))
        self.sees(_("The provider is asked to correct the application."))

    def judge_all_met(self) -> None:
        self.main.get_by_role("link", name=_("Judge the criteria")).click()
        self.page.wait_for_url("**/criteria/*/")
        for criterion in self.every("fieldset"):
            criterion.get_by_label(str(CheckResult.MET.label), exact=True).check()
        self.press(_("Save"))
        self.sees(_("Saved."))

    def propose(self, outcome: Outcome, reason: str = "") -> None:
        self.follow(_("Propose an outcome"))
        self.main.locator(f"[name=outcome][value={outcome}]").check()
        self.press(_("Go on"))
        if reason:
            self.main.locator("[name=grounds]").first.check()
        self.main.get_by_label(_("Reasons")).fill(reason)
        self.press(_("Propose: %(outcome)s") % {"outcome": outcome.label})
        self.sees(pgettext("application", "awaiting decision"))

    def decide(self, outcome: Outcome) -> None:
        self.follow(_("Decide"))
        self.press(VERBS[outcome])
        self.sees(_("The decision is made."))


class Reader(Person):
    """Anybody, without an account."""

    def find_card(self, organisation: str) -> None:
        """Find the card in the register; the browser may have kept both pages for a minute, so ask for it anew."""
        self.page.goto("/registry/")
        self.follow(organisation)
        self.page.wait_for_url(re.compile(r"/registry/\d+/$"))
        self.page.reload()

    def take_extract(self) -> tuple[str, str]:
        """Take the extract from the card and return its words and the address in its code."""
        link = self.main.get_by_role("link", name=_("Extract from the register (PDF)"))
        answer = self.page.request.get(link.get_attribute("href"), timeout=60_000)
        words = pdf_words(answer.body())
        return words, re.search(r"https?://\S+/verify/\w{12}/", words)[0]

    def verify(self, address: str, *, current: bool) -> None:
        self.page.goto(address)
        tag = self.main.locator(".tag").first
        expect(tag).to_have_text(_("Valid") if current else _("Superseded"))


def pdf_file(name: str, inside: str = "") -> dict[str, Any]:
    return {"name": name, "mimeType": "application/pdf", "buffer": small_pdf() + inside.encode()}
