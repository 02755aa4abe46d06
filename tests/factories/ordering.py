"""Who orders services and what a competition rests on: bodies, budget acts, decisions, specifications."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from portal.accounts.models import User
from portal.kernel.calendar import day_of
from procurement.enums import BudgetActKind, DecisionState, OrderOutcome
from procurement.models import (
    BudgetAct,
    Commissioner,
    OrderDecision,
    OrderItem,
    ServiceSpecification,
)
from registry.models import Territory
from tests.factories.accounts import make_official, make_organisation
from tests.factories.registry import make_catalogue, make_territories, next_edrpou

NOW = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)


def make_official_who_orders(*units: Territory, **fields: Any) -> User:
    """Return an official who orders services, in Dykanka unless other units are named."""
    return make_official("commissioner", *(units or (make_territories().dykanska,)), **fields)


def make_commissioner(hromada: Territory | None = None, **fields: Any) -> Commissioner:
    """Return the body that orders services in a hromada, made once."""
    place = hromada or make_territories().dykanska
    known = Commissioner.objects.filter(hromada=place).first()
    return known or Commissioner.objects.create(
        **{
            "organisation": make_organisation(
                code=next_edrpou(), name=f"Виконавчий комітет, {place.name} територіальна громада"
            ),
            "hromada": place,
            "address": "38500, Полтавська область, селище Диканька, вул. Незалежності, 133",
            "phone": "+380535191234",
            "email": "order@dykanka.example",
            "website": "https://dykanka.example",
            **fields,
        }
    )


def make_budget_act(hromada: Territory | None = None, *, now: datetime = NOW, **fields: Any) -> BudgetAct:
    """Return the adopted budget of the year of `now`, the same one when it is there."""
    place = hromada or make_territories().dykanska
    year = day_of(now).year
    values = {"number": "5-12/VIII", "adopted_on": date(year - 1, 12, 19), "entered_at": now, **fields}
    known = BudgetAct.objects.filter(hromada=place, year=year, kind=values.get("kind", BudgetActKind.ADOPTED)).first()
    if known and not fields:
        return known
    return BudgetAct.objects.create(**{"hromada": place, "kind": BudgetActKind.ADOPTED, "year": year, **values})


def make_order_decision(
    act: BudgetAct | None = None, *, channel: str = "social_order", now: datetime = NOW, **fields: Any
) -> OrderDecision:
    """Return a published decision that orders home care and shelter by the channel; one for each budget act."""
    act, words = act or make_budget_act(now=now), make_catalogue()
    decision = OrderDecision.objects.filter(budget_act=act, state=DecisionState.TAKEN).first()
    decided = day_of(now) - timedelta(days=6)
    decision = decision or OrderDecision.objects.create(
        **{
            "budget_act": act,
            "hromada": act.hromada,
            "state": DecisionState.TAKEN,
            "outcome": OrderOutcome.ORDER,
            "decided_on": decided,
            "number": "17",
            "body": "Виконавчий комітет Диканської селищної ради",
            "url": "https://dykanka.example/17",
            "created_at": now,
            "taken_at": now - timedelta(days=5),
            **fields,
        }
    )
    for place, service in enumerate((words.home_care, words.shelter)):
        OrderItem.objects.get_or_create(
            decision=decision,
            service_type=service,
            channel=channel,
            defaults={"recipients": 20, "amount": Decimal("324000.00"), "order": place},
        )
    return decision


def make_specification(hromada: Territory | None = None, *, now: datetime = NOW, **fields: Any) -> ServiceSpecification:
    """Return home care for twenty older people, 1800 person-hours by 180 hryvnias."""
    words = make_catalogue()
    year = day_of(now).year
    return ServiceSpecification.objects.create(
        **{
            "hromada": hromada or make_territories().dykanska,
            "title": "Догляд вдома осіб похилого віку",
            "group": words.older_people,
            "service_type": words.home_care,
            "delivery_form": words.at_home,
            "content": "Прибирання, приготування їжі, купівля ліків, супровід до лікаря.",
            "categories": "Особи похилого віку, які потребують сторонньої допомоги.",
            "recipients": 20,
            "volume": Decimal(1800),
            "unit": "person_hour",
            "place": "Диканська територіальна громада",
            "service_from": date(year, 6, 1),
            "service_to": date(year, 12, 31),
            "standard": "Державний стандарт догляду вдома",
            "quality": "Не рідше двох разів на тиждень; скарги розглядають протягом дня.",
            "tariff": Decimal("180.00"),
            "tariff_act": "рішення виконкому від 12.01.2027 № 8",
            "ceiling": Decimal("324000.00"),
            "created_at": now,
            "saved_at": now,
            **fields,
        }
    )
