"""What a winner answers, and when nobody may answer."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import make_aware

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import appeals, awards
from procurement.models import AwardDecision
from tests.appeals.deciding import make_decided
from tests.factories.accounts import make_mandate, make_person
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db
REASON = "Змінилися тарифи на пальне."


@pytest.fixture
def world():
    return make_decided()


def test_winner_accepts(world):
    award = awards.accept(award_id=world.award.pk, user=world.winner.created_by, now=world.now)

    assert (award.state, award.answered_at) == ("accepted", world.now)
    entry = LogEntry.objects.get(tag="procurement:award:accept")
    assert json.loads(entry.payload) == {"id": str(award.pk), "lot": 1, "proposal": 1}


def test_only_who_signs_for_the_winner_answers(world):
    editor = make_person()
    make_mandate(editor, world.winner.organisation, "editor")

    for user in (editor, world.loser.created_by, world.official):
        with pytest.raises(PermissionDenied):
            awards.accept(award_id=world.award.pk, user=user, now=world.now)


def test_refusal_needs_a_reason_and_ends_the_award(world):
    with pytest.raises(StepRefused):
        awards.refuse(award_id=world.award.pk, user=world.winner.created_by, reason=" ", now=world.now)

    award = awards.refuse(award_id=world.award.pk, user=world.winner.created_by, reason=REASON, now=world.now)

    assert (award.state, award.reason) == ("refused", REASON)
    with pytest.raises(StepRefused):
        awards.accept(award_id=award.pk, user=world.winner.created_by, now=world.now)


def test_accepted_award_may_still_be_refused(world):
    awards.accept(award_id=world.award.pk, user=world.winner.created_by, now=world.now)

    award = awards.refuse(award_id=world.award.pk, user=world.winner.created_by, reason=REASON, now=world.now)
    assert award.state == "refused"


def test_open_appeal_stops_the_acceptance_until_it_is_over(world):
    appeal = world.appeal()

    with pytest.raises(StepRefused, match="1"):
        awards.accept(award_id=world.award.pk, user=world.winner.created_by, now=world.now)
    appeals.withdraw(appeal_id=appeal.pk, user=world.loser.created_by, now=world.now)
    assert awards.accept(award_id=world.award.pk, user=world.winner.created_by, now=world.now).state == "accepted"


def test_award_lapses_only_after_the_day_of_the_contract(world):
    last = world.competition.contract_on
    at = make_aware(datetime.combine(last, datetime.min.time())) + timedelta(hours=9)

    with pytest.raises(StepRefused):
        awards.lapse(award_id=world.award.pk, user=world.official, reason=REASON, now=at)
    with pytest.raises(PermissionDenied):
        awards.lapse(award_id=world.award.pk, user=world.winner.created_by, reason=REASON, now=at + timedelta(days=1))
    award = awards.lapse(award_id=world.award.pk, user=world.official, reason=REASON, now=at + timedelta(days=1))
    assert award.state == "lapsed"


def test_award_of_a_superseded_decision_is_answered_by_nobody(world):
    first = world.decision
    AwardDecision.objects.create(
        competition=world.competition,
        round=world.round,
        minutes=first.minutes,
        number=2,
        outcome="no_award",
        ground=make_ground("superseding"),
        reason=REASON,
        act_number="19",
        act_on=first.act_on,
        content={},
        digest="3" * 64,
        at=world.now,
        by=world.official,
        supersedes=first,
    )

    with pytest.raises(StepRefused):
        awards.accept(award_id=world.award.pk, user=world.winner.created_by, now=world.now)
