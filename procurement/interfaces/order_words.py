"""The ways to narrow the list of orders, each with its number."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import pgettext

from procurement.interfaces.order_filters import OrderFilter
from procurement.queries.orders import NOT_ORDER, OrderState


@dataclass(frozen=True, slots=True)
class StateChoice:
    value: str
    label: str
    number: int
    query: str
    chosen: bool


def state_choices(wanted: OrderFilter, counts: dict[str, int]) -> list[StateChoice]:
    """Return the states in which some act is, and those that everybody asks for even where there is none."""
    labels = {
        OrderState.OVERDUE.value: pgettext("figure", "overdue, not published"),
        OrderState.DUE.value: pgettext("figure", "still to be decided"),
        OrderState.IN_TIME.value: pgettext("figure", "decided in time"),
        OrderState.LATE.value: pgettext("figure", "decided late"),
        NOT_ORDER: pgettext("figure", "decided not to order"),
        OrderState.WITHOUT_TERM.value: pgettext("figure", "undecided, no term in the table"),
        OrderState.DECIDED.value: pgettext("figure", "decided, no term in the table"),
    }
    seldom = {OrderState.WITHOUT_TERM.value, OrderState.DECIDED.value}
    return [
        StateChoice(value, capfirst(label), counts[f"n_{value}"], wanted.query(state=value), value == wanted.state)
        for value, label in labels.items()
        if counts[f"n_{value}"] or value not in seldom
    ]
