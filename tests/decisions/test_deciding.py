"""The decision on winners: what it rests on, what it needs, how only another one corrects it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.models import LogEntry
from portal.kernel.verification import present_of
from portal.kernel.workflow import StepRefused
from procurement import ranking
from procurement.domain.evaluation import rankings
from procurement.domain.evaluation.decisions import decision_in_force, results_of
from procurement.enums import AppealState, AwardOutcome, AwardState, CompetitionState, RoundState
from procurement.models import Award, AwardDecision, Score
from tests.decisions.deciding import (
    REASON,
    after,
    discussed,
    make,
    minuted,
    nobody_admitted,
    official_of,
    order,
    recuse,
    sign,
    stop,
)
from tests.factories.accounts import make_person
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db


def fail(decision: AwardDecision, state: str = AwardState.REFUSED) -> Award:
    award = decision.awards.get()
    award.state, award.reason = state, REASON
    award.save()
    return award


def test_decision_names_the_winner_of_the_minutes_and_is_public_at_once():
    round_ = minuted()
    assert results_of(round_.competition) is None

    decision = order(round_)

    assert (round_.state, round_.competition.state) == (RoundState.DECIDED, CompetitionState.AWARDED)
    award = decision.awards.get()
    assert (award.proposal.number, award.place, str(award.amount), award.state) == (1, 1, "306000.00", "offered")
    minutes = round_.minutes.get()
    assert (decision.inputs, decision.ranking) == (minutes.inputs, minutes.ranking)
    assert ranking.rank(decision.inputs["scores"], decision.inputs["rubric"]) == decision.ranking
    told = results_of(round_.competition)
    assert (told["decision"], told["minutes"], told["ranking"]) == (decision, minutes, minutes.ranking)
    assert decision.digest == audit.digest_of(decision.content)
    entry = LogEntry.objects.get(seq=decision.log_seq)
    assert (entry.tag, entry.subject) == (
        "procurement:competition:award",
        f"procurement.competition:{round_.competition.number}",
    )
    for digest in (decision.digest, minutes.digest, decision.inputs_digest):
        assert digest in entry.payload


def test_decision_without_a_winner_needs_its_ground():
    round_ = nobody_admitted()
    sign(make(round_))
    with pytest.raises(StepRefused):
        order(round_)
    decision = order(round_, ground_id=make_ground("no_award").pk)
    assert (decision.outcome, round_.competition.state) == (AwardOutcome.NO_AWARD, CompetitionState.UNAWARDED)
    assert not decision.awards.exists()
    assert LogEntry.objects.get(seq=decision.log_seq).tag == "procurement:competition:leave"


def test_nobody_above_the_threshold_wins_nothing():
    round_ = discussed(proposals=1)
    Score.objects.filter(sheet__round=round_).update(points=1)
    minuted(round_)
    assert order(round_, ground_id=make_ground("no_award").pk).outcome == AwardOutcome.NO_AWARD


def test_tie_is_decided_by_the_recorded_vote_and_the_minutes_say_so():
    round_ = discussed(proposals=2, tariffs=("170.00", "170.00"))
    Score.objects.filter(sheet__round=round_).update(points=3)
    with pytest.raises(StepRefused):
        make(round_)
    rankings.record_tie_break(
        round_id=round_.pk,
        lot=1,
        kind="casting",
        order=[2, 1],
        reason="Більше власних працівників.",
        user=round_.commission.members.first().user,
        now=after(round_),
    )
    minutes = make(round_)
    assert [one["order"] for one in minutes.content["tie_breaks"]] == [[2, 1]]
    assert [row[-1] for row in minutes.content["ranking"]["rows"]] == ["casting", "casting"]
    sign(minutes)
    assert order(round_).awards.get().proposal.number == 2


def test_refused_award_leads_to_the_next_by_a_decision_that_supersedes():
    round_ = minuted()
    first = order(round_)
    fail(first)
    ground = make_ground("superseding")
    for values in ({}, {"ground_id": ground.pk, "reason": " "}, {"ground_id": make_ground("no_award").pk}):
        with pytest.raises(StepRefused):
            order(round_, days=5, **values)

    second = order(round_, days=5, ground_id=ground.pk, reason=REASON)

    assert (second.number, second.supersedes, second.awards.get().proposal.number) == (2, first, 2)
    assert decision_in_force(round_.competition) == second
    outcomes = {row.proposal: row.outcome for row in ranking.read_ranking(second.ranking)}
    assert outcomes == {1: "refused", 2: "winner", 3: "reserve"}
    assert ranking.rank(second.inputs["scores"], second.inputs["rubric"]) == second.ranking
    assert first.awards.get().state == AwardState.REFUSED
    told = results_of(round_.competition)
    assert [one.number for one in told["decisions"]] == [1, 2]
    first.refresh_from_db()
    assert (first.code.superseded_by, present_of(first.code).holds) == (second.code, False)
    assert present_of(second.code).holds


def test_all_refused_leaves_no_winner():
    round_ = minuted(proposals=1)
    fail(order(round_), AwardState.LAPSED)
    decision = order(round_, days=5, ground_id=make_ground("no_award").pk, reason=REASON)
    assert (decision.outcome, round_.competition.state) == (AwardOutcome.NO_AWARD, CompetitionState.UNAWARDED)


def test_correction_carries_an_accepted_award_over_and_supersedes_the_earlier_one():
    round_ = minuted()
    first = order(round_)
    award = first.awards.get()
    award.state, award.answered_at = AwardState.ACCEPTED, after(round_, 4)
    award.save()
    second = order(round_, days=5, act_number="121", ground_id=make_ground("superseding").pk, reason="Описка в номері.")
    award.refresh_from_db()
    carried = second.awards.get()
    assert (award.state, carried.state) == (AwardState.SUPERSEDED, AwardState.ACCEPTED)
    assert (carried.answered_at, carried.proposal_id) == (award.answered_at, award.proposal_id)


def test_natural_person_is_named_neither_in_minutes_nor_in_a_decision():
    round_ = discussed(proposals=1)
    organisation = round_.competition.proposals.get().organisation
    organisation.code, organisation.person_type, organisation.legal_form = None, "natural_person", "other"
    organisation.name = "Сірко Іван Іванович"
    organisation.save()
    minuted(round_)
    decision = order(round_)
    assert "Сірко" not in str(round_.minutes.get().content)
    assert "Сірко" not in str(decision.content)


def test_decision_is_refused_without_signed_minutes_a_right_or_a_lawful_order():
    round_ = discussed(proposals=1)
    with pytest.raises(StepRefused):
        order(round_)
    minutes = make(round_)
    sign(minutes, 3, 4)
    with pytest.raises(StepRefused):
        order(round_)
    sign(minutes, 0, 1)
    now = after(round_, 3)
    for values in (
        {"act_number": " "},
        {"act_on": day_of(now) + timedelta(days=1)},
        {"act_on": day_of(now) - timedelta(days=30)},
        {"ground_id": make_ground("no_award").pk},
    ):
        with pytest.raises(StepRefused):
            order(round_, **values)
    for user in (make_person(), round_.commission.members.first().user):
        with pytest.raises(PermissionDenied):
            order(round_, user=user)
    member = recuse(round_, 4).member
    member.user = official_of(round_)
    member.save()
    with pytest.raises(PermissionDenied):
        order(round_)
    assert not AwardDecision.objects.exists()


def test_single_proposal_wins_once_no_appeal_stops_the_decision():
    round_ = minuted(proposals=1)
    assert round_.minutes.get().content["counted"] == {"submitted": 1, "admitted": 1}
    appeal = stop(round_)
    with pytest.raises(StepRefused):
        order(round_)
    appeal.state = AppealState.WITHDRAWN
    appeal.save()
    first = order(round_)
    assert first.awards.get().proposal.number == 1
    later = AwardDecision(
        competition=first.competition,
        round=round_,
        minutes=first.minutes,
        number=2,
        outcome=AwardOutcome.AWARD,
        act_number="1",
        act_on=first.act_on,
        content={},
        digest="0" * 64,
        at=first.at,
        by=first.by,
        supersedes=first,
    )
    with pytest.raises(IntegrityError, match="award_decision_later_has_its_ground"), transaction.atomic():
        later.save()
