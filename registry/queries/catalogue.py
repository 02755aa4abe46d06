"""The catalogue of services with who gives each of them, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count, Max, Min
from pyroaring import BitMap

from registry.enums import PriceMode, PriceUnit, Standing
from registry.models import BasicServiceRow, Service, ServiceType, Territory
from registry.queries.alphabet import alphabetical
from registry.queries.figures import entries_in_good_standing, per_revision
from registry.queries.index import register_index
from registry.queries.register import vocabulary


@dataclass(slots=True)
class ServiceLine:
    """A service of the catalogue with the number of its providers; `basic` is its row in the law, if it has one."""

    kind: ServiceType
    providers: int
    basic: BasicServiceRow | None


@dataclass(slots=True)
class OblastLine:
    unit: Territory
    providers: int


@dataclass(slots=True)
class PriceLine:
    """How many services are paid for in one way, with the range of tariffs where there are any."""

    mode: str
    label: str
    services: int
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None


def basic_rows(today: date) -> dict[int, BasicServiceRow]:
    """Return the services that the law counts as basic on a day, each with its row."""
    rows = cache.get("registry:basic_rows")
    if rows is None:
        rows = list(BasicServiceRow.objects.order_by("service_type", "valid_from"))
        cache.set("registry:basic_rows", rows, 60)
    return {
        row.service_type_id: row
        for row in rows
        if row.valid_from <= today and (row.valid_to is None or today < row.valid_to)
    }


def providers_of(kind: ServiceType) -> BitMap:
    """Return the entries in good standing that give the service."""
    return register_index.having("service", kind.pk) & entries_in_good_standing()


def catalogue(today: date) -> tuple[list[ServiceLine], list[ServiceLine]]:
    """Return the basic services and the others, in the order of the catalogue."""
    basic = basic_rows(today)
    kinds = sorted(vocabulary().services.values(), key=lambda kind: (kind.order, kind.slug))
    lines = [ServiceLine(kind, len(providers_of(kind)), basic.get(kind.pk)) for kind in kinds]
    return [line for line in lines if line.basic], [line for line in lines if not line.basic]


def providers_by_oblast(entries: BitMap) -> list[OblastLine]:
    """Return how many of these entries each oblast has, the oblasts without any too."""
    units = sorted(vocabulary().oblasts.values(), key=lambda unit: alphabetical(unit.name))
    return [
        OblastLine(unit, entries.intersection_cardinality(register_index.having("oblast", unit.pk))) for unit in units
    ]


def prices_of(kind: ServiceType) -> list[PriceLine]:
    """Return the ways in which the service is paid for, the commonest first."""
    return per_revision(f"prices:{kind.pk}", lambda: _prices_of(kind))


def _prices_of(kind: ServiceType) -> list[PriceLine]:
    rows = (
        Service.objects.filter(service_type=kind, entry__is_open=True, entry__standing__in=Standing.good)
        .values("price_mode", "price_unit")
        .annotate(services=Count("id"), least=Min("price"), most=Max("price"))
        .order_by("-services", "price_mode", "price_unit")
    )
    return [
        PriceLine(row["price_mode"], "", row["services"], row["price_unit"], row["least"], row["most"]) for row in rows
    ]


def in_words(line: PriceLine) -> PriceLine:
    """Return the line with its labels in the reader's language."""
    unit = str(PriceUnit(line.unit).label) if line.unit else ""
    return PriceLine(line.mode, str(PriceMode(line.mode).label), line.services, unit, line.least, line.most)
