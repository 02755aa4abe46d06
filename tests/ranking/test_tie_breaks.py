"""The chair's vote and the drawing: only between those who are equal, only by who may, and counted only where it was for."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.rankings import equals_now, freeze_ranking, record_tie_break
from procurement.enums import MemberRole, RoundState
from procurement.models import Minutes, Score
from procurement.ranking import read_ranking
from tests.factories.accounts import make_person
from tests.factories.evaluation import fill_sheets, make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def tied():
    """Three proposals of one price and all the same points: nothing tells them apart."""
    held = make_round(state=RoundState.SCORING, proposals=3, tariffs=("170.00",) * 3)
    codes = ("provider-criteria", "finances", "experience", "staff", "recipients", "cost")
    fill_sheets(held, {(1, member, code): "3" for member in range(5) for code in codes})
    held.state = RoundState.DISCUSSION
    held.save(update_fields=["state"])
    return held


def chair_of(held):
    return held.commission.members.get(role=MemberRole.CHAIR).user


def break_tie(held, order, *, user=None, kind="casting", reason="Більший досвід у громаді.", lot=1):
    now = held.competition.opened_at + timedelta(days=2)
    return record_tie_break(
        round_id=held.pk, lot=lot, kind=kind, order=order, reason=reason, user=user or chair_of(held), now=now
    )


def told(held, standings=None) -> list[tuple[int, int, str, str]]:
    lines = read_ranking(freeze_ranking(held, standings=standings).ranking)
    return [(one.proposal, one.place, one.outcome, one.tie) for one in lines]


def test_equals_share_a_place_until_somebody_decides(tied):
    assert told(tied) == [(number, 1, "undecided", "") for number in (1, 2, 3)]
    assert equals_now(tied) == [(1, [1, 2, 3])]


@pytest.mark.parametrize("kind", ["casting", "draw"])
def test_a_recorded_order_is_the_ranking(tied, kind):
    row = break_tie(tied, [3, 1, 2], kind=kind)
    assert told(tied) == [(3, 1, "winner", "casting"), (1, 2, "reserve", "casting"), (2, 3, "reserve", "casting")]
    assert equals_now(tied) == []
    entry = LogEntry.objects.get(seq=row.log_seq)
    assert entry.tag == "procurement:tiebreak:record"
    # neither the order nor the reason, before the results are published
    assert "Більший" not in entry.payload
    assert "[3" not in entry.payload


def test_the_official_may_record_too(tied):
    assert break_tie(tied, [1, 2, 3], user=tied.competition.created_by).order == [1, 2, 3]


def test_nobody_else_may(tied):
    member = tied.commission.members.get(order=4).user
    for user in (member, make_person()):
        with pytest.raises(PermissionDenied):
            break_tie(tied, [1, 2, 3], user=user)


@pytest.mark.parametrize("order", [[1, 2], [1, 2, 3, 3], [1, 2, 4], []])
def test_only_exactly_the_equals_are_put_in_order(tied, order):
    with pytest.raises(StepRefused):
        break_tie(tied, order)
    assert not tied.tie_breaks.exists()


@pytest.mark.parametrize("values", [{"kind": "coin"}, {"reason": "  "}, {"lot": 2}])
def test_a_vote_has_its_kind_lot_and_reason(tied, values):
    with pytest.raises(StepRefused):
        break_tie(tied, [1, 2, 3], **values)


def test_nothing_is_decided_twice_or_outside_the_discussion(tied):
    break_tie(tied, [1, 2, 3])
    with pytest.raises(StepRefused):
        break_tie(tied, [2, 1, 3])
    tied.state = RoundState.MINUTED
    tied.save(update_fields=["state"])
    with pytest.raises(StepRefused):
        break_tie(tied, [1, 2, 3])


def test_nothing_is_decided_once_the_minutes_are_drawn_up(tied):
    now = tied.began_at
    Minutes.objects.create(round=tied, content={}, digest="0" * 64, made_at=now, made_by=tied.began_by)
    with pytest.raises(StepRefused):
        break_tie(tied, [1, 2, 3])


def test_a_vote_between_others_counts_for_nothing(tied):
    break_tie(tied, [3, 1, 2])
    # a sheet comes back: now only the first two are equal
    Score.objects.filter(sheet__member__order=0, proposal__number=3).update(points=2)
    assert [one[:3] for one in told(tied)] == [(1, 1, "undecided"), (2, 1, "undecided"), (3, 3, "reserve")]
    break_tie(tied, [2, 1])
    assert [one[:3] for one in told(tied)] == [(2, 1, "winner"), (1, 2, "reserve"), (3, 3, "reserve")]


def test_the_rest_of_the_order_stands_when_the_winner_refuses(tied):
    break_tie(tied, [3, 1, 2])
    assert told(tied, {(1, 3): "refused"}) == [
        (3, 1, "refused", "casting"),
        (1, 2, "winner", "casting"),
        (2, 3, "reserve", "casting"),
    ]


def test_equals_behind_a_winner_that_fails_need_a_vote_of_their_own(tied):
    Score.objects.filter(sheet__member__order=0, proposal__number=1).update(points=4)
    assert [one[2] for one in told(tied)] == ["winner", "reserve", "reserve"]
    assert told(tied, {(1, 1): "lapsed"})[1:] == [(2, 2, "undecided", ""), (3, 2, "undecided", "")]
