"""What may be proposed on an application, by whom, and when."""

from datetime import date

import pytest

from portal.kernel.workflow import StepRefused
from registry.domain import examination
from registry.models import (
    Ground,
)
from tests.factories.applications import (
    make_criteria,
    make_submitted,
)
from tests.factories.registry import make_provider
from tests.registry.deciding import NOW, judge, propose, proposed, take

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("read_in_english")]


def test_inclusion_waits_until_every_criterion_of_every_service_is_judged(registrar):
    make_criteria()
    application = take(make_submitted(services=2), registrar)
    judge(application, registrar, services={"1"})

    with pytest.raises(StepRefused, match="judged"):
        propose(application, registrar)

    judge(application, registrar, services={"2"})
    assert propose(application, registrar).outcome == "include"


def test_inclusion_is_not_proposed_with_a_criterion_unmet_but_with_one_that_does_not_apply(registrar):
    criteria = make_criteria()
    application = take(make_submitted(), registrar)
    judge(application, registrar)
    again = {"application_id": application.pk, "user": registrar, "service_key": "1", "now": NOW}
    again["criterion_id"] = criteria["staff"].pk

    examination.check_criterion(result="not_met", note="немає", **again)
    with pytest.raises(StepRefused, match="not met"):
        propose(application, registrar)

    examination.check_criterion(result="not_applicable", note="без персоналу", **again)
    assert propose(application, registrar).outcome == "include"


@pytest.mark.parametrize("services", [(), ("1", "2"), ("1", "9"), ("9",)])
def test_some_services_are_some_and_not_all(registrar, grounds, services):
    application = take(make_submitted(services=2), registrar)

    with pytest.raises(StepRefused, match="Choose which"):
        propose(application, registrar, "include_some", [grounds["include_some"]], "Причина.", services=services)


def test_some_services_are_judged_and_met(registrar, grounds):
    make_criteria()
    application = take(make_submitted(services=2), registrar)
    judge(application, registrar, services={"1"})
    judge(application, registrar, "not_met", services={"2"})
    rest = ("include_some", [grounds["include_some"]], "Друга послуга не відповідає.")

    with pytest.raises(StepRefused, match="not met"):
        propose(application, registrar, *rest, services=["2"])
    assert propose(application, registrar, *rest, services=["1"]).services == ["1"]


@pytest.mark.parametrize("outcome", ["return", "refuse"])
def test_every_other_outcome_has_a_ground_of_its_own_and_reasons(registrar, grounds, outcome):
    application = take(make_submitted(), registrar)
    old = Ground.objects.create(
        slug="old", outcome=outcome, text_uk="Колишня.", valid_from=date(2010, 1, 1), valid_to=date(2026, 11, 23)
    )
    other = grounds["exclude"]

    for chosen, reason in (([], "Причина."), ([other], "Причина."), ([old], "Причина."), ([grounds[outcome]], " ")):
        with pytest.raises(StepRefused):
            propose(application, registrar, outcome, chosen, reason)
    assert propose(application, registrar, outcome, [grounds[outcome]], "Причина.").outcome == outcome


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("inclusion", "amend"), ("inclusion", "exclude"), ("exclusion", "include"), ("exclusion", "x")],
)
def test_outcome_belongs_to_the_kind_of_application(registrar, kind, outcome):
    organisation = make_provider().organisation if kind == "exclusion" else None
    application = take(make_submitted(kind, organisation=organisation), registrar)

    with pytest.raises(StepRefused):
        propose(application, registrar, outcome)


def test_reasons_hold_no_personal_number(registrar, grounds):
    application = take(make_submitted(), registrar)

    with pytest.raises(StepRefused, match="taxpayer"):
        propose(application, registrar, "refuse", [grounds["refuse"]], "Керівник 3184710691 не підтвердив освіту.")


def test_only_one_outcome_is_proposed_at_a_time(registrar):
    application = proposed(registrar)

    with pytest.raises(StepRefused):
        propose(application, registrar)
