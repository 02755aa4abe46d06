"""The machines of appeal and award: from every state only the steps of the table, and nothing leaves an end."""

from itertools import product

import pytest
from django.db import transaction

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import appeals, awards
from procurement.enums import AppealState, AwardState
from procurement.models import Appeal, Award
from procurement.workflow import APPEAL, AWARD
from tests.appeals.deciding import make_decided
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db
WORDS = "Так вирішено."


def is_taken(step) -> bool:
    """Take the step and undo it; say whether it was let."""
    try:
        with transaction.atomic():
            step()
            transaction.set_rollback(True)
    except StepRefused:
        return False
    return True


def test_appeal_goes_only_where_its_table_leads():
    world = make_decided()
    appeal, ground = world.appeal(), make_ground("leaving")
    told = {"appeal_id": appeal.pk, "now": world.now}
    judged = {**told, "user": world.judge}
    steps = {
        "accept": lambda: appeals.accept(**judged),
        "leave": lambda: appeals.leave(**judged, ground_id=ground.pk, answer=WORDS),
        "uphold": lambda: appeals.decide_appeal(**judged, upheld=True, remedy="anew", answer=WORDS),
        "dismiss": lambda: appeals.decide_appeal(**judged, upheld=False, remedy="", answer=WORDS),
        "withdraw": lambda: appeals.withdraw(**told, user=world.loser.created_by),
    }

    for state, name in product(AppealState.values, steps):
        Appeal.objects.filter(pk=appeal.pk).update(state=state, answer=WORDS, decided_at=world.now)
        lawful = name in {one.name for one in APPEAL.allowed(state)}
        assert is_taken(steps[name]) == lawful, (state, name)
    assert APPEAL.terminal() == {"left", "upheld", "dismissed", "withdrawn"}


def test_award_goes_only_where_its_table_leads():
    world = make_decided()
    award = world.award
    steps = {
        "accept": lambda: awards.accept(award_id=award.pk, user=world.winner.created_by, now=world.now),
        "refuse": lambda: awards.refuse(award_id=award.pk, user=world.winner.created_by, reason=WORDS, now=world.now),
    }

    for state, name in product(AwardState.values, steps):
        Award.objects.filter(pk=award.pk).update(state=state)
        lawful = name in {one.name for one in AWARD.allowed(state)}
        assert is_taken(steps[name]) == lawful, (state, name)
    assert AWARD.terminal() == {"refused", "lapsed", "superseded"}
