"""Contracts led through their steps, for the tests of all of them."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.urls import reverse

from portal.accounts.models import Organisation, User
from procurement.domain.contracts.amending import begin_amendment
from procurement.domain.contracts.drafting import save_draft, save_funding, save_line, save_sections
from procurement.domain.contracts.making import Ground, make_direct
from procurement.domain.contracts.offering import offer
from procurement.domain.contracts.signing import sign
from procurement.domain.reference import FOLDER
from procurement.models import BudgetLine, Contract, ContractTemplate, ContractVersion
from tests.factories.contracts import CONCLUDED, make_budget_line, make_typed_ground
from tests.factories.ordering import make_commissioner, make_official_who_orders
from tests.factories.procurement import make_bidder
from tests.factories.registry import make_catalogue

TERMS = {
    "title": "Догляд вдома",
    "service_from": date(2027, 3, 1),
    "service_to": date(2027, 5, 31),
    "report_period": "month",
    "report_days": 5,
    "report_unit": "working_days",
    "payment_days": 10,
    "payment_unit": "calendar_days",
    "own_number": "15-С",
}
WORDS = [{"heading": "Предмет договору", "paragraphs": ["{{contractor}} надає послуги на {{sum}} грн."]}]


class Deal:
    """A contract with its two people, the draft complete: what most tests begin with."""

    def __init__(self, provider: tuple[Organisation, User] | None = None, volume: str = "1800") -> None:
        self.organisation, self.person = provider or make_bidder()
        body = make_commissioner()
        self.official = make_official_who_orders(body.hromada)
        self.budget: BudgetLine = make_budget_line(body.hromada)
        self.contract: Contract = make_direct(
            commissioner_id=body.pk,
            contractor_id=self.organisation.pk,
            channel="procurement",
            title="Догляд вдома",
            ground=Ground("Спрощена закупівля", "UA-2027-02-01-000123-a"),
            user=self.official,
            key=uuid4(),
            now=CONCLUDED,
        )
        self.version: ContractVersion = self.contract.versions.get()
        self.fill(volume)

    def fill(self, volume: str) -> None:
        told: dict[str, Any] = {"version_id": self.version.pk, "user": self.official, "now": CONCLUDED}
        words = make_catalogue()
        line = {
            "title": "Догляд вдома",
            "service_type": words.home_care,
            "group": words.older_people,
            "recipients": 20,
            "pricing": "unit",
            "volume": Decimal(volume),
            "unit": "person_hour",
            "tariff": Decimal("180.00"),
        }
        save_draft(values=TERMS, **told)
        save_sections(sections=WORDS, **told)
        made = save_line(values=line, **told)
        save_funding(funding={self.budget.pk: made.sum}, **told)
        self.refresh()

    def refresh(self) -> None:
        self.version.refresh_from_db()
        self.contract = Contract.objects.get(pk=self.contract.pk)
        self.budget.refresh_from_db()

    def offer(self, now: datetime = CONCLUDED) -> ContractVersion:
        self.version = offer(version_id=self.version.pk, user=self.official, now=now)
        self.refresh()
        return self.version

    def sign(self, *sides: str, now: datetime = CONCLUDED, **more: Any) -> None:
        for side in sides or ("contractor", "commissioner"):
            user = self.official if side == "commissioner" else self.person
            sign(version_id=self.version.pk, user=user, side=side, signer="Коваль О. П., голова", now=now, **more)
        self.refresh()

    def conclude(self) -> Deal:
        self.offer()
        self.sign()
        return self

    def amend(self, now: datetime) -> ContractVersion:
        """Begin an amendment with all that an offer of it needs but changes."""
        self.version = begin_amendment(contract_id=self.contract.pk, user=self.official, now=now)
        why = {
            "ground": make_typed_ground("amendment"),
            "citation": "пункт 9 договору",
            "reason": "Змінилася потреба.",
        }
        save_draft(version_id=self.version.pk, user=self.official, values=why, now=now)
        self.refresh()
        return self.version


def concluded(**values: Any) -> Deal:
    return Deal(**values).conclude()


def go(client: Any, name: str, *args: Any, **data: Any) -> Any:
    url = reverse(name, args=args)
    return client.post(url, data) if data else client.get(url)


def shipped(code: str = "social-order-contract") -> ContractTemplate:
    row = json.loads((Path(FOLDER) / "contract_templates" / f"{code}.json").read_text(encoding="utf-8"))
    return ContractTemplate.objects.create(
        code=code, title_uk=row["title_uk"], definition=row["definition"], act=row["act"], note=row["note"]
    )
