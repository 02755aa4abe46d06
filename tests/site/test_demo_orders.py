"""The invented orders and competitions: every state is shown, nothing is sent, all of it goes away again."""

import pytest
from django.utils import timezone

from portal.kernel import audit
from portal.kernel.models import OutboxMessage, RuleProfile
from portal.kernel.reference import load_norms
from procurement.domain.calls.phases import phase
from procurement.domain.demo.writing import write_demo
from procurement.domain.reference import load_procurement
from procurement.domain.seal.keys import make_missing_keys
from procurement.domain.seal.proving import prove_opening
from procurement.enums import Phase
from procurement.models import (
    Appeal,
    BudgetAct,
    Competition,
    CompetitionCommission,
    EvaluationRound,
    Minutes,
    NeedsAssessment,
    Opening,
    OrderDecision,
    Proposal,
)
from registry.domain.demo.removing import remove
from registry.domain.demo.writing import generate
from registry.domain.reference import load_reference
from tests.factories.accounts import make_official
from tests.ranking.recomputing import recomputed

pytestmark = pytest.mark.django_db

ENOUGH = 60


@pytest.fixture
def official(db):
    load_reference()
    load_norms()
    load_procurement()
    make_missing_keys()
    generate(ENOUGH, seed=1, now=timezone.now())
    return make_official("administrator")


def test_demonstration_shows_every_state_and_goes_away(official):
    now = timezone.now()

    assert write_demo(user=official, now=now) >= 12
    assert write_demo(user=official, now=now) == 0

    shown = list(Competition.objects.all())
    assert {phase(one, now) for one in shown} == set(Phase)
    assert all(one.is_demo for one in shown)
    assert Competition.objects.filter(procedure="social-project").exists()
    assert set(OrderDecision.objects.values_list("is_demo", flat=True)) == {True}
    assert Proposal.objects.filter(state="opened", content__isnull=False).count() == 32
    finished = Competition.objects.filter(decisions__isnull=False).distinct()
    several = [one for one in finished if one.proposals.filter(state="opened").count() > 1]
    assert len(several) >= 5
    for one in finished:
        recomputed(one)
    assert Minutes.objects.filter(ranking__contains=",casting").exists()
    assert Appeal.objects.filter(state="upheld", remedy="anew").exists()
    assert Appeal.objects.filter(state="filed").exists()
    assert set(EvaluationRound.objects.values_list("state", flat=True)) >= {"admission", "scoring", "discussion"}
    assert all(prove_opening(one).holds for one in Opening.objects.all())
    assert not OutboxMessage.objects.filter(kind="mail").exists()
    assert not OutboxMessage.objects.filter(kind__contains="letters").exists()
    assert audit.verify() is None

    remove(actor_role="command", now=now)

    for model in (Competition, CompetitionCommission, Proposal, OrderDecision, BudgetAct, NeedsAssessment):
        assert not model.objects.exists()
    assert not RuleProfile.objects.exclude(authority="").exists()
    assert audit.verify() is None
