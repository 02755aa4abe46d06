"""Defence of proposals: only where the rules have it, appointed ahead, written down afterwards."""

from datetime import timedelta

import pytest

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import defences, rounds
from procurement.enums import DefenceState, RoundState
from tests.admission.conftest import make_desk
from tests.admission.test_clarifications import freeze
from tests.factories.evaluation import fill_sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def scoring(db):
    desk = make_desk(state="scoring", proposals=1)
    freeze(desk, has_defence=True)
    return desk


def schedule(desk, **told):
    told = {"at": desk.now + timedelta(days=1), "place": "мала зала", "now": desk.now, **told}
    return defences.schedule(
        round_id=desk.round.pk, proposal_id=str(desk.admission().proposal_id), user=desk.official, **told
    )


def record(desk, defence, **told):
    told = {"held": True, "note": "Питали про персонал.", "now": defence.at + timedelta(hours=1), **told}
    return defences.record(defence_id=defence.pk, user=desk.official, **told)


def test_defence_is_appointed_ahead_and_moved(scoring):
    for told in ({"at": scoring.now}, {"place": " "}):
        with pytest.raises(StepRefused):
            schedule(scoring, **told)

    first = schedule(scoring)
    moved = schedule(scoring, at=scoring.now + timedelta(days=2))

    assert (moved.pk, moved.at) == (first.pk, scoring.now + timedelta(days=2))


def test_defence_is_only_for_admitted_proposals_where_the_rules_have_it(scoring, desk):
    freeze(scoring, has_defence=False)
    with pytest.raises(StepRefused):
        schedule(scoring)

    freeze(desk, has_defence=True)
    with pytest.raises(StepRefused):
        schedule(desk)


def test_defence_is_written_down_after_its_moment_once(scoring):
    defence = schedule(scoring)
    for told in ({"now": defence.at - timedelta(seconds=1)}, {"note": ""}):
        with pytest.raises(StepRefused):
            record(scoring, defence, **told)

    done = record(scoring, defence)

    assert (done.state, done.note) == (DefenceState.HELD, "Питали про персонал.")
    for again in (lambda: record(scoring, defence), lambda: schedule(scoring)):
        with pytest.raises(StepRefused):
            again()


def test_discussion_waits_for_all_defences(scoring):
    fill_sheets(scoring.round)
    go = {"round_id": scoring.round.pk, "user": scoring.official, "now": scoring.now}
    with pytest.raises(StepRefused):
        rounds.begin_discussion(**go)
    defence = schedule(scoring)
    with pytest.raises(StepRefused):
        rounds.begin_discussion(**go)

    record(scoring, defence, held=False, note="")

    assert rounds.begin_discussion(**go).state == RoundState.DISCUSSION
