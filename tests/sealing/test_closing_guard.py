"""The database itself refuses a submission after the close, whoever brings it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from procurement import closing_guard
from procurement.enums import CompetitionState
from procurement.models import Competition, ProposalRevision
from tests.sealing.worlds import make_bid, make_competition

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture(autouse=True)
def _whole_guard(db):
    closing_guard.install(connection, by_clock=True)
    yield
    closing_guard.install(connection)


def put_past_the_domain(bid, at):
    """Insert a revision the way a shell or an import would."""
    with transaction.atomic():
        return ProposalRevision.objects.create(
            proposal_id=bid.proposal_id,
            number=1,
            competition_version=bid.competition.versions.get(),
            at=at,
            by=bid.user,
            key=uuid4(),
            sealed=b"x",
            commitment="a" * 64,
        )


def competition_closing(seconds, **fields):
    now = timezone.now()
    return make_competition(now=now - timedelta(days=30), closes_at=now + timedelta(seconds=seconds), **fields)


def test_in_time_passes():
    bid = make_bid(competition_closing(60))

    assert put_past_the_domain(bid, timezone.now()).pk


def test_after_the_close_is_refused_whatever_the_stamp_says():
    bid = make_bid(competition_closing(-1))

    with pytest.raises(IntegrityError, match=closing_guard.REFUSAL):
        put_past_the_domain(bid, bid.competition.closes_at - timedelta(days=1))


def test_while_the_close_is_held_passes():
    bid = make_bid(competition_closing(-1, hold_until=timezone.now() + timedelta(minutes=1)))

    assert put_past_the_domain(bid, timezone.now()).pk


def test_stamp_after_the_close_is_refused_whatever_the_clock_says():
    bid = make_bid(competition_closing(60))

    with pytest.raises(IntegrityError, match=closing_guard.REFUSAL):
        put_past_the_domain(bid, bid.competition.closes_at)


@pytest.mark.parametrize("state", ["cancelled", "closed"])
def test_after_the_end_is_refused_whatever_the_clock_says(state):
    bid = make_bid(competition_closing(60))
    ended = {"ended_at": timezone.now(), "end_reason": "Скасовано."} if state == "cancelled" else {}
    Competition.objects.filter(pk=bid.competition.pk).update(
        state=CompetitionState(state), closed_at=timezone.now(), **ended
    )

    with pytest.raises(IntegrityError, match=closing_guard.REFUSAL):
        put_past_the_domain(bid, timezone.now())


def test_demonstration_may_tell_of_the_past():
    bid = make_bid(competition_closing(-1))

    with closing_guard.suspended(connection):
        assert put_past_the_domain(bid, timezone.now()).pk
