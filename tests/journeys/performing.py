"""What the provider does in the journey of a contract, before a telephone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from procurement.domain.delivery import act_making, acts, payments, reports
from procurement.models import Contract, Finding
from tests.journeys.contracting import Steps
from tests.journeys.evaluating import address_for, fits
from tests.journeys.joining import pdf_file
from tests.journeys.leaving import Participant

OWN = r"/cabinet/contracts/\d+/"
# of a group of people: how many, units
Row = tuple[str, str]


class Performer(Participant, Steps):
    """Who speaks for the provider; each page has to fit the telephone."""

    def arrive(self) -> None:
        fits(self)

    def come_by_letter(self, email: str, *ends: str) -> None:
        """Open the contract to which the last letter leads, then what is named of it."""
        self.page.goto(address_for(email, OWN))
        self.arrive()
        for end in ends:
            self.go(end)

    def sign(self, email: str, signer: str, *, signed_file: bool = False) -> None:
        """Read the text and sign it, with the file of a qualified signature or by a confirmation in the portal."""
        self.come_by_letter(email, "/sign/")
        self.named("signer").fill(signer)
        if signed_file:
            self.named("file").set_input_files(self._container())
        self.named("read").check()
        self.send()

    def _container(self) -> dict[str, Any]:
        """Put the very file to sign into a container, as the program of a qualified signature does."""
        address = self.main.locator("a[href$='-to-sign.pdf']").first.get_attribute("href")
        paper, body = self.page.request.get(address, timeout=60_000).body(), io.BytesIO()
        with zipfile.ZipFile(body, "w") as package:
            package.writestr("mimetype", "application/vnd.etsi.asic-e+zip")
            package.writestr("договір.pdf", paper)
            package.writestr("META-INF/signatures001.xml", "<signatures/>")
        return {"name": "договір.asice", "mimeType": "application/octet-stream", "buffer": body.getvalue()}

    # --- reports and acts --------------------------------------------------------------------------------------------

    def write_report(self, *rows: Row, done: str) -> None:
        for place, (people, units) in enumerate(rows):
            if place:
                self.named(f"line-1-{place}-group").select_option(index=place + 1)
            self.named(f"line-1-{place}-recipients").fill(people)
            self.named(f"line-1-{place}-units").fill(units)
        self.named("done").fill(done)

    def is_warned_of(self, *words: str) -> None:
        """Try to file what names a person, and read the names beside the field; nothing typed is lost."""
        written = self.named("done").input_value()
        self.send("[name=file]", refused=True)
        for one in words:
            expect(self.main.locator(".field.wrong .field-error", has_text=one)).to_be_visible()
        expect(self.named("done")).to_have_value(written)

    def file_report(self) -> None:
        self.send("[name=file]")

    def claim(self, own_number: str, *shown: str) -> None:
        """Make the act of the accepted report that is open, and claim it."""
        self.send("form[action$='/act/'] button")
        for words in shown:
            self.sees(words)
        self.named("own_number").fill(own_number)
        self.send("[name=claim]")

    # --- findings ----------------------------------------------------------------------------------------------------

    def reply(self, email: str, findings: Sequence[Finding], texts: Sequence[str]) -> None:
        """Come by the letter about the visit and reply to one finding after another, with evidence to the first."""
        for finding, text in zip(findings, texts, strict=True):
            self.come_by_letter(email, "/findings/", f"/findings/{finding.pk}/")
            self.sees(finding.text)
            self.named("text").fill(text)
            if finding.number == 1:
                self.named("file").set_input_files(pdf_file("журнал.pdf"))
            self.send()


def work_through_another_month(contract: Contract, now: datetime, units: Decimal, done: str) -> None:
    """Report on the second month, accept, claim and pay the whole: by the same steps as the pages take."""
    official, person = contract.created_by, contract.award.proposal.created_by
    before, report = contract.reports.get(number=1), contract.reports.get(number=2)
    row = reports.RowFacts(1, before.rows.order_by("pk").first().group_id, 18, units)
    facts = reports.ReportFacts(rows=[row], done=done)
    reports.save_report(report_id=report.pk, user=person, version=report.version, facts=facts, now=now)
    reports.file_report(report_id=report.pk, user=person, key=uuid4(), now=now)
    reports.accept_report(report_id=report.pk, user=official, now=now)
    act = act_making.make_from_report(report_id=report.pk, user=person, key=uuid4(), now=now)
    told = act_making.ActFacts(own_number="2", act_on=now.date(), note="")
    act_making.save_act(act_id=act.pk, user=person, facts=told, lines=[], now=now)
    claimed = acts.claim(act_id=act.pk, user=person, now=now).claimed
    accepted = acts.accept(act_id=act.pk, user=official, deductions=[], seen=claimed, now=now).accepted
    paid = payments.PaymentFacts(amount=accepted, paid_on=now.date(), order_number="131", note="")
    line = contract.funding.get().pk
    payments.enter_payment(act_id=act.pk, user=official, funding_id=line, facts=paid, key=uuid4(), now=now)
