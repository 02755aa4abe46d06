"""What services of a guide cost: what their providers say, in one question to the database for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q

from registry.enums import PriceMode, PriceUnit, Standing
from registry.models import Service, ServiceType
from registry.queries.figures import per_revision
from registry.queries.register import vocabulary
from search.places import Place


@dataclass(slots=True)
class Tariff:
    """The range of tariffs by one unit of measure."""

    unit: str
    services: int
    least: Decimal
    most: Decimal


@dataclass(slots=True)
class Cost:
    """A service: how many offers are free, how many depend on income, the tariffs known, how many say nothing."""

    kind: ServiceType
    offers: int = 0
    free: int = 0
    by_income: int = 0
    silent: int = 0
    tariffs: list[Tariff] = field(default_factory=list)


@dataclass(slots=True)
class Costs:
    """`query` asks the calculator of entitlement for the same services; `here` names the oblast that was counted."""

    lines: list[Cost]
    query: str
    here: str = ""


def costs_of(asked: Sequence[Mapping[str, Any]], place: Place | None) -> list[Costs]:
    """Return what each block shows."""
    kinds = {kind.slug: kind for kind in vocabulary().services.values()}
    wanted = sorted({slug for value in asked for slug in value.get("services") or () if slug in kinds})
    oblast = place.oblast or place.code if place else ""
    unit = vocabulary().oblast_called(oblast)
    rows = per_revision(f"guides:costs:{oblast}:{','.join(wanted)}", lambda: _rows(wanted, unit.pk if unit else None))
    told = _costs(rows, kinds)
    return [
        Costs(
            [told.get(slug) or Cost(kinds[slug]) for slug in value.get("services") or () if slug in kinds],
            urlencode([("service", slug) for slug in value.get("services") or ()]),
            unit.label if unit else "",
        )
        for value in asked
    ]


def _rows(slugs: Iterable[str], oblast_id: int | None) -> list[tuple[Any, ...]]:
    here = Q(entry__oblast=oblast_id) if oblast_id else Q()
    rows = Service.objects.filter(
        here, service_type__slug__in=slugs, entry__is_open=True, entry__standing__in=Standing.good
    )
    counted = rows.values_list("service_type__slug", "price_mode", "price_unit").order_by()
    return list(counted.annotate(number=Count("pk"), priced=Count("price"), least=Min("price"), most=Max("price")))


def _costs(rows: Iterable[tuple[Any, ...]], kinds: Mapping[str, ServiceType]) -> dict[str, Cost]:
    found: dict[str, Cost] = {}
    ranges: dict[tuple[str, str], list[tuple[int, Decimal, Decimal]]] = defaultdict(list)
    for slug, mode, unit, number, priced, least, most in rows:
        cost = found.setdefault(slug, Cost(kinds[slug]))
        cost.offers += number
        cost.free += number if mode == PriceMode.FREE else 0
        cost.by_income += number if mode == PriceMode.DIFFERENTIATED else 0
        cost.silent += number if mode == PriceMode.UNKNOWN else 0
        if priced and mode != PriceMode.FREE:
            ranges[slug, unit].append((priced, least, most))
    for (slug, unit), some in sorted(ranges.items()):
        words = str(PriceUnit(unit).label) if unit in PriceUnit.values else ""
        tariff = Tariff(words, sum(one[0] for one in some), min(one[1] for one in some), max(one[2] for one in some))
        found[slug].tariffs.append(tariff)
    return found
