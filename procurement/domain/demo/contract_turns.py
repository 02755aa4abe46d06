"""What both sides do with a contract of the demonstration: signatures, an amendment, milestones, its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.kernel.calendar import day_of
from procurement.contract_enums import ContractVersionState, Side
from procurement.domain.contracts import amending, drafting, ending, offering, signing, suspending
from procurement.domain.delivery import milestones
from procurement.domain.demo.contract_money import fund
from procurement.domain.demo.material import texts
from procurement.models import ContractVersion, ProcedureGround

if TYPE_CHECKING:
    from procurement.domain.demo.contracts import Story

Told = Mapping[str, Any]


def sign(story: Story, version: ContractVersion, at: datetime) -> None:
    """Let both sides sign the version at the moment."""
    words = texts()["contract"]
    for side, person, signer in (
        (Side.COMMISSIONER, story.official, words["signer"]),
        (Side.CONTRACTOR, story.provider, words["provider_signer"]),
    ):
        signing.sign(version_id=version.pk, user=person, side=side, signer=signer, now=at)
    story.contract.refresh_from_db()


def amend(story: Story) -> None:
    """Change the tariff from now on: what was given so far stays as it was paid."""
    told = story.told["amendment"]
    at = story.months.noon(story.months.day(told["month"], 2))
    ground = ProcedureGround.objects.get(slug=told["ground"])
    made = amending.begin_amendment(
        contract_id=story.contract.pk, user=story.official, ground_id=ground.pk, reason=told["reason"], now=at
    )
    why = {"citation": told["citation"], "effective_on": day_of(at)}
    drafting.save_draft(version_id=made.pk, user=story.official, values=why, now=at)
    line = made.lines.get(number=1)
    drafting.save_line(
        version_id=made.pk, user=story.official, values={"tariff": Decimal(told["tariff"])}, number=line.number, now=at
    )
    made.refresh_from_db()
    fund(story.contract, made, story.official, at)
    offering.offer(version_id=made.pk, user=story.official, now=at)
    made.refresh_from_db()
    assert made.state == ContractVersionState.OFFERED
    sign(story, made, at)


def milestone(story: Story, row: Any) -> None:
    """Plan a milestone and say what became of it, where its day is over."""
    title, month, measure, plan, fact = row
    facts = milestones.MilestoneFacts(title, story.months.planned(month), measure, Decimal(plan))
    made = milestones.add_milestone(
        contract_id=story.contract.pk, user=story.official, facts=facts, now=story.begun + timedelta(hours=1)
    )
    if made.due_on >= day_of(story.months.now):
        return
    at = story.months.noon(made.due_on + timedelta(days=3))
    words = texts()["contract"]
    if fact is None:
        milestones.miss(milestone_id=made.pk, user=story.official, on=day_of(at), reason=words["missed"], now=at)
        return
    milestones.meet(
        milestone_id=made.pk,
        user=story.official,
        on=made.due_on,
        fact=Decimal(fact),
        reason="" if fact == plan else words["differs"],
        now=at,
    )


def fail(story: Story) -> None:
    """Say that the contract is not concluded."""
    slug, reason = story.told["failure"]
    at = story.months.noon(story.months.day(0, 12))
    ground = ProcedureGround.objects.get(slug=slug)
    ending.fail(contract_id=story.contract.pk, user=story.official, ground_id=ground.pk, reason=reason, now=at)


def suspend(story: Story, told: Told) -> None:
    """Suspend the contract so many days ago."""
    at = story.months.now - timedelta(days=told["days_ago"])
    ground = ProcedureGround.objects.get(slug=told["ground"])
    suspending.suspend(
        contract_id=story.contract.pk, user=story.official, ground_id=ground.pk, reason=told["reason"], now=at
    )


def end(story: Story, told: Told) -> None:
    """Close the contract, or terminate it as the story says."""
    if told["kind"] == "closed":
        at = story.months.noon(story.months.day(story.told["months"], 24))
        ending.close(contract_id=story.contract.pk, user=story.official, now=at)
        return
    at = story.months.noon(story.months.day(told["month"], 20))
    ground = ProcedureGround.objects.get(slug=told["ground"])
    ending.terminate(
        contract_id=story.contract.pk,
        user=story.official,
        ground_id=ground.pk,
        reason=told["reason"],
        on=day_of(at),
        now=at,
    )
