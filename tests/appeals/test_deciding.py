"""An appeal decided by somebody who had no part in it, and what follows."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import appeals, awards
from procurement.enums import RoundState
from procurement.models import Appeal, Recusal
from tests.appeals.deciding import appeal_of, make_decided
from tests.factories.accounts import make_official
from tests.factories.evaluation import make_member, make_opened, make_round
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db
ANSWER = "Бали за досвід не підтверджено протоколом."


@pytest.fixture
def world():
    return make_decided()


def taken(world, **values) -> Appeal:
    appeal = world.appeal(**values)
    return appeals.accept(appeal_id=appeal.pk, user=world.judge, now=world.now)


def settle(world, appeal, *, user=None, upheld=True, remedy="none"):
    return appeals.decide_appeal(
        appeal_id=appeal.pk,
        user=user or world.judge,
        upheld=upheld,
        remedy=remedy,
        answer=ANSWER,
        now=world.now + timedelta(days=1),
    )


def test_upheld_anew_annuls_the_round_and_begins_the_next(world):
    appeal = taken(world)

    settle(world, appeal, remedy="anew")

    world.competition.refresh_from_db()
    world.round.refresh_from_db()
    world.award.refresh_from_db()
    following = world.competition.rounds.get(number=2)
    assert (world.competition.state, world.round.state, world.award.state) == ("opened", "annulled", "superseded")
    assert (following.state, ANSWER in following.reason) == ("declarations", True)
    assert following.admissions.count() == 2
    # what was decided stays readable
    assert world.competition.decisions.get().digest == world.decision.digest
    assert appeals.appeal_window(world.competition)[0] is None


def test_award_of_an_annulled_round_cannot_be_accepted(world):
    settle(world, taken(world), remedy="anew")

    with pytest.raises(StepRefused):
        awards.accept(award_id=world.award.pk, user=world.winner.created_by, now=world.now)


def test_upheld_to_be_corrected_leaves_the_scores_and_waits_for_a_decision(world):
    appeal = settle(world, taken(world), remedy="correct")

    world.round.refresh_from_db()
    assert (appeal.state, appeal.remedy, world.round.state) == ("upheld", "correct", RoundState.DECIDED)


def test_dismissed_appeal_has_no_remedy(world):
    appeal = settle(world, taken(world), upheld=False, remedy="anew")

    assert (appeal.state, appeal.remedy, appeal.answer) == ("dismissed", "", ANSWER)
    assert appeals.stopping(world.competition) is None


def test_appeal_is_left_on_a_ground_without_being_considered(world):
    appeal = world.appeal()
    ground = make_ground("leaving")

    appeals.leave(appeal_id=appeal.pk, user=world.judge, ground_id=ground.pk, answer=ANSWER, now=world.now)

    appeal.refresh_from_db()
    assert (appeal.state, appeal.ground) == ("left", ground)
    with pytest.raises(StepRefused):
        appeals.accept(appeal_id=appeal.pk, user=world.judge, now=world.now)


def test_ground_of_another_step_is_none(world):
    appeal = world.appeal()

    with pytest.raises(StepRefused):
        appeals.leave(
            appeal_id=appeal.pk,
            user=world.judge,
            ground_id=make_ground("rejection").pk,
            answer=ANSWER,
            now=world.now,
        )


def test_who_took_the_decision_does_not_judge_it(world):
    appeal = taken(world)

    with pytest.raises(StepRefused):
        settle(world, appeal, user=world.official)


def test_member_of_the_commission_does_not_judge(world):
    appeal = taken(world)
    make_member(world.competition.commission, user=world.judge)

    with pytest.raises(StepRefused):
        settle(world, appeal)


def test_recused_official_does_not_judge(world):
    appeal = taken(world)
    member = make_member(world.competition.commission, user=world.judge, until=world.now.date())
    Recusal.objects.create(
        competition=world.competition, member=member, source="raised", proposed_at=world.now, ground="relative"
    )

    with pytest.raises(StepRefused):
        settle(world, appeal)


def test_who_decided_on_the_admission_does_not_judge_it():
    world = make_decided()
    world.round.admissions.update(decided_by=world.judge)
    appeal = world.appeal(scope="admission")

    with pytest.raises(StepRefused):
        appeals.accept(appeal_id=appeal.pk, user=world.judge, now=world.now)


def test_official_of_another_hromada_is_nobody_here(world):
    stranger = make_official("commissioner", make_territories().odesa_hromada)

    with pytest.raises(PermissionDenied):
        settle(world, taken(world), user=stranger)


def test_decided_appeal_is_decided_once(world):
    appeal = settle(world, taken(world), upheld=False)

    for upheld in (True, False):
        with pytest.raises(StepRefused):
            settle(world, appeal, upheld=upheld)


def test_nothing_is_done_anew_before_it_was_begun():
    competition = make_opened(proposals=1)
    now = competition.opened_at + timedelta(days=1)
    appeal = appeal_of(competition.proposals.get(), now=now, scope="announcement")
    judge = make_official("commissioner", competition.hromada)
    appeals.accept(appeal_id=appeal.pk, user=judge, now=now)

    for remedy in ("anew", "correct", "weather"):
        with pytest.raises(StepRefused):
            appeals.decide_appeal(appeal_id=appeal.pk, user=judge, upheld=True, remedy=remedy, answer=ANSWER, now=now)
    appeal.refresh_from_db()
    assert appeal.state == "considered"


def test_appeal_upheld_before_a_decision_ends_the_round_and_begins_another():
    round_ = make_round(proposals=1, state=RoundState.SCORING)
    now = round_.began_at + timedelta(days=1)
    appeal = appeal_of(round_.competition.proposals.get(), now=now, scope="admission")
    judge = make_official("commissioner", round_.competition.hromada)
    appeals.accept(appeal_id=appeal.pk, user=judge, now=now)

    appeals.decide_appeal(appeal_id=appeal.pk, user=judge, upheld=True, remedy="anew", answer=ANSWER, now=now)

    round_.refresh_from_db()
    assert round_.state == RoundState.ENDED
    assert round_.competition.rounds.get(number=2).state == RoundState.DECLARATIONS
