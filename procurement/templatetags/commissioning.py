"""How forms and sums of the official who orders services are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.formats import number_format

register = template.Library()


@dataclass(frozen=True, slots=True)
class Option:
    """One round button: its identifier, value and words."""

    id: str
    value: Any
    label: Any
    selected: bool


@register.filter
def option_groups(bound: BoundField) -> list[tuple[Any, list[Option]]]:
    """Return the options of a choice under their headings, numbered through, so that a link finds the first one."""
    value = [str(item) for item in ([bound.value()] if bound.value() is not None else [])]
    groups, number = [], 0
    for heading, options, _index in bound.field.widget.optgroups(bound.html_name, value):
        drawn = []
        for option in options:
            drawn.append(Option(f"{bound.auto_id}_{number}", option["value"], option["label"], option["selected"]))
            number += 1
        groups.append((heading, drawn))
    return groups


@register.filter
def number(value: Decimal) -> str:
    """Write a number as people do, without the zeros that its column adds: «12,5»."""
    places = max(-value.normalize().as_tuple().exponent, 0)  # type: ignore[operator]
    return number_format(value, places, use_l10n=True, force_grouping=True).replace("-", "−")
