"""What the charts share: where a row leads, how its first column and its last line are called."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import pgettext

from portal.site.figures.asked import Asked, Place


def list_address(name: str, asked: Asked, place: Place | None = None, **other: Any) -> str:
    """Return the address of a list for a row: the chosen oblast stays unless the row is a place itself."""
    where = {place.parameter: place.code} if place else {"oblast": asked.oblast.code if asked.oblast else ""}
    told = {key: value for key, value in {**where, **other}.items() if value}
    return f"{reverse(f'procurement:{name}')}?{urlencode(told, doseq=True)}"


def all_together() -> str:
    return pgettext("row of a table", "All together")


def place_column(asked: Asked) -> str:
    return pgettext("column", "Hromada") if asked.oblast else pgettext("column", "Oblast")
