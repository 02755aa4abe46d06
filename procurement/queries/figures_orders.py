"""Public figures of decisions on the social order and of what they order; the rows are those of the public lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from procurement.enums import OrderOutcome
from procurement.models import OrderItem
from procurement.queries.orders import NOT_ORDER, acts_on, current_decisions
from registry.models import Territory

KOPIIKA: Final = Decimal("0.01")
NOTHING: Final = Decimal(0)
INVENTED: Final = "invented"


def place_of(oblast: Territory | None, hromada: str = "hromada") -> str:
    """Return by what figures are grouped: by oblast, or inside one by its hromadas."""
    return hromada if oblast else f"{hromada}__oblast"


def money(value: Decimal | None) -> Decimal:
    """Return a sum to the kopiika: SQLite adds in floating point; nothing was added up to nothing."""
    return (value or NOTHING).quantize(KOPIIKA)


def decisions_by_place(year: int, oblast: Territory | None, today: date) -> dict[int, dict[str, int]]:
    """Return, by place, how many budget acts of the year are in each `OrderState`; also `NOT_ORDER` and `INVENTED`."""
    rows = acts_on(today).filter(year=year)
    if oblast:
        rows = rows.filter(hromada__oblast=oblast)
    place = place_of(oblast)
    refused = Count("pk", filter=Q(outcome=OrderOutcome.NOT_ORDER))
    made_up = Count("pk", filter=Q(is_demo=True))
    grouped = rows.order_by().values_list(place, "order_state")
    counted = grouped.annotate(number=Count("pk"), refused=refused, made_up=made_up)
    found: dict[int, dict[str, int]] = {}
    for key, state, number, without, invented in counted:
        told = found.setdefault(key, {NOT_ORDER: 0, INVENTED: 0})
        told[state] = number
        told[NOT_ORDER] += without
        told[INVENTED] += invented
    return found


@dataclass(frozen=True, slots=True)
class Ordered:
    """What decisions order of a service; `without_sum` are items of which no decision says the sum."""

    items: int
    hromadas: int
    amount: Decimal
    without_sum: int
    invented: int


def ordered_items(year: int, oblast: Territory | None = None, service: int | None = None) -> QuerySet[OrderItem]:
    """Return what the decisions in force on budgets of the year order."""
    rows = OrderItem.objects.filter(
        decision__in=current_decisions().values("pk"), decision__budget_act__year=year
    ).filter(decision__outcome=OrderOutcome.ORDER)
    if oblast:
        rows = rows.filter(decision__hromada__oblast=oblast)
    return rows.filter(service_type=service) if service else rows


def ordered_by_service(year: int, oblast: Territory | None) -> dict[int, Ordered]:
    """Return, by service, what is ordered, in one query."""
    rows = ordered_items(year, oblast).order_by().values_list("service_type_id")
    counted = rows.annotate(
        items=Count("pk"),
        hromadas=Count("decision__hromada", distinct=True),
        sum=Sum("amount"),
        with_sum=Count("amount"),
        invented=Count("pk", filter=Q(decision__is_demo=True)),
    )
    return {
        kind: Ordered(items, hromadas, money(amount), items - with_sum, invented)
        for kind, items, hromadas, amount, with_sum, invented in counted
    }


def for_list(rows: QuerySet[OrderItem]) -> QuerySet[OrderItem]:
    """Read with each item its decision and place, the largest sum first."""
    related = rows.select_related("service_type", "decision__hromada__oblast", "decision__budget_act")
    return related.defer("decision__budget_act__due_snapshot").order_by("-amount", "pk")


def total_ordered(rows: QuerySet[OrderItem]) -> dict[str, Any]:
    found = rows.order_by().aggregate(items=Count("pk"), with_sum=Count("amount"), comes_to=Sum("amount"))
    items, with_sum = found["items"], found["with_sum"]
    return {"items": items, "amount": money(found["comes_to"]), "without_sum": items - with_sum}
