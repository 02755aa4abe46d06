"""What the public list of risk cards shows, read from its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from procurement.contract_enums import RiskState
from procurement.models import RiskCard, RiskRule
from registry.models import Territory
from registry.views.paging import page_number

ALL: Final = "all"
LONGEST_NUMBER: Final = 20


@dataclass(frozen=True, slots=True)
class RiskFilter:
    """What the list shows, already checked."""

    rule: RiskRule | None = None
    hromada: Territory | None = None
    # those that hold, unless others are asked for
    state: str = RiskState.OPEN
    # of one contract or competition
    number: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        return bool(self.rule or self.hromada or self.number or self.state != RiskState.OPEN)

    def query(self, **other: object) -> str:
        """Return the address of the same list with something else in it; what is empty is left out."""
        known = {
            "rule": self.rule.slug if self.rule else "",
            "hromada": self.hromada.code if self.hromada else "",
            "state": "" if self.state == RiskState.OPEN else self.state,
            "number": self.number,
        }
        return urlencode({name: value for name, value in {**known, **other}.items() if value})

    def rows(self, rows: QuerySet[RiskCard]) -> QuerySet[RiskCard]:
        if self.rule:
            rows = rows.filter(rule=self.rule)
        if self.hromada:
            rows = rows.filter(Q(contract__hromada=self.hromada) | Q(competition__hromada=self.hromada))
        if self.number:
            rows = rows.filter(Q(contract__number=self.number) | Q(competition__number=self.number))
        return rows if self.state == ALL else rows.filter(state=self.state)


def read_risk_filter(params: QueryDict, rules: Sequence[RiskRule], hromadas: Sequence[Territory]) -> RiskFilter:
    """Read the parameters; what nobody can mean is left aside, never an error page."""
    asked = {name: params.get(name, "").strip() for name in ("rule", "hromada", "state", "number")}
    number = asked["number"] if len(asked["number"]) <= LONGEST_NUMBER and asked["number"].isprintable() else ""
    return RiskFilter(
        next((one for one in rules if one.slug == asked["rule"]), None),
        next((one for one in hromadas if one.code == asked["hromada"]), None),
        asked["state"] if asked["state"] in (RiskState.GONE.value, ALL) else RiskState.OPEN,
        number,
        page_number(params.get("page", "")),
    )
