"""The plan of visits: what speaks for each contract, what is proposed, what the official decides."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import VisitState
from procurement.domain.monitoring.plan import cancel_visit, candidates_of, move_visit, plan_visit
from procurement.models import Contract, Visit
from tests.factories.contracts import NOW, make_contract
from tests.factories.monitoring import make_checklist, make_finding, make_risk_card, make_visit
from tests.monitoring.acting import planned, provider_of

DAY = date(2027, 9, 7)


def plan(contract, **values):
    facts = {"planned_on": DAY, "basis": "turn", "user": contract.created_by, "now": NOW, **values}
    return plan_visit(contract_id=contract.pk, **facts)


def listed(year=2027):
    return candidates_of(Contract.objects.order_by("pk"), year, NOW)


def test_heaviest_come_first_then_those_visited_longest_ago(db):
    visited, never, risky, heavy, closed = (make_contract() for _one in range(5))
    Contract.objects.filter(pk=closed.pk).update(state="closed", ended_on=DAY, ended_at=NOW, end_paid=0)
    make_visit(visited, year=2026, held_on=date(2026, 5, 5), planned_on=date(2026, 5, 5))
    make_risk_card(risky)
    for slug, weight in (("value-raised", 1), ("late-reports", 3)):
        card = make_risk_card(heavy, slug)
        card.rule.weight = weight
        card.rule.save()

    found = listed()

    assert [(one.contract, one.weight, one.basis) for one in found] == [
        (heavy, 4, "risk"),
        (risky, 1, "risk"),
        (never, 0, "turn"),
        (visited, 0, "turn"),
    ]
    assert [one.last_on for one in found] == [None, None, None, date(2026, 5, 5)]


def test_days_are_proposed_evenly_on_working_days_for_those_without_a_visit(db):
    contracts = [make_contract() for _one in range(3)]
    planned(contracts[0], planned_on=DAY)

    found = {one.contract: one for one in listed()}

    proposed = [found[one].proposed_on for one in contracts]
    # half a year is left: from 15 July to 31 December
    assert proposed == [None, date(2027, 9, 9), date(2027, 11, 4)]
    assert all(day.weekday() < 5 for day in proposed[1:])


def test_nothing_is_proposed_for_a_year_that_is_over_or_a_service_that_has_ended(db):
    make_contract(service_to=date(2027, 6, 1))

    assert [one.proposed_on for one in (*listed(), *listed(2026))] == [None, None]


def test_unsolved_findings_are_counted(db):
    contract = make_contract()
    visit = make_visit(contract)
    make_finding(visit)
    make_finding(visit)

    assert [one.unsolved for one in listed()] == [2]


@pytest.mark.parametrize("item_count", [1, 3])
def test_candidates_take_constant_queries(db, django_assert_num_queries, item_count):
    for _one in range(item_count):
        contract = make_contract()
        make_risk_card(contract)
        make_finding(make_visit(contract))

    with django_assert_num_queries(5):
        listed()


def test_visit_is_planned_with_its_checklist_and_cards(db):
    contract = make_contract()
    make_checklist()
    make_risk_card(contract)

    visit = plan(contract, basis="risk", team=[{"name": "Олена Коваль", "position": "спеціаліст"}, {"name": " "}])

    assert (visit.number, visit.year, visit.state, visit.checklist.code) == (1, 2027, "planned", "test-home-care")
    assert visit.basis_words == "Суму збільшено після укладення."
    assert visit.team == [{"name": "Олена Коваль", "position": "спеціаліст"}]


def test_log_of_the_plan_tells_no_day(db):
    plan(make_contract())

    entry = LogEntry.objects.get(tag="procurement:visit:plan")
    assert set(json.loads(entry.payload)) == {"id", "number", "basis"}


def test_same_visit_planned_again_is_the_same(db):
    contract = make_contract()

    assert (plan(contract), Visit.objects.count()) == (plan(contract), 1)


@pytest.mark.parametrize(
    "values",
    [
        {"basis": "mood"},
        {"planned_on": date(2027, 7, 13)},
        {"planned_on": date(2028, 1, 1)},
        {"basis": "complaint"},
        {"basis": "follow_up"},
        {"team": [{"name": str(number)} for number in range(21)]},
        {"team": [{"name": "а" * 201}]},
    ],
)
def test_visit_is_refused(db, values):
    with pytest.raises(StepRefused):
        plan(make_contract(), **values)

    assert Visit.objects.count() == 0


@pytest.mark.parametrize("state", ["draft", "offered", "closed", "terminated", "not_concluded"])
def test_only_running_contracts_are_visited(db, state):
    with pytest.raises(StepRefused):
        plan(make_contract(state))


def test_provider_plans_nothing(db):
    contract = make_contract()

    with pytest.raises(PermissionDenied):
        plan(contract, user=provider_of(contract))


def test_follow_up_names_a_concluded_visit_of_the_contract(db):
    contract = make_contract()
    first, other = make_visit(contract), make_visit(make_contract())

    visit = plan(contract, basis="follow_up", follows_id=first.pk)

    assert visit.follows == first
    with pytest.raises(StepRefused):
        plan(contract, basis="follow_up", follows_id=other.pk)


def test_visit_is_moved_and_cancelled_with_reasons(db):
    visit = planned(make_contract())
    act = {"visit_id": visit.pk, "user": visit.contract.created_by, "now": NOW}

    with pytest.raises(StepRefused):
        move_visit(planned_on=DAY, reason=" ", **act)
    move_visit(planned_on=DAY, reason="Карантин у закладі.", **act)
    visit.refresh_from_db()
    assert (visit.planned_on, visit.state) == (DAY, VisitState.PLANNED)
    cancel_visit(reason="Договір змінено.", **act)
    visit.refresh_from_db()
    assert visit.state == VisitState.CANCELLED
    with pytest.raises(StepRefused):
        move_visit(planned_on=DAY + timedelta(days=1), reason="Ще раз.", **act)
    assert list(visit.contract.steps.values_list("step", "comment")) == [
        ("move", "Карантин у закладі."),
        ("cancel", "Договір змінено."),
    ]
