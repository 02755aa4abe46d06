"""The use cases of contracts as two sides take them: an official of Dykanka and a person who may sign for the provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from portal.accounts.models import Organisation, User
from procurement.contract_enums import Side
from procurement.domain.contracts import amending, drafting, making, offering, signing
from procurement.domain.contracts.making import Ground
from procurement.domain.delivery import act_making, acts, payments, reports
from procurement.domain.delivery.deductions import DeductionFacts
from procurement.domain.delivery.payments import PaymentFacts
from procurement.domain.delivery.reports import ReportFacts, RowFacts
from procurement.models import AcceptanceAct, BudgetLine, Contract, ContractVersion, Payment
from registry.models import Territory
from tests.factories.contracts import make_budget_line, make_typed_ground
from tests.factories.ordering import make_commissioner, make_official_who_orders
from tests.factories.procurement import make_bidder
from tests.factories.registry import make_catalogue, make_territories

NOW = datetime(2027, 2, 25, 9, 0, tzinfo=UTC)
SIGNER = "Олена Коваль, начальник управління"
SECTIONS = [{"heading": "Предмет договору", "paragraphs": ["Виконавець надає послуги, замовник їх оплачує."]}]
TERMS = {"report_period": "month", "report_days": 5, "report_unit": "working_days"} | {
    "payment_days": 10,
    "payment_unit": "working_days",
}


@dataclass
class Sides:
    """Who acts, and where the money stands."""

    hromada: Territory
    official: User
    organisation: Organisation
    person: User
    lines: list[BudgetLine] = field(default_factory=list)

    @classmethod
    def make(cls, *amounts: str) -> Sides:
        place = make_territories().dykanska
        organisation, person = make_bidder()
        official = make_official_who_orders(place)
        for use in ("amendment", "suspension", "termination", "deduction", "failure"):
            make_typed_ground(use)
        sides = cls(place, official, organisation, person)
        sides.lines = [make_budget_line(place, amount=amount) for amount in amounts]
        return sides

    # --- the contract ------------------------------------------------------------------------------------------------

    def draft(
        self, services: Sequence[Mapping[str, Any]], *, now: datetime = NOW, title: str = "Догляд вдома", **facts: Any
    ) -> Contract:
        """Enter a procurement's contract with its services, terms and words, nothing offered yet."""
        ground = Ground(
            text="Закупівля за рішенням замовника.", identifier=facts.pop("identifier", "UA-2027-02-01-000001-a")
        )
        contract = making.make_direct(
            commissioner_id=make_commissioner(self.hromada).pk,
            contractor_id=self.organisation.pk,
            channel=facts.pop("channel", "procurement"),
            title=title,
            ground=ground,
            user=self.official,
            key=facts.pop("key", None) or uuid4(),
            now=now,
        )
        version = contract.versions.get()
        values = {"service_from": date(2027, 3, 1), "service_to": date(2027, 6, 30), **TERMS, **facts}
        drafting.save_draft(version_id=version.pk, user=self.official, values=values, now=now)
        drafting.save_sections(version_id=version.pk, user=self.official, sections=SECTIONS, now=now)
        for service in services:
            drafting.save_line(version_id=version.pk, user=self.official, values=line_values(service), now=now)
        return Contract.objects.get(pk=contract.pk)

    def fund(self, version: ContractVersion, sums: Mapping[int, Decimal], now: datetime = NOW) -> None:
        drafting.save_funding(version_id=version.pk, user=self.official, funding=sums, now=now)

    def conclude(
        self, contract: Contract, *, funding: Mapping[int, Decimal] | None = None, now: datetime = NOW
    ) -> Contract:
        """Fund the whole from the first line unless sums are named, offer it, let both sign."""
        version = contract.versions.get(number=1)
        version.refresh_from_db()
        self.fund(version, funding or {self.lines[0].pk: version.sum}, now)
        offering.offer(version_id=version.pk, user=self.official, now=now)
        self.sign_both(version, now)
        return Contract.objects.get(pk=contract.pk)

    def sign_both(self, version: ContractVersion, now: datetime) -> None:
        for side in (Side.COMMISSIONER, Side.CONTRACTOR):
            self.sign(version, side, now)

    def sign(self, version: ContractVersion, side: str, now: datetime) -> ContractVersion:
        user = self.official if side == Side.COMMISSIONER else self.person
        return signing.sign(version_id=version.pk, user=user, side=side, signer=SIGNER, now=now)

    def amend(self, contract: Contract, now: datetime) -> ContractVersion:
        """Begin an amendment with all that it has to say why."""
        ground = make_typed_ground("amendment")
        version = amending.begin_amendment(contract_id=contract.pk, user=self.official, now=now)
        values = {"ground": ground, "citation": "п. 5.2 договору", "reason": "Змінилася потреба."}
        return drafting.save_draft(version_id=version.pk, user=self.official, values=values, now=now)

    # --- what is given and paid --------------------------------------------------------------------------------------

    def claim_report(self, contract: Contract, number: int, rows: Sequence[RowFacts], now: datetime) -> AcceptanceAct:
        """File and accept a report with these rows, make its act and claim it."""
        report = contract.reports.get(number=number)
        told = ReportFacts(rows, done="Надано за індивідуальними планами.")
        with_it = {"report_id": report.pk, "user": self.person, "now": now}
        reports.save_report(version=report.version, facts=told, **with_it)
        reports.file_report(key=uuid4(), **with_it)
        reports.accept_report(report_id=report.pk, user=self.official, now=now)
        act = act_making.make_from_report(key=uuid4(), **with_it)
        return acts.claim(act_id=act.pk, user=self.person, now=now)

    def accept(
        self, act: AcceptanceAct, now: datetime, deducted: Mapping[int | None, Decimal] | None = None
    ) -> AcceptanceAct:
        """Accept a claim, less what is deducted by line."""
        ground = make_typed_ground("deduction").pk
        rows = [
            DeductionFacts(amount, ground, "Не підтверджено журналом.", line)
            for line, amount in (deducted or {}).items()
        ]
        acts.accept(act_id=act.pk, user=self.official, deductions=rows, now=now)
        return AcceptanceAct.objects.get(pk=act.pk)

    def pay(self, act: AcceptanceAct, amount: Decimal, now: datetime) -> Payment:
        told = PaymentFacts(amount, now.date(), "№ 1")
        funding = act.contract.funding.first()
        return payments.enter_payment(
            act_id=act.pk, user=self.official, funding_id=funding.pk, facts=told, key=uuid4(), now=now
        )


def line_values(service: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a service: home care by the hour unless they say otherwise."""
    words = make_catalogue()
    common = {"title": "Догляд вдома", "service_type": words.home_care, "group": words.older_people, "recipients": 20}
    return {**common, "pricing": "unit", "unit": "person_hour", **service}


def key_of(number: int) -> UUID:
    """Return a key that is the same for the same number: of a double press."""
    return UUID(int=number)
