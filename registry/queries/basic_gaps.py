"""Basic services that nobody gives, for all hromadas at once, by the rule of `queries.supply`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from registry.enums import AreaKind
from registry.models import Service, ServiceAtLocation
from registry.queries.catalogue import basic_rows
from registry.queries.figures import per_revision
from registry.queries.supply import offered, reached_here, special_cities, units


def missing_basic(today: date) -> dict[int, tuple[int, ...]]:
    """Return, by hromada, the basic services of the law that nobody gives to its people, counted once a revision."""
    kinds = sorted(basic_rows(today))
    return per_revision(f"missing:{'-'.join(map(str, kinds))}", lambda: _missing(kinds))


def _missing(kinds: list[int]) -> dict[int, tuple[int, ...]]:
    given = _given(kinds)
    everywhere = given.pop(0, set())
    found = {}
    for unit in units().values():
        here = everywhere.union(*(given.get(key, set()) for key in unit.keys))
        found[unit.pk] = tuple(kind for kind in kinds if kind not in here)
    return found


def _given(kinds: list[int]) -> dict[int, set[int]]:
    """Return, by territory, the kinds of services given in it; key 0 is the whole country."""
    cities = special_cities()
    services = offered().filter(service_type__in=kinds)
    found: dict[int, set[int]] = defaultdict(set)
    seats = services.filter(area_kind=AreaKind.UNKNOWN)
    for kind, hromada, oblast in _pairs(seats, "service_type_id", "entry__hromada_id", "entry__oblast_id"):
        for key in reached_here(hromada, oblast, cities):
            found[key].add(kind)
    of_service = Q(service__in=services.values("pk"))
    sites = ServiceAtLocation.objects.filter(of_service)
    for kind, hromada, oblast in _pairs(sites, "service__service_type_id", "site__hromada_id", "site__oblast_id"):
        for key in reached_here(hromada, oblast, cities):
            found[key].add(kind)
    areas = Service.areas.through._default_manager.filter(of_service)  # noqa: SLF001
    for kind, unit in _pairs(areas, "service__service_type_id", "territory_id"):
        found[unit].add(kind)
    country = services.filter(area_kind=AreaKind.COUNTRY)
    found[0] = {kind for (kind,) in _pairs(country, "service_type_id")}
    return found


def _pairs(rows: QuerySet, *names: str) -> Iterable[tuple[int, ...]]:
    found: Iterable[tuple[int, ...]] = rows.order_by().values_list(*names).distinct()
    return found
