"""Budget acts, decisions and needs, each made by the steps that officials take."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from portal.accounts.models import User
from portal.kernel.reference import load_norms
from procurement.domain.planning import budgets, needs, orders
from procurement.domain.planning.budgets import BudgetFacts
from procurement.models import BudgetAct, NeedsAssessment, OrderDecision
from registry.models import Territory
from tests.factories.accounts import make_official
from tests.factories.kept import once
from tests.factories.registry import make_catalogue, make_territories

NOW = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
# twelve days after the decisions on the adopted budgets of the year were due
MARCH = datetime(2027, 3, 13, 9, 0, tzinfo=UTC)


def make_commissioner(*units: Territory, **fields: Any) -> User:
    """Return an official who orders services, in Dykanka unless other units are named."""
    return make_official("commissioner", *(units or (make_territories().dykanska,)), **fields)


@once
def make_norms() -> None:
    """Load the shipped table of terms, once a test."""
    load_norms()


def budget_facts(**overrides: Any) -> BudgetFacts:
    return BudgetFacts(
        **{"kind": "adopted", "year": 2027, "adopted_on": date(2026, 12, 19), "number": "5-12/VIII", **overrides}
    )


def make_budget_act(
    *, user: User | None = None, hromada: Territory | None = None, now: datetime = NOW, **facts: Any
) -> BudgetAct:
    place = hromada or make_territories().dykanska
    return budgets.enter_budget_act(
        hromada_id=place.pk, user=user or make_commissioner(place), facts=budget_facts(**facts), now=now
    )


DECISION = {
    "outcome": "order",
    "decided_on": date(2027, 1, 14),
    "number": "17",
    "body": "Виконавчий комітет",
    "url": "https://dykanka.example/17",
}


def item_values(**overrides: Any) -> dict[str, Any]:
    words = make_catalogue()
    return {
        "service_type": words.home_care,
        "group": words.older_people,
        "recipients": 20,
        "volume": Decimal(1800),
        "unit": "година",
        "amount": Decimal("540000.00"),
        "channel": "social_order",
        **overrides,
    }


def make_draft_decision(act: BudgetAct, user: User, *, now: datetime = NOW, **values: Any) -> OrderDecision:
    draft = orders.start_decision(act_id=act.pk, user=user, now=now)
    draft = orders.describe_decision(decision_id=draft.pk, user=user, values={**DECISION, **values})
    if draft.outcome == "order":
        orders.put_item(decision_id=draft.pk, user=user, values=item_values())
    return draft


def make_taken_decision(act: BudgetAct, user: User, *, now: datetime = NOW, **values: Any) -> OrderDecision:
    draft = make_draft_decision(act, user, now=now, **values)
    return orders.take_decision(decision_id=draft.pk, user=user, now=now)


def make_needs(
    user: User,
    *,
    hromada: Territory | None = None,
    figures: tuple[tuple[str, int | None], ...] = (("Особи похилого віку", 120), ("Діти-сироти", 3)),
    services: tuple[tuple[str, int | None, int | None], ...] = (("home_care", 40, 12),),
    publish: bool = True,
    now: datetime = NOW,
) -> NeedsAssessment:
    """Return an assessment with the rows given as (label, people) and (service, need, receive)."""
    place, words = hromada or make_territories().dykanska, make_catalogue()
    found = needs.start_assessment(hromada_id=place.pk, user=user, as_of=date(now.year, 1, 1), now=now)
    for label, persons in figures:
        needs.put_figure(assessment_id=found.pk, user=user, values={"label": label, "persons": persons})
    for name, need, receive in services:
        values = {"service_type": getattr(words, name), "need": need, "receive": receive}
        needs.put_service(assessment_id=found.pk, user=user, values=values)
    return needs.publish_assessment(assessment_id=found.pk, user=user, now=now) if publish else found
