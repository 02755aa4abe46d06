"""Budget acts and the decisions on them as JSON: each with the day by which it is due, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.letters import absolute
from portal.kernel.visibility import public_view
from procurement.interfaces.json_values import place_json, written
from procurement.models import BudgetAct, OrderDecision, OrderItem
from procurement.queries.orders import NOT_ORDER, OrderLine, OrderState, acts_on, in_list_order, in_state, lines_of
from procurement.queries.orders_due import citation_of, due_of
from procurement.queries.orders_needs import shown
from registry.models import Territory

_ACT: Final = ("kind", "year", "adopted_on", "number", "url", "note", "decision_due_on", "correction", "log_seq")
_DECISION: Final = ("outcome", "grounds", "decided_on", "number", "body", "url", "taken_at", "correction", "log_seq")
_ITEM: Final = ("volume", "unit", "amount", "channel")
_YEAR_LENGTH: Final = 4


@dataclass(slots=True)
class ReadOrders:
    """The acts that an address asks for, and what of it could not be understood."""

    rows: QuerySet[BudgetAct]
    problems: dict[str, str] = field(default_factory=dict)


def read_orders(params: QueryDict, today: date) -> ReadOrders:
    """Read year, oblast, hromada and state; an unknown value is named in `problems` and left aside."""
    read = ReadOrders(acts_on(today))
    year, state = params.get("year", ""), params.get("state", "")
    if year:
        if year.isascii() and year.isdigit() and len(year) == _YEAR_LENGTH:
            read.rows = read.rows.filter(year=int(year))
        else:
            read.problems["year"] = _unknown(year)
    for name, column in (("oblast", "hromada__oblast"), ("hromada", "hromada")):
        code = params.get(name, "").replace("\x00", "")
        unit = Territory.objects.filter(code=code[:19]).first() if code else None
        if unit is not None:
            read.rows = read.rows.filter(**{column: unit})
        elif code:
            read.problems[name] = _unknown(code)
    if state in (NOT_ORDER, *OrderState.values):
        read.rows = in_state(read.rows, state)
    elif state:
        read.problems["state"] = _unknown(state)
    read.rows = in_list_order(read.rows).select_related("hromada__oblast")
    return read


def orders_json(rows: Iterable[BudgetAct], today: date) -> list[dict[str, Any]]:
    """Return a line for each act of `acts_on`; decisions and their services in two more queries for all of them."""
    lines = lines_of(rows, today)
    wanted = [line.decision_id for line in lines if line.decision_id]
    decisions = OrderDecision.objects.select_related("ground").prefetch_related("items__service_type", "items__group")
    taken = decisions.in_bulk(wanted) if wanted else {}
    return [_line(line, taken.get(line.decision_id) if line.decision_id else None) for line in lines]


def _line(line: OrderLine, decision: OrderDecision | None) -> dict[str, Any]:
    act = line.act
    due = due_of(act)
    return {
        **_written(public_view("procurement.BudgetAct", act, _ACT)),
        "hromada": place_json(act.hromada),
        "page": absolute(reverse("procurement:hromada_orders", args=[act.hromada.code])),
        "state": line.state.value,
        "state_label": str(line.state.label),
        "days": line.days,
        "why": list(due.explanation),
        "citations": [citation_of(act)],
        "verified": due.verified,
        "decision": _decision(decision) if decision else None,
    }


def _decision(decision: OrderDecision) -> dict[str, Any]:
    return {
        **_written(public_view("procurement.OrderDecision", decision, _DECISION)),
        "ground": decision.ground.text if decision.ground else "",
        "services": [_item(item) for item in decision.items.all()],
    }


def _item(item: OrderItem) -> dict[str, Any]:
    return {
        # the page hides the number of a group under five, so the API does
        "recipients": shown(item.recipients).value,
        **_written(public_view("procurement.OrderItem", item, _ITEM)),
        "service": item.service_type.slug,
        "service_name": item.service_type.name,
        "group": item.group.slug if item.group else "",
        "channel_label": item.get_channel_display(),
    }


def _written(told: dict[str, Any]) -> dict[str, Any]:
    return {name: written(value) for name, value in told.items()}


def _unknown(value: str) -> str:
    return _("“%(value)s” is not known, so it was left aside.") % {"value": value[:60]}
