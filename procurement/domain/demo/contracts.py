"""Contracts of the demonstration: told by the steps of both sides, from the draft to the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from portal.accounts.enums import MandateScope, OwnershipForm
from portal.accounts.models import Mandate, Organisation
from portal.kernel.calendar import day_of
from procurement.contract_enums import ContractState
from procurement.domain.contracts import drafting, making, offering
from procurement.domain.contracts.making import Ground
from procurement.domain.demo.contract_money import fund
from procurement.domain.demo.contract_turns import amend, end, fail, milestone, sign, suspend
from procurement.domain.demo.following import follow
from procurement.domain.demo.fulfilment import fulfil
from procurement.domain.demo.material import texts
from procurement.domain.demo.months import Months
from procurement.domain.demo.ratings import evaluate
from procurement.enums import AwardState
from procurement.models import (
    Award,
    Commissioner,
    Contract,
    ContractVersion,
)
from registry.enums import Standing
from registry.models import ServiceType, VulnerableGroup

if TYPE_CHECKING:
    from portal.accounts.models import User

Told = Mapping[str, Any]
Bidder = tuple[Organisation, "User"]
# so many days before the service begins, both have signed
_SIGNED_BEFORE: Final = 6


@dataclass(slots=True)
class Story:
    """One contract while it is told: who acts for whom, and what time it is."""

    contract: Contract
    told: Told
    official: User
    provider: User
    months: Months

    @property
    def begun(self) -> datetime:
        """The moment at which both sign, before the service begins."""
        return self.months.noon(self.months.first - timedelta(days=_SIGNED_BEFORE))


def write_contract(
    told: Told, bodies: Mapping[str, Commissioner], *, user: User, bidders: list[Bidder], now: datetime
) -> Contract | None:
    """Write one contract as its story says; nothing where it is about an award and none waits."""
    story = _of_award(told, user, now) if told.get("award") else _direct(told, bodies, user, bidders, now)
    if story is None:
        return None
    wanted = told.get("state", ContractState.IN_FORCE)
    if wanted == ContractState.DRAFT:
        return story.contract
    version = story.contract.versions.get(number=1)
    offering.offer(version_id=version.pk, user=user, now=story.begun)
    if wanted == ContractState.NOT_CONCLUDED:
        fail(story)
    elif wanted == ContractState.IN_FORCE:
        sign(story, version, story.begun)
        _live(story)
    story.contract.refresh_from_db()
    return story.contract


def _live(story: Story) -> None:
    """Tell what followed the signatures: milestones, months of service, an amendment, visits, an end."""
    told = story.told
    for row in told.get("milestones") or ():
        milestone(story, row)
    fulfil(story, amend=amend if told.get("amendment") else None)
    for visit in told.get("visits") or ():
        follow(story, visit)
    if told.get("quality"):
        evaluate(story, told["quality"])
    if told.get("suspended"):
        suspend(story, told["suspended"])
    if told.get("end"):
        end(story, told["end"])


# --- how it begins ---------------------------------------------------------------------------------------------------


def _of_award(told: Told, user: User, now: datetime) -> Story | None:
    """Make the contract of the next accepted award of the demonstration."""
    taken = Contract.objects.exclude(award=None).values("award")
    rows = Award.objects.filter(state=AwardState.ACCEPTED, decision__superseded_by=None).exclude(pk__in=taken)
    award = rows.select_related("proposal__created_by").order_by("pk").first()
    if award is None or award.answered_at is None:
        return None
    at = min(award.answered_at + timedelta(days=1), now)
    contract = making.make_from_award(award_id=award.pk, user=user, key=uuid4(), now=at)
    Contract.objects.filter(pk=contract.pk).update(is_demo=True)
    version = contract.versions.get(number=1)
    begins = version.service_from or day_of(now)
    months = Months(min(begins, day_of(now)), now)
    terms = {"report_period": "month", "report_days": 5, "report_unit": "working_days"}
    terms |= {"payment_days": 10, "payment_unit": "working_days"}
    drafting.save_draft(version_id=version.pk, user=user, values=terms, now=at)
    version.refresh_from_db()
    fund(contract, version, user, at)
    return Story(contract, told, user, award.proposal.created_by, months)


def _direct(
    told: Told, bodies: Mapping[str, Commissioner], user: User, bidders: list[Bidder], now: datetime
) -> Story | None:
    """Enter the contract of another channel with its services, terms and money."""
    months = Months.begun(told["months_ago"], now)
    organisation, person = _provider(told, bidders)
    at = months.noon(months.first - timedelta(days=_SIGNED_BEFORE + 4))
    ground = Ground(
        texts()["contract"]["grounds"][told["channel"]],
        told.get("identifier", "").format(year=months.first.year),
        "https://demo.example/procedure",
    )
    contract = making.make_direct(
        commissioner_id=bodies[told["hromada"]].pk,
        contractor_id=organisation.pk,
        channel=told["channel"],
        title=told["title"],
        ground=ground,
        user=user,
        key=uuid4(),
        now=at,
    )
    Contract.objects.filter(pk=contract.pk).update(is_demo=True)
    version = contract.versions.get(number=1)
    _describe(told, version, user, months, at)
    version.refresh_from_db()
    fund(contract, version, user, at)
    return Story(contract, told, user, person, months)


def _provider(told: Told, bidders: list[Bidder]) -> Bidder:
    """Return one of the bidders, or an own communal institution, for which the same invented person speaks."""
    if not told.get("own"):
        return bidders[told.get("bidder", 0) % len(bidders)]
    person = bidders[0][1]
    rows = Organisation.objects.filter(
        is_demo=True, ownership_form=OwnershipForm.COMMUNAL, entries__standing=Standing.INCLUDED
    )
    own = rows.order_by("pk").first()
    if own is None:
        return bidders[0]
    facts = {"valid_from": date(2020, 1, 1)}
    Mandate.objects.get_or_create(person=person, organisation=own, scope=MandateScope.REPRESENTATIVE, defaults=facts)
    return own, person


def _describe(told: Told, version: ContractVersion, user: User, months: Months, at: datetime) -> None:
    """Fill in terms and services: a volume is so much a month for all months."""
    terms = {
        "service_from": months.first,
        "service_to": months.planned(told["months"]),
        "report_period": told["period"],
        "report_days": 5,
        "report_unit": "working_days",
        "payment_days": 10,
        "payment_unit": "working_days",
        "own_number": told.get("own_number", ""),
    }
    drafting.save_draft(version_id=version.pk, user=user, values=terms, now=at)
    words = texts()["contract"]
    for line in told["lines"]:
        values = {
            "title": line["title"],
            "service_type": ServiceType.objects.get(slug=line["service"]),
            "group": VulnerableGroup.objects.get(slug=line["group"]),
            "categories": words["categories"],
            "content": words["content"],
            "quality": words["quality"],
            "recipients": line["recipients"],
            "pricing": "unit",
            "volume": Decimal(line["month"]) * told["months"],
            "unit": line["unit"],
            "tariff": Decimal(line["tariff"]),
            "tariff_act": words["tariff_act"],
        }
        drafting.save_line(version_id=version.pk, user=user, values=values, now=at)
