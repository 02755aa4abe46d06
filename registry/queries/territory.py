"""What a territory has: who is seated there, who serves it from elsewhere, and which basic services nobody gives."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Q
from pyroaring import BitMap

from registry.enums import AreaKind, Standing, UnitCategory
from registry.models import RegisterEntry, Service, ServiceAtLocation, ServiceType, Territory
from registry.queries.alphabet import alphabetical
from registry.queries.catalogue import basic_rows
from registry.queries.figures import entries_in_good_standing, per_revision, published_carers
from registry.queries.index import register_index
from registry.queries.register import vocabulary

SHOWN: Final = 12
FOUND_AT_MOST: Final = 60
_CODE: Final = re.compile(r"UA[0-9]{17}\Z")
# a city with special status is told of as a hromada is
_HROMADAS: Final = (UnitCategory.HROMADA, UnitCategory.SPECIAL_CITY)


@dataclass(slots=True)
class Given:
    """A basic service in a territory: by how many it is given there, and by how many in its oblast."""

    kind: ServiceType
    providers: int
    in_oblast: int


@dataclass(slots=True)
class Supply:
    """Who serves a hromada (or a city with special status); the keys are of open entries in good standing."""

    seated: BitMap
    from_elsewhere: BitMap
    missing: list[Given] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)


@dataclass(slots=True)
class UnitLine:
    unit: Territory
    providers: int


def is_code(text: str) -> bool:
    """Say whether it is written as a code of the codifier; such a unit need not exist."""
    return bool(_CODE.match(text))


def unit_by_code(code: str) -> Territory | None:
    if not is_code(code):
        return None
    return Territory.objects.select_related("oblast", "raion", "hromada", "parent").filter(code=code).first()


def hromada_by_code(code: str) -> Territory | None:
    return Territory.objects.hromadas().filter(code=code).first() if is_code(code) else None


def hromada_around(code: str) -> Territory | None:
    """Return the hromada, or the city with special status, that the unit with this code is or lies in."""
    unit = unit_by_code(code)
    home = home_of(unit) if unit else None
    return home if home and home.category in _HROMADAS else None


def home_of(unit: Territory) -> Territory:
    """Return the unit whose page tells of this one: settlements and city districts stand on their hromada's page."""
    if unit.category in (UnitCategory.OBLAST, UnitCategory.SPECIAL_CITY, UnitCategory.RAION, UnitCategory.HROMADA):
        return unit
    return unit.hromada or unit.oblast or unit


def supply_of(unit: Territory, today: date) -> Supply:
    """Return who serves a hromada or a city with special status, and what nobody gives there."""
    good = entries_in_good_standing()
    seated_in = Q(hromada=unit) if unit.category == UnitCategory.HROMADA else Q(oblast=unit)
    seated = BitMap(RegisterEntry.objects.open().in_good_standing().filter(seated_in).values_list("pk", flat=True))
    services = per_revision(f"given:{unit.pk}", lambda: services_given_in(unit))
    serving = BitMap.union(BitMap(), *services.values()) & good
    supply = Supply(seated, serving - seated)
    kinds = vocabulary().services
    for pk in basic_rows(today):
        if pk not in kinds:
            continue
        in_oblast = register_index.having("service", pk) & good & register_index.having("oblast", unit.oblast_id or 0)
        line = Given(kinds[pk], len(services.get(pk, ())), len(in_oblast))
        (supply.given if line.providers else supply.missing).append(line)
    for lines in (supply.given, supply.missing):
        lines.sort(key=lambda line: (line.kind.order, line.kind.slug))
    return supply


def services_given_in(unit: Territory) -> dict[int, BitMap]:
    """Return, by service, the entries in good standing that give it to people of this unit.

    Each service counts by its own area served, not by what else its provider does; where the area is not stated, by
    the seat of its provider; and wherever it is given at an address inside the unit.
    """
    found: dict[int, list[int]] = defaultdict(list)
    in_unit = "hromada" if unit.category == UnitCategory.HROMADA else "oblast"
    open_and_good = {"service__entry__is_open": True, "service__entry__standing__in": Standing.good}
    above = [pk for pk in (unit.pk, unit.raion_id, unit.oblast_id) if pk]
    areas = Service.areas.through._default_manager.filter(territory__in=above, **open_and_good)  # noqa: SLF001
    places = ServiceAtLocation.objects.filter(**{f"site__{in_unit}": unit}, **open_and_good)
    for rows in (areas, places):
        for kind, entry in rows.values_list("service__service_type_id", "service__entry_id"):
            found[kind].append(entry)
    silent = Service.objects.filter(
        **{f"entry__{in_unit}": unit},
        area_kind=AreaKind.UNKNOWN,
        entry__is_open=True,
        entry__standing__in=Standing.good,
    )
    for kind, entry in silent.values_list("service_type_id", "entry_id"):
        found[kind].append(entry)
    for kind, entries in services_given_everywhere().items():
        found[kind] += entries
    return {kind: BitMap(entries) for kind, entries in found.items()}


def services_given_everywhere() -> dict[int, list[int]]:
    return per_revision("country_services", _services_given_everywhere)


def _services_given_everywhere() -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = Service.objects.filter(
        area_kind=AreaKind.COUNTRY, entry__is_open=True, entry__standing__in=Standing.good
    ).values_list("service_type_id", "entry_id")
    for kind, entry in rows:
        found[kind].append(entry)
    return dict(found)


def hromadas_within(unit: Territory) -> list[UnitLine]:
    """Return the hromadas of an oblast or a raion, each with the providers seated there or naming it as served."""
    good = entries_in_good_standing()
    inside = Q(oblast=unit) if unit.category in UnitCategory.regions else Q(raion=unit)
    units = sorted(
        Territory.objects.hromadas().filter(inside, in_codifier=True), key=lambda hromada: alphabetical(hromada.name)
    )
    return [
        UnitLine(hromada, good.intersection_cardinality(register_index.having("here", hromada.pk))) for hromada in units
    ]


def settlements_of(hromada: Territory) -> list[Territory]:
    within = Territory.objects.filter(hromada=hromada, category__in=UnitCategory.settlements, in_codifier=True)
    return sorted(within, key=lambda settlement: alphabetical(settlement.name))


def carers_in(unit: Territory) -> int | None:
    """Return how many natural persons give care there, or nothing where the number is too small to publish."""
    return published_carers().get(unit.pk)


def units_called(text: str) -> list[Territory]:
    """Return hromadas and settlements whose names begin with the text, cities first."""
    name = " ".join(text.split())[:60]
    if not name:
        return []
    name = name[0].upper() + name[1:]
    order = {category: place for place, category in enumerate("KMHXCB")}
    found = Territory.objects.filter(name__startswith=name, category__in=order, in_codifier=True)
    units = list(found.select_related("hromada", "raion", "oblast").order_by("name", "code")[: FOUND_AT_MOST * 4])
    units.sort(key=lambda unit: (unit.name != name, order[unit.category]))
    return units[:FOUND_AT_MOST]


def hromadas_called(text: str) -> list[Territory]:
    """Return the hromadas whose names begin so, and those that hold a settlement called so, once each."""
    homes: dict[int, Territory] = {}
    for unit in units_called(text):
        home = home_of(unit)
        if home.category in _HROMADAS and home.pk not in homes:
            # the settlement came with its oblast, its hromada did not
            home.oblast = unit.oblast
            homes[home.pk] = home
    return list(homes.values())
