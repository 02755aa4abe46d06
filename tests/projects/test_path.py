"""The second procedure on the same engine: forms, correction, defence, money to give, register, all by data."""

import pytest

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import defences
from procurement.domain.evaluation.rounds import begin_discussion
from procurement.queries.projects import funded_projects
from tests.projects.world import (
    accept_all,
    admit_all,
    correct,
    decide_round,
    declare_all,
    defend_all,
    make_local_rules,
    make_project_world,
    score_all,
)

pytestmark = pytest.mark.django_db


def test_whole_competition_of_projects_under_local_rules():
    make_local_rules()
    world = make_project_world(["300000.00", "320000.00", "100000.00", "20000.00", "10000.00"])
    declare_all(world)
    correct(world, 3, {"project/goal": "Сорок людей мають роботу до кінця року."})
    admit_all(world)
    with pytest.raises(StepRefused):
        begin_discussion(round_id=world.round.pk, user=world.official, now=world.at)
    score_all(world, {1: "4", 2: "4", 3: "4", 4: "3", 5: "1"})
    with pytest.raises(StepRefused):
        # everybody has filed, and nobody has defended anything
        begin_discussion(round_id=world.round.pk, user=world.official, now=world.at)
    defend_all(world)

    decision = decide_round(world)

    given = {award.proposal.number: award.amount for award in decision.awards.all()}
    # of equals the cheaper comes first; the dearest does not fit into 648 000 any more, a cheaper one below it does
    assert given == {3: 100_000, 1: 300_000, 4: 20_000}
    accept_all(world)
    assert set(funded_projects().values_list("proposal__number", flat=True)) == set(given)


def test_national_rules_have_no_defence():
    world = make_project_world(["100000.00"])
    declare_all(world)
    admit_all(world)

    with pytest.raises(StepRefused):
        defences.schedule(
            round_id=world.round.pk,
            proposal_id=str(world.proposal(1).pk),
            at=world.at,
            place="",
            user=world.official,
            now=world.at,
        )
    score_all(world, {1: "3"})
    decision = decide_round(world)
    assert decision.awards.get().amount == 100_000


def test_project_below_the_threshold_gets_nothing():
    world = make_project_world(["100000.00", "90000.00"])
    declare_all(world)
    admit_all(world)
    score_all(world, {1: "3", 2: "1"})

    decision = decide_round(world)

    assert [award.proposal.number for award in decision.awards.all()] == [1]
