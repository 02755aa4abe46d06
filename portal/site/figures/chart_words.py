"""What the charts share: where a row leads, how its first column and its last line are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import pgettext

from portal.site.figures.asked import Asked, Place
from portal.site.figures.charts import Row, Value

Counted = TypeVar("Counted")


def list_address(name: str, asked: Asked, place: Place | None = None, **other: Any) -> str:
    """Return the address of a list for a row: the chosen oblast stays unless the row is a place itself."""
    where = {place.parameter: place.code} if place else {"oblast": asked.oblast.code if asked.oblast else ""}
    told = {key: value for key, value in {**where, **other}.items() if value}
    query = f"?{urlencode(told, doseq=True)}" if told else ""
    return f"{reverse(f'procurement:{name}')}{query}"


def rows_by_place(
    name: str,
    asked: Asked,
    counted: Mapping[int, Counted],
    figures: Callable[[Counted], tuple[Value, ...]],
    is_demo: Callable[[Counted], object] = lambda _counted: False,
    **other: Any,
) -> list[Row]:
    """Return a row a place, each leading to the list of that name."""
    return [
        Row(
            place.code,
            place.label,
            figures(counted[place.pk]),
            list_address(name, asked, place, **other),
            is_demo=bool(is_demo(counted[place.pk])),
        )
        for place in asked.places(counted)
    ]


def total_row(name: str, asked: Asked, values: tuple[Value, ...], **other: Any) -> Row:
    return Row("total", pgettext("row of a table", "All together"), values, list_address(name, asked, **other))


def place_column(asked: Asked) -> str:
    return pgettext("column", "Hromada") if asked.oblast else pgettext("column", "Oblast")
