"""Who reaches a hromada with a service, and with how many places: the supply side of the map of needs.

A service reaches a hromada by its own area served; where no area is stated, by the seat of its provider; and wherever
it is given at an address there: the rule of `queries.territory`, for all hromadas at once. Counted are services that
may be offered, of open entries in good standing. Places counted longer ago than the table of freshness lets a card
stand unconfirmed are not known any more; unknown is not zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from registry.enums import AreaKind, ServiceStanding, Standing, UnitCategory
from registry.models import Service, ServiceAtLocation, Territory
from registry.queries.alphabet import alphabetical
from registry.queries.figures import per_revision
from registry.queries.freshness import known_rules
from registry.queries.memory import kept

# a city with special status is its own hromada
CATEGORIES: Final = (UnitCategory.HROMADA, UnitCategory.SPECIAL_CITY)
NOTHING: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Unit:
    """A hromada, or a city with special status, as the map knows it."""

    pk: int
    code: str
    label: str
    oblast: int
    raion: int
    at: tuple[float, float] | None
    population: int | None
    population_on: date | None

    @property
    def keys(self) -> tuple[int, int, int]:
        """The territories by whose being served this one is served."""
        return self.pk, self.raion, self.oblast


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the services of one kind are given: by service its places with their day, and the units it reaches."""

    places: Mapping[int, tuple[int | None, date | None]]
    units: Mapping[int, frozenset[int]]
    everywhere: frozenset[int] = NOTHING
    invented: frozenset[int] = NOTHING
    of_unit: dict[int, set[int]] = field(default_factory=dict)

    def serving(self, unit: Unit) -> set[int]:
        """Return the services that people of the hromada can turn to."""
        found = set(self.everywhere)
        for key in unit.keys:
            found |= self.of_unit.get(key, NOTHING)
        return found

    def serves_alone(self, service: int, unit: Unit) -> bool:
        """Say whether the service is for this hromada only, so that its places are all of this hromada."""
        return service not in self.everywhere and self.units.get(service) == {unit.pk}


@dataclass(frozen=True, slots=True)
class Tally:
    """What serves one hromada: `alone` and `shared` are known places of services for it only, and for others too."""

    services: int = 0
    alone: int = 0
    shared: int = 0
    unknown: int = 0
    # of the unknown ones, those whose places were counted too long ago
    expired: int = 0
    # of all of them, those invented for demonstration
    invented: int = 0

    @property
    def known(self) -> int:
        return self.alone + self.shared

    @property
    def is_whole(self) -> bool:
        """Whether the places of every service are known; of no service at all they are: none."""
        return not self.unknown


NOBODY: Final = Tally()


def units() -> dict[int, Unit]:
    """Return the hromadas and cities with special status of the codifier by key, in the order of their names."""
    return kept("supply_units", _read_units)


def _read_units() -> dict[int, Unit]:
    rows = Territory.objects.filter(category__in=CATEGORIES, in_codifier=True).select_related("centre")
    names = ("pk", "code", "category", "name", "oblast_id", "raion_id", "latitude", "longitude")
    found = rows.order_by("code").values_list(
        *names, "centre__latitude", "centre__longitude", "population", "population_on"
    )
    made = [_unit(row) for row in found]
    return {unit.pk: unit for unit in sorted(made, key=lambda unit: alphabetical(unit.label))}


def _unit(row: Any) -> Unit:
    pk, code, category, name, oblast, raion, latitude, longitude, *centre, population, population_on = row
    # where a hromada has no point of its own, the town it is governed from stands for it
    latitude, longitude = (latitude, longitude) if latitude is not None else centre
    at = (latitude, longitude) if latitude is not None and longitude is not None else None
    label = Territory(category=category, name=name).label
    return Unit(pk, code, label, oblast or 0, raion or 0, at, population, population_on)


def special_cities() -> set[int]:
    return {unit.pk for unit in units().values() if unit.pk == unit.oblast}


def offered() -> QuerySet[Service]:
    """Return the services that may be offered now, of open entries in good standing."""
    return Service.objects.filter(
        standing=ServiceStanding.INCLUDED, entry__is_open=True, entry__standing__in=Standing.good
    )


def days_places_hold(kind: int) -> int | None:
    """Return for how many days a count of places is believed; None where the table of freshness has no row."""
    steps = known_rules().steps([kind])
    return steps.hidden if steps else None


def places_known(capacity: int | None, on: date | None, days: int | None, today: date) -> int | None:
    """Return how many places there are, or nothing where nobody said or it was said too long ago."""
    if capacity is None or on is None or (days is not None and on + timedelta(days=days) < today):
        return None
    return capacity


# --- one kind of service, all hromadas -------------------------------------------------------------------------------


def reach_of(kind: int) -> Reach:
    """Return where the services of the kind are given, read once a revision."""
    return per_revision(f"reach:{kind}", lambda: _read_reach(offered().filter(service_type=kind)))


