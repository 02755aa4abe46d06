"""Which year and oblast the public figures are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from registry.models import ServiceType, Territory
from registry.queries.alphabet import alphabetical
from registry.queries.memory import kept
from registry.queries.register import vocabulary
from registry.queries.supply import units

_YEAR: Final = re.compile(r"20[0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class Asked:
    year: int
    years: tuple[int, ...]
    oblast: Territory | None = None
    service: ServiceType | None = None

    def query(self, **other: object) -> str:
        known: dict[str, object] = {"year": self.year, "oblast": self.oblast.code if self.oblast else ""}
        return urlencode({name: value for name, value in {**known, **other}.items() if value}, doseq=True)

    def places(self, keys: Iterable[int]) -> list[Place]:
        """Return the oblasts, or the hromadas of the chosen one, that have a figure; by the alphabet."""
        found = set(keys)
        if self.oblast:
            return [Place(unit.pk, unit.code, unit.label, "hromada") for unit in units().values() if unit.pk in found]
        return [one for one in kept("figure_oblasts", _oblasts) if one.pk in found]


@dataclass(frozen=True, slots=True)
class Place:
    """An oblast or a hromada; `parameter` is how lists call it in their addresses."""

    pk: int
    code: str
    label: str
    parameter: str


def _oblasts() -> list[Place]:
    found = sorted(vocabulary().oblasts.values(), key=lambda unit: alphabetical(unit.name))
    return [Place(unit.pk, unit.code, unit.label, "oblast") for unit in found]


def read_asked(params: QueryDict, known: Iterable[int], today: date) -> Asked:
    """Read the parameters; what nobody can mean is left aside, never an error page."""
    years = sorted({*known}, reverse=True) or [today.year]
    latest = max((year for year in years if year <= today.year), default=years[0])
    asked, oblast, service = (params.get(name, "") for name in ("year", "oblast", "service"))
    year, names = int(asked) if _YEAR.match(asked) else latest, vocabulary()
    return Asked(
        year,
        tuple(sorted({*years, year}, reverse=True)),
        names.oblast_called(oblast),
        names.service_called(service),
    )
