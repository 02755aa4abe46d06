"""From the address of the list of orders to what it asks for and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from procurement.models import BudgetAct
from procurement.queries.orders import NOT_ORDER, OrderState, in_state
from registry.models import Territory
from registry.queries.register import vocabulary
from registry.views.paging import page_number

LONGEST_TEXT: Final = 100
_YEAR: Final = re.compile(r"20[0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the list shows; `page` and `missed` are the pages of its two parts."""

    year: int
    oblast: Territory | None = None
    text: str = ""
    state: str = ""
    page: int = 1
    missed: int = 1

    def query(self, **other: object) -> str:
        """Return the address of the same list with something else in it; what is empty is left out."""
        known: dict[str, object] = {
            "year": self.year,
            "oblast": self.oblast.code if self.oblast else "",
            "q": self.text,
            "state": self.state,
        }
        return urlencode({name: value for name, value in {**known, **other}.items() if value})

    def places(self, rows: QuerySet[BudgetAct]) -> QuerySet[BudgetAct]:
        """Keep the acts of the year and the places; the state is not asked, so that every state can be counted."""
        rows = rows.filter(year=self.year)
        if self.oblast:
            rows = rows.filter(hromada__oblast=self.oblast)
        if self.text:
            rows = rows.filter(hromada__name__startswith=self.text[0].upper() + self.text[1:])
        return rows

    def rows(self, rows: QuerySet[BudgetAct]) -> QuerySet[BudgetAct]:
        return in_state(self.places(rows), self.state)


def read_order_filter(params: QueryDict, years: list[int], today: date) -> OrderFilter:
    """Read the parameters; what nobody can mean is left aside, never an error page."""
    asked = {name: params.get(name, "").replace("\x00", "").strip() for name in ("year", "oblast", "q", "state")}
    latest = max((year for year in years if year <= today.year), default=today.year)
    return OrderFilter(
        int(asked["year"]) if _YEAR.match(asked["year"]) else latest,
        vocabulary().oblast_called(asked["oblast"]),
        " ".join(asked["q"].split())[:LONGEST_TEXT],
        asked["state"] if asked["state"] in {*OrderState.values, NOT_ORDER} else "",
        page_number(params.get("page", "")),
        page_number(params.get("missed", "")),
    )
