"""Figures of the register that cost more than a bitmap: counted once a revision, never older than the last change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar, cast

from django.core.cache import cache
from django.db.models import Count
from pyroaring import BitMap

from portal.accounts.enums import PersonType
from registry.enums import ServiceStanding, Standing
from registry.models import RegisterEntry, Service, Territory
from registry.queries.index import register_index

# groups smaller than this are not published
SMALLEST_GROUP: Final = 5
_KEPT_FOR: Final = 24 * 60 * 60

T = TypeVar("T")


def per_revision(name: str, count: Callable[[], T]) -> T:
    """Return a figure of the register as it is now, counted anew after every change."""
    return cast("T", cache.get_or_set(f"registry:{name}:{register_index.revision}", count, _KEPT_FOR))


def entries_in_good_standing() -> BitMap:
    return register_index.having("standing", Standing.INCLUDED)


def number_of_services() -> int:
    """Count the services that open entries in good standing may give."""
    rows = Service.objects.filter(
        standing=ServiceStanding.INCLUDED, entry__is_open=True, entry__standing__in=Standing.good
    )
    return per_revision("services", rows.count)


def hromadas_with_a_provider() -> int:
    """Count the hromadas where somebody is seated or which somebody names as served."""
    good = entries_in_good_standing()
    return sum(1 for unit in register_index.values("here") if good.intersect(register_index.having("here", unit)))


# --- natural persons who give care: only counts, none of them small ---------------------------------------------------


def published_carers() -> dict[int | None, int]:
    """Return how many carers each unit has, by its key; `None` is the whole country. Small groups are absent."""
    return per_revision("carers", _published_carers)


def _published_carers() -> dict[int | None, int]:
    rows = (
        RegisterEntry.objects.filter(
            organisation__person_type=PersonType.NATURAL_PERSON, is_open=False, standing__in=Standing.good
        )
        .values_list("oblast_id", "hromada_id")
        .annotate(people=Count("id"))
        .order_by()
    )
    return publishable([(oblast, hromada, people) for oblast, hromada, people in rows])


def publishable(groups: list[tuple[int | None, int | None, int]]) -> dict[int | None, int]:
    """Return the counts of hromadas, oblasts (by key) and the country (`None`) that reveal no group under five.

    A sum is withheld too when taking away what is published from it would leave such a group.
    """
    published: dict[int | None, int] = {}
    in_oblast: dict[int | None, int] = {}
    left_in_oblast: dict[int | None, int] = {}
    for oblast, hromada, people in groups:
        in_oblast[oblast] = in_oblast.get(oblast, 0) + people
        shown = hromada is not None and people >= SMALLEST_GROUP
        if shown:
            published[hromada] = people
        left_in_oblast[oblast] = left_in_oblast.get(oblast, 0) + (0 if shown else people)
    left = 0
    for oblast, people in in_oblast.items():
        if oblast is not None and people >= SMALLEST_GROUP and not 0 < left_in_oblast[oblast] < SMALLEST_GROUP:
            published[oblast] = people
        else:
            left += left_in_oblast[oblast]
    everybody = sum(in_oblast.values())
    if everybody >= SMALLEST_GROUP and not 0 < left < SMALLEST_GROUP:
        published[None] = everybody
    return published


def number_of_hromadas() -> int:
    units = Territory.objects.hromadas().filter(in_codifier=True)
    return cast("int", cache.get_or_set("registry:hromadas", units.count, 60 * 60))
