"""Who files an appeal, about what and until when; what is kept of it and what everybody reads."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from portal.kernel.calendar import day_of
from portal.kernel.documents import may_read
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import appeals
from procurement.models import Appeal
from tests.appeals.deciding import TEXT, appeal_of, make_decided
from tests.factories.accounts import make_mandate, make_person
from tests.factories.evaluation import make_commission, make_member, make_opened, make_round
from tests.factories.procurement import make_bidder, make_published
from tests.factories.proposals import PDF, make_submitted_proposal
from tests.factories.rule_profiles import make_profile

pytestmark = pytest.mark.django_db


def test_appeal_is_filed_with_its_number_and_stops_by_the_policy():
    world = make_decided()

    appeal = world.appeal()

    assert (appeal.number, appeal.state, appeal.stops, appeal.decision) == (1, "filed", True, world.decision)
    assert (appeal.due_on, appeal.due_words) == (None, "Строк не встановлено в довіднику.")
    assert appeals.stopping(world.competition) == appeal


def test_log_has_the_digest_and_not_the_words_nor_the_complainant():
    world = make_decided()

    appeal = world.appeal()

    entry = LogEntry.objects.get(seq=appeal.log_seq)
    assert entry.tag == "procurement:appeal:file"
    assert set(json.loads(entry.payload)) == {"id", "number", "scope", "stops", "digest"}
    assert TEXT not in entry.payload


def test_same_press_files_once():
    world, key = make_decided(), uuid4()

    assert world.appeal(key=key).pk == world.appeal(key=key).pk
    assert Appeal.objects.count() == 1


def test_somebody_elses_key_is_no_key():
    world, key = make_decided(), uuid4()
    world.appeal(key=key)

    with pytest.raises(StepRefused):
        appeal_of(world.winner, now=world.now, key=key)


def test_who_may_not_sign_does_not_file():
    world = make_decided()
    editor = make_person()
    make_mandate(editor, world.loser.organisation, "editor")

    with pytest.raises(PermissionDenied):
        world.appeal(user=editor)


def test_who_has_submitted_nothing_does_not_appeal():
    world = make_decided()
    organisation, person = make_bidder()

    with pytest.raises(StepRefused):
        world.appeal(organisation_id=organisation.pk, user=person)


def test_nobody_tells_by_an_appeal_that_a_proposal_lies_sealed():
    competition = make_published()
    organisation, person = make_bidder()
    proposal = make_submitted_proposal(competition, organisation, person)

    with pytest.raises(StepRefused):
        appeal_of(proposal, now=competition.published_at + timedelta(days=3), scope="announcement")


def test_scores_are_not_complained_of_before_the_results():
    competition = make_opened(proposals=1)
    proposal, now = competition.proposals.get(), competition.opened_at + timedelta(days=1)

    with pytest.raises(StepRefused):
        appeal_of(proposal, now=now, scope="scoring")
    assert appeal_of(proposal, now=now, scope="admission").decision is None


@pytest.mark.parametrize("wrong", [{"scope": "weather"}, {"text": "  "}, {"remedy_asked": ""}, {"text": "я" * 8001}])
def test_incomplete_appeal_is_refused(wrong):
    world = make_decided()

    with pytest.raises(StepRefused):
        world.appeal(**wrong)


def test_term_of_the_profile_ends_appeals_and_sets_the_day_of_the_decision():
    make_profile(appeal_window=10, appeal_decision=5)
    world = make_decided()

    until, why = appeals.appeal_window(world.competition)
    assert until == day_of(world.decision.at) + timedelta(days=10)
    assert "10 календарних днів" in why
    appeal = world.appeal(now=world.decision.at + timedelta(days=10))
    assert appeal.due_on == day_of(appeal.filed_at) + timedelta(days=5)
    with pytest.raises(StepRefused):
        appeal_of(world.winner, now=world.decision.at + timedelta(days=11))


def test_no_appeal_is_late_where_no_term_is_set():
    world = make_decided()

    assert appeals.appeal_window(world.competition)[0] is None
    assert world.appeal(now=world.now + timedelta(days=400)).state == "filed"


def test_one_open_appeal_about_the_same_is_enough():
    world = make_decided()
    first = world.appeal()

    with pytest.raises(StepRefused):
        world.appeal()
    world.appeal(scope="decision")
    appeals.withdraw(appeal_id=first.pk, user=world.loser.created_by, now=world.now)
    assert world.appeal().number == 3


def test_withdrawn_appeal_stops_nothing():
    world = make_decided()
    appeal = world.appeal()

    appeals.withdraw(appeal_id=appeal.pk, user=world.loser.created_by, now=world.now)

    assert appeals.stopping(world.competition) is None
    with pytest.raises(StepRefused):
        appeals.withdraw(appeal_id=appeal.pk, user=world.loser.created_by, now=world.now)


def test_nobody_withdraws_the_appeal_of_another():
    world = make_decided()
    appeal = world.appeal()

    with pytest.raises(PermissionDenied):
        appeals.withdraw(appeal_id=appeal.pk, user=world.winner.created_by, now=world.now)


def test_file_is_read_by_its_owner_and_the_officials_who_may_read_proposals():
    world = make_decided()
    appeal = world.appeal(file=ContentFile(PDF, "Скарга.pdf"))
    member = make_member(world.competition.commission, user=world.judge)

    assert may_read(appeal.document, world.loser.created_by)
    assert may_read(appeal.document, world.official)
    # a member who has not declared, whatever else the account is
    assert not may_read(appeal.document, member.user)
    assert not may_read(appeal.document, world.winner.created_by)
    assert not may_read(appeal.document, make_commission().members.first().user)


def test_announcement_is_complained_of_while_proposals_are_evaluated():
    round_ = make_round(proposals=1)

    appeal = appeal_of(
        round_.competition.proposals.get(), now=round_.began_at + timedelta(days=1), scope="announcement"
    )

    assert appeal.decision is None