def _read_reach(services: QuerySet[Service]) -> Reach:
    places: dict[int, tuple[int | None, date | None]] = {}
    reached: dict[int, set[int]] = defaultdict(set)
    everywhere, invented = set(), set()
    cities = special_cities()
    names = ("pk", "capacity", "capacity_on", "area_kind", "entry__hromada_id", "entry__oblast_id", "entry__is_demo")
    for pk, capacity, on, area, hromada, oblast, demo in services.values_list(*names).order_by():
        places[pk] = (capacity, on)
        invented |= {pk} if demo else set()
        if area == AreaKind.COUNTRY:
            everywhere.add(pk)
        elif area == AreaKind.UNKNOWN:
            reached[pk] |= reached_here(hromada, oblast, cities)
    areas = Service.areas.through._default_manager.filter(service__in=services.values("pk"))  # noqa: SLF001
    for pk, unit in areas.values_list("service_id", "territory_id").order_by():
        reached[pk].add(unit)
    sites = ServiceAtLocation.objects.filter(service__in=services.values("pk"))
    for pk, hromada, oblast in sites.values_list("service_id", "site__hromada_id", "site__oblast_id").order_by():
        reached[pk] |= reached_here(hromada, oblast, cities)
    of_unit: dict[int, set[int]] = defaultdict(set)
    for pk, keys in reached.items():
        for key in keys:
            of_unit[key].add(pk)
    units_of = {pk: frozenset(keys) for pk, keys in reached.items()}
    return Reach(places, units_of, frozenset(everywhere), frozenset(invented), dict(of_unit))


def reached_here(hromada: int | None, oblast: int | None, cities: set[int]) -> set[int]:
    """Return the hromada of an address, or the city with special status it is in."""
    if hromada:
        return {hromada}
    return {oblast} if oblast in cities and oblast else set()


def tallies(kind: int, today: date) -> dict[int, Tally]:
    """Return, by hromada, what serves it with this kind of service; who is not in it has nobody."""
    days = days_places_hold(kind)
    return per_revision(f"tallies:{kind}:{today}:{days}", lambda: _count(reach_of(kind), days, today))


def _count(reach: Reach, days: int | None, today: date) -> dict[int, Tally]:
    known = {pk: places_known(*told, days, today) for pk, told in reach.places.items()}
    served = {unit.pk: reach.serving(unit) for unit in units().values()}
    return {pk: _tally(services, reach, known, units()[pk]) for pk, services in served.items() if services}


def _tally(services: set[int], reach: Reach, known: Mapping[int, int | None], unit: Unit) -> Tally:
    total, alone, shared, unknown, expired = len(services), 0, 0, 0, 0
    for pk in services:
        places = known[pk]
        if places is None:
            unknown += 1
            expired += reach.places[pk][0] is not None
        elif reach.serves_alone(pk, unit):
            alone += places
        else:
            shared += places
    return Tally(total, alone, shared, unknown, expired, len(reach.invented.intersection(services)))


# --- one hromada ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """A service that is counted for a hromada: its places, if known, or why not."""

    service: Service
    places: int | None
    is_alone: bool
    is_expired: bool


def services_counted(unit: Unit, kind: int) -> list[int]:
    """Return the keys of the services behind a tally, those for this hromada alone first."""
    reach = reach_of(kind)
    return sorted(reach.serving(unit), key=lambda pk: (not reach.serves_alone(pk, unit), pk))


def counted(keys: list[int], unit: Unit, kind: int, today: date) -> list[Counted]:
    """Return these services with their places, in one query."""
    reach, days = reach_of(kind), days_places_hold(kind)
    rows = Service.objects.filter(pk__in=keys).select_related("entry__organisation", "service_type").in_bulk()
    found = []
    for pk in keys:
        if pk in rows:
            told = reach.places[pk]
            places = places_known(*told, days, today)
            expired = places is None and told[0] is not None
            found.append(Counted(rows[pk], places, reach.serves_alone(pk, unit), expired))
    return found


def tallies_at(unit: Unit, kinds: Iterable[int], today: date) -> dict[int, Tally]:
    """Return, by kind of service, what serves this hromada; as many queries however many kinds are asked for."""
    areas = Service.areas.through._default_manager.filter(territory__in=unit.keys)  # noqa: SLF001
    is_city = unit.pk == unit.oblast
    here = {"oblast" if is_city else "hromada": unit.pk}
    sites = ServiceAtLocation.objects.filter(**{f"site__{name}": pk for name, pk in here.items()})
    seat = Q(area_kind=AreaKind.UNKNOWN, **{f"entry__{name}": pk for name, pk in here.items()})
    reaching = (
        seat | Q(area_kind=AreaKind.COUNTRY) | Q(pk__in=areas.values("service")) | Q(pk__in=sites.values("service"))
    )
    services = offered().filter(reaching, service_type__in=list(kinds))
    reach = _read_reach(services)
    of_kind: dict[int, set[int]] = defaultdict(set)
    for pk, kind in services.values_list("pk", "service_type_id").order_by():
        of_kind[kind].add(pk)
    found = {}
    for kind, keys in of_kind.items():
        days = days_places_hold(kind)
        known = {pk: places_known(*reach.places[pk], days, today) for pk in keys}
        found[kind] = _tally(keys, reach, known, unit)
    return found
