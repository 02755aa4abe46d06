"""Steps pressed twice, awards of a decision that is to be corrected, judges of their own deeds."""

import pytest

from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation import appeals, awards, decisions
from procurement.domain.evaluation.scale import criteria_of
from procurement.enums import AwardState
from procurement.models import Award, AwardDecision
from tests.appeals.deciding import make_decided
from tests.decisions.deciding import minuted, nobody_admitted, order
from tests.factories.ordering import make_official_who_orders
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db


def test_award_is_not_accepted_while_an_upheld_appeal_asks_for_another_decision():
    world = make_decided()
    appeal = world.appeal()
    appeals.accept(appeal_id=appeal.pk, user=world.judge, now=world.now)
    appeals.decide_appeal(
        appeal_id=appeal.pk, user=world.judge, upheld=True, remedy="correct", answer="Виправити.", now=world.now
    )

    with pytest.raises(StepRefused):
        awards.accept(award_id=world.award.pk, user=world.winner.created_by, now=world.now)
    world.award.refresh_from_db()
    assert world.award.state == AwardState.OFFERED


def test_corrected_decision_is_accepted_again():
    round_ = minuted()
    first = order(round_)
    other = make_official_who_orders(round_.competition.hromada)
    loser = round_.competition.proposals.get(number=2)
    appeal = appeals.file_appeal(
        competition_id=round_.competition_id,
        organisation_id=loser.organisation_id,
        user=loser.created_by,
        scope="decision",
        text="Помилка в наказі.",
        remedy_asked="Виправити.",
        file=None,
        key="5a1f0b34-6a52-4f9c-9a39-27a1b3a2f6f1",
        now=first.at,
    )
    appeals.accept(appeal_id=appeal.pk, user=other, now=first.at)
    appeals.decide_appeal(
        appeal_id=appeal.pk, user=other, upheld=True, remedy="correct", answer="Виправити.", now=first.at
    )
    second = order(
        round_, days=5, act_number="119", ground_id=make_ground("superseding").pk, reason="За скаргою виправлено."
    )
    award = Award.objects.get(decision=second)

    assert awards.accept(award_id=award.pk, user=award.proposal.created_by, now=second.at).state == AwardState.ACCEPTED


def test_who_took_any_decision_of_the_competition_judges_no_appeal():
    world = make_decided()
    other = world.judge
    appeal = world.appeal(scope="admission")
    appeal.decision = None
    appeal.save(update_fields=["decision"])

    assert rules.can_decide_appeal(other, appeal)
    assert not rules.can_decide_appeal(world.official, appeal)


def test_decision_without_a_winner_pressed_twice_is_taken_once():
    round_ = nobody_admitted()
    round_ = minuted(round_)
    told = {"ground_id": make_ground("no_award").pk, "reason": "Жодної не допущено."}
    order(round_, **told)

    with pytest.raises(StepRefused):
        order(round_, **told)
    assert AwardDecision.objects.count() == 1


def test_decision_with_a_winner_pressed_twice_is_taken_once():
    round_ = minuted()
    order(round_)

    with pytest.raises(StepRefused):
        order(round_)
    assert decisions.decision_in_force(round_.competition).number == 1


@pytest.mark.parametrize(
    "typed", ["NaN", "Infinity", "1e999", "-1", "+1", "\u0663", "\uff13", "1_0", " ", "0x1", "3.", ".5", "1" * 400]
)
def test_points_are_plain_digits_and_nothing_else(typed):
    rubric = {"criteria": [{"code": "a", "name_uk": "А", "max": "4", "step": "1"}]}
    assert criteria_of(rubric)[0].read(typed) is None
