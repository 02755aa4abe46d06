"""Whoever is tied to an applicant stays away, by whatever door: another role, another membership, another commission."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation import appeals, awards, rounds
from procurement.domain.evaluation.quorum import quorum_of, record_sitting, require_quorate_sitting
from procurement.enums import RoundState
from procurement.models import CommissionMember
from procurement.queries.evaluation_readers import members_told, officials_told
from tests.appeals.deciding import make_decided
from tests.factories.accounts import make_mandate
from tests.factories.evaluation import declare_nothing, make_commission, make_member, make_round
from tests.scoring.worlds import bar

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_decided()


# --- an official who acts for an applicant ---------------------------------------------------------------------------


def test_official_does_not_decide_the_appeal_of_an_organisation_that_the_person_acts_for(world):
    appeal = world.appeal()
    make_mandate(world.judge, world.loser.organisation)

    with pytest.raises((StepRefused, PermissionDenied)):
        appeals.accept(appeal_id=appeal.pk, user=world.judge, now=world.now)
    assert not rules.can_decide_appeal(world.judge, appeal)


def test_official_who_acts_for_a_rival_decides_no_appeal_either(world):
    appeal = world.appeal()
    make_mandate(world.judge, world.winner.organisation, "editor")

    assert not rules.can_decide_appeal(world.judge, appeal)


def test_official_who_acts_for_an_applicant_reads_no_proposals_and_moves_nothing(sign_in):
    round_ = make_round(state=RoundState.DECLARATIONS)
    competition, official = round_.competition, round_.competition.created_by
    make_mandate(official, competition.proposals.get(number=1).organisation)
    other = str(competition.proposals.get(number=2).pk)
    client = sign_in(official)

    assert not rules.can_read_opened(official, competition)
    for name, more in (("opened_proposal", [other]), ("evaluation", []), ("recusals", []), ("admissions", [])):
        answer = client.get(reverse(f"commissioning:{name}", args=[competition.pk, *more]))
        assert answer.status_code == 404, name
    for step in (rounds.begin_admission, rounds.begin_scoring, rounds.begin_discussion):
        with pytest.raises(PermissionDenied):
            step(round_id=round_.pk, user=official, now=round_.began_at)
    assert official not in officials_told(competition)


def test_mandate_that_has_ended_keeps_no_official_away():
    round_ = make_round(state=RoundState.ADMISSION)
    official = round_.competition.created_by
    organisation = round_.competition.proposals.get(number=1).organisation
    make_mandate(official, organisation, valid_to=date(2026, 6, 1))

    assert rules.can_read_opened(official, round_.competition)


# --- a recused member who is an official ------------------------------------------------------------------------------


def test_recused_official_lets_no_award_lapse(world):
    member = make_member(world.round.commission, user=world.judge)
    bar(member, world.competition)

    with pytest.raises(PermissionDenied):
        awards.lapse(award_id=world.award.pk, user=world.judge, reason="Не підписали.", now=world.now)
    world.award.refresh_from_db()
    assert world.award.state == "offered"


def test_recused_official_begins_no_stage():
    round_ = make_round(state=RoundState.SCORING)
    official = round_.competition.created_by
    bar(make_member(round_.commission, user=official), round_.competition)

    for step in (rounds.begin_admission, rounds.begin_scoring, rounds.begin_discussion):
        with pytest.raises(PermissionDenied):
            step(round_id=round_.pk, user=official, now=round_.began_at)


# --- a recused member who comes back ---------------------------------------------------------------------------------


def test_recused_member_named_once_more_makes_no_quorum():
    round_ = make_round(state=RoundState.ADMISSION)
    members = list(round_.commission.members.order_by("order"))
    for member in members[2:]:
        bar(member, round_.competition)
        CommissionMember.objects.filter(pk=member.pk).update(until=round_.began_at.date())
        again = make_member(round_.commission, user=member.user)
        declare_nothing(again, round_.competition, round_.began_at)
    now = round_.began_at + timedelta(hours=1)

    assert {one.pk for one in rounds.able_members(round_)} == {one.pk for one in members[:2]}
    assert quorum_of(round_).able == 2
    assert {one.pk for one in members_told(round_)} == {one.pk for one in members[:2]}
    present = {one.pk: True for one in round_.commission.members.active()}
    about = {"round_id": round_.pk, "user": round_.competition.created_by, "at": now, "place": "зала", "agenda": "-"}
    with pytest.raises(StepRefused, match="Відведений"):
        record_sitting(**about, present=present, now=now)


def test_person_recused_without_an_account_is_known_again_by_the_address():
    round_ = make_round(state=RoundState.ADMISSION)
    member = round_.commission.members.order_by("order")[4]
    CommissionMember.objects.filter(pk=member.pk).update(user=None, until=round_.began_at.date())
    bar(member, round_.competition)
    again = make_member(round_.commission, email=member.email)

    assert again.pk not in {one.pk for one in rounds.able_members(round_)}


def test_member_recused_in_another_commission_of_the_competition_gets_no_sheet():
    round_ = make_round(state=RoundState.ADMISSION)
    competition = round_.competition
    earlier = make_commission(members=1)
    bar(earlier.members.get(), competition)
    again = make_member(round_.commission, user=earlier.members.get().user)

    assert again.pk not in {one.pk for one in rounds.able_members(round_)}
    assert require_quorate_sitting(round_).number == 1
