"""Which entries the register shows for a filter, with the counts beside every choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from django.db.models import QuerySet
from pyroaring import BitMap

from registry.enums import UnitCategory
from registry.models import RegisterEntry, ServiceType, Territory, VulnerableGroup
from registry.queries.index import FACETS, register_index
from registry.queries.memory import kept

SORTS: Final = ("name", "number", "newest")


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What a visitor asked for, already checked: keys of existing rows and values of enums, by facet."""

    text: str = ""
    chosen: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    sort: str = "name"

    def without(self, facet: str) -> RegisterFilter:
        return replace(self, chosen={name: values for name, values in self.chosen.items() if name != facet})

    @property
    def is_empty(self) -> bool:
        return not self.text and not any(self.chosen.values())


def matching_entries(wanted: RegisterFilter) -> BitMap:
    """Return the keys of the open entries that pass the filter; choices of one facet widen, facets narrow."""
    found = register_index.matching(wanted.text)
    for facet, values in wanted.chosen.items():
        if values:
            found &= BitMap.union(*[register_index.having(facet, value) for value in values])
    return found & register_index.everything


def count_choices(wanted: RegisterFilter, facet: str, values: list[int | str]) -> dict[int | str, int]:
    """Return how many entries each value would give, the facet's own choice left aside."""
    rest = matching_entries(wanted.without(facet))
    if facet == "hromada":
        return {value: register_index.count_serving(int(value), rest) for value in values}
    return {value: rest.intersection_cardinality(register_index.having(facet, value)) for value in values}


def page_of(wanted: RegisterFilter, found: BitMap, start: int, stop: int) -> list[int]:
    """Return one page of keys in the order asked for."""
    if wanted.sort == "number":
        return list(found[start:stop])
    if wanted.sort == "newest":
        size = len(found)
        return list(found[max(size - stop, 0) : max(size - start, 0)])[::-1]
    return register_index.in_name_order(found, start, stop)


def in_order(queryset: QuerySet[RegisterEntry], keys: list[int]) -> list[RegisterEntry]:
    rows = queryset.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def chunks(found: BitMap, size: int = 2_000) -> Iterator[list[int]]:
    """Yield the keys in ascending order, some at a time."""
    for start in range(0, len(found), size):
        yield list(found[start : start + size])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names behind facet values; small tables, read once and kept for a minute."""

    oblasts: dict[int, Territory]
    services: dict[int, ServiceType]
    groups: dict[int, VulnerableGroup]

    def oblast_called(self, code: str) -> Territory | None:
        """Return the oblast, or the city with special status, with this code of the codifier."""
        return next((unit for unit in self.oblasts.values() if unit.code == code), None)

    def service_called(self, slug: str) -> ServiceType | None:
        return next((kind for kind in self.services.values() if kind.slug == slug), None)

    def group_called(self, slug: str) -> VulnerableGroup | None:
        return next((group for group in self.groups.values() if group.slug == slug), None)


def vocabulary() -> Vocabulary:
    return kept("vocabulary", _read_vocabulary)


def _read_vocabulary() -> Vocabulary:
    return Vocabulary(
        {unit.pk: unit for unit in Territory.objects.oblasts()},
        {kind.pk: kind for kind in ServiceType.objects.all()},
        {group.pk: group for group in VulnerableGroup.objects.all()},
    )


def hromadas_of(oblast_id: int) -> list[Territory]:
    """Return the hromadas of an oblast by name, kept for a minute."""
    units = Territory.objects.filter(category=UnitCategory.HROMADA, oblast_id=oblast_id, in_codifier=True)
    return kept(("hromadas", oblast_id), lambda: list(units.order_by("name")))


__all__ = [
    "FACETS",
    "SORTS",
    "RegisterFilter",
    "Vocabulary",
    "chunks",
    "count_choices",
    "hromadas_of",
    "in_order",
    "matching_entries",
    "page_of",
    "register_index",
    "vocabulary",
]
