"""Announced competitions for tests of news, by the steps that officials take; bidders as rows, whatever their state."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from portal.accounts.models import User
from portal.kernel.models import OutboxMessage
from procurement.domain.calls import calling
from procurement.enums import ProposalState
from procurement.models import Competition, Proposal, ProposalRevision, Question
from procurement.notifications import note_competition_step
from tests.factories import procurement
from tests.factories.accounts import make_mandate, make_organisation, make_person
from tests.factories.registry import make_catalogue, make_territories

NOW = procurement.NOW
CLOSES = datetime(2027, 3, 1, 16, 0, tzinfo=UTC)
# when an announcement and all its letters are long forgotten
LATER = NOW + timedelta(days=1)
WEEK = timedelta(days=7)


def make_announced(**fields: Any) -> Competition:
    """Return a competition of Dykanka for home care of older people that accepts proposals; nobody has been told yet."""
    places, words = make_territories(), make_catalogue()
    place = fields.pop("hromada", places.dykanska)
    lot = {"service_type": fields.pop("service", words.home_care), "group": fields.pop("group", words.older_people)}
    specification = procurement.make_specification(place, **lot)
    competition = procurement.make_published(
        hromada=place, lots=[specification], closes_in=CLOSES - NOW, title="Догляд вдома у громаді", **fields
    )
    OutboxMessage.objects.all().delete()
    return competition


@transaction.atomic
def announce(competition: Competition, now: datetime = NOW) -> None:
    note_competition_step(competition=competition, step="publish", now=now)


def extend(competition: Competition, by: timedelta = WEEK, *, now: datetime = LATER) -> Competition:
    return procurement.extend(competition, by, now=now)


def change(competition: Competition, *, now: datetime = LATER, **values: Any) -> Competition:
    return procurement.change(competition, now=now, **values)


def call_off(competition: Competition, now: datetime = LATER) -> Competition:
    return calling.cancel(
        competition_id=competition.pk,
        user=competition.created_by,
        ground_id=procurement.make_ground("cancellation").pk,
        reason="Змінився бюджет.",
        now=now,
    )


def make_bidder(competition: Competition, *, state: str = ProposalState.SUBMITTED, **fields: Any) -> Proposal:
    """Return a proposal of an organisation with one representative; `organisation` may be given."""
    organisation = fields.pop("organisation", None) or make_organisation()
    person = fields.pop("person", None) or make_person()
    make_mandate(person, organisation)
    submitted = state not in (ProposalState.DRAFT, ProposalState.LAPSED)
    number = competition.proposals.count() + 1 if submitted else None
    return Proposal.objects.create(
        **{
            "competition": competition,
            "organisation": organisation,
            "state": state,
            "competition_version": competition.versions.first(),
            "created_by": person,
            "created_at": NOW,
            "saved_at": NOW,
            "number": number,
            "submitted_at": NOW if submitted else None,
            **fields,
        }
    )


def make_revision(proposal: Proposal, number: int, at: datetime, commitment: str) -> ProposalRevision:
    return ProposalRevision.objects.create(
        proposal=proposal,
        number=number,
        competition_version=proposal.competition_version,
        at=at,
        by=proposal.created_by,
        key=uuid4(),
        sealed=b"sealed",
        commitment=commitment,
    )


def make_question(competition: Competition, *, asked_by: User, **fields: Any) -> Question:
    return Question.objects.create(
        **{
            "competition": competition,
            "number": competition.questions.count() + 1,
            "text": "Чи можна подати на два лоти?",
            "asked_by": asked_by,
            "asked_at": NOW,
            "asking_key": uuid4(),
            **fields,
        }
    )
