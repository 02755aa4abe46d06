"""Milestones: planned, met, missed, waived; what was promised is not rewritten after the conclusion."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.workflow import StepRefused
from procurement.domain.delivery.milestones import (
    MilestoneFacts,
    add_milestone,
    change_milestone,
    meet,
    miss,
    remove_milestone,
    waive,
)
from tests.delivery.conftest import make_deal
from tests.factories.contracts import NOW

FACTS = MilestoneFacts("Підібрано персонал", date(2027, 7, 1), "осіб", Decimal(8))
ON = date(2027, 7, 2)


def _add(deal, facts=FACTS):
    return add_milestone(contract_id=deal.contract.pk, user=deal.official, facts=facts, now=NOW)


def test_milestone_is_missed_then_met_with_its_difference_explained(deal):
    row = _add(deal)
    asked = {"milestone_id": row.pk, "user": deal.official, "on": ON, "now": NOW}
    assert miss(**asked, reason="Бракує кандидатів.").state == "missed"
    for fact in (None, Decimal(7)):
        with pytest.raises(StepRefused):
            meet(**asked, fact=fact)
    met = meet(**asked, fact=Decimal(7), reason="Одна вакансія відкрита.")
    assert (met.state, met.fact) == ("met", Decimal(7))
    with pytest.raises(StepRefused):
        waive(**asked, reason="Пізно.")


def test_milestone_is_not_missed_before_its_day_is_over(deal):
    row = _add(deal, MilestoneFacts("Відкрито кабінет", date(2027, 7, 14)))
    with pytest.raises(StepRefused, match="not over"):
        miss(milestone_id=row.pk, user=deal.official, on=ON, reason="Ні.", now=NOW)
    with pytest.raises(StepRefused, match="needs a comment"):
        waive(milestone_id=row.pk, user=deal.official, on=ON, reason=" ", now=NOW)
    assert waive(milestone_id=row.pk, user=deal.official, on=ON, reason="Зміна №2.", now=NOW).state == "waived"


def test_plan_is_changed_before_the_conclusion_alone(db):
    draft = make_deal("draft")
    row = _add(draft)
    later = MilestoneFacts("Підібрано персонал", date(2027, 8, 1))
    assert change_milestone(milestone_id=row.pk, user=draft.official, facts=later, now=NOW).plan is None
    remove_milestone(milestone_id=row.pk, user=draft.official, now=NOW)
    deal = make_deal(number="2027-D00099")
    row = _add(deal)
    with pytest.raises(StepRefused, match="what it promised stays"):
        change_milestone(milestone_id=row.pk, user=deal.official, facts=later, now=NOW)


def test_provider_judges_no_milestone(deal):
    row = _add(deal)
    with pytest.raises(PermissionDenied):
        meet(milestone_id=row.pk, user=deal.person, on=ON, fact=Decimal(8), now=NOW)
