"""How many give the services of a guide, in how many hromadas, and what is known of the need where the reader is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from procurement.queries.orders_needs import PublicNeeds, Shown, public_needs, published_needs
from registry.enums import UnitCategory
from registry.models import ServiceType, Territory, VulnerableGroup
from registry.queries.catalogue import providers_of
from registry.queries.figures import per_revision
from registry.queries.index import register_index
from registry.queries.register import vocabulary
from search.places import Place


@dataclass(slots=True)
class ServiceFigure:
    """A service: its providers in the country and in the reader's unit, hromadas with one, the need told there.

    What is not known is None, never nought.
    """

    kind: ServiceType
    providers: int
    hromadas: int
    here: int | None = None
    need: Shown | None = None


@dataclass(slots=True)
class GroupFigure:
    group: VulnerableGroup
    people: Shown


@dataclass(slots=True)
class Figures:
    services: list[ServiceFigure]
    groups: list[GroupFigure] = field(default_factory=list)
    unit: Territory | None = None
    needs: PublicNeeds | None = None


def figures_of(asked: Sequence[Mapping[str, Any]], place: Place | None) -> list[Figures]:
    """Return what each block shows; the need is asked for once, and only where the reader's hromada is known."""
    register_index.refresh()
    unit = _unit(place)
    assessment = published_needs(unit).first() if unit and unit.category in _HAS_NEEDS else None
    needs = public_needs(assessment) if assessment else None
    return [_figures(value, unit, needs) for value in asked]


_HAS_NEEDS = frozenset({UnitCategory.HROMADA, UnitCategory.SPECIAL_CITY})


def _unit(place: Place | None) -> Territory | None:
    """Return the unit of the reader; of a settlement its hromada. The register knows where its parents are."""
    unit = Territory.objects.filter(code=place.inside).first() if place else None
    if unit is not None and unit.category == UnitCategory.HROMADA:
        register_index.know_parents([unit])
    return unit


def _figures(value: Mapping[str, Any], unit: Territory | None, needs: PublicNeeds | None) -> Figures:
    slugs = list(value.get("services") or ())
    kinds = sorted((one for one in vocabulary().services.values() if one.slug in slugs), key=lambda one: one.order)
    told = {line.service.pk: line.need for line in needs.services} if needs else {}
    services = [
        ServiceFigure(kind, len(providers_of(kind)), _hromadas_with(kind), _here(kind, unit), told.get(kind.pk))
        for kind in kinds
    ]
    groups = set(value.get("groups") or ())
    people = [
        GroupFigure(line.figure.group, line.persons)
        for line in (needs.figures if needs else ())
        if line.figure.group is not None and line.figure.group.slug in groups
    ]
    return Figures(services, people, unit, needs)


def _here(kind: ServiceType, unit: Territory | None) -> int | None:
    facet = {UnitCategory.HROMADA: "hromada", UnitCategory.OBLAST: "oblast", UnitCategory.SPECIAL_CITY: "oblast"}
    name = facet.get(UnitCategory(unit.category)) if unit else None
    if unit is None or name is None:
        return None
    return providers_of(kind).intersection_cardinality(register_index.having(name, unit.pk))


def _hromadas_with(kind: ServiceType) -> int:
    """Count the hromadas where a provider of the service is seated, or which one names as served."""

    def count() -> int:
        giving = providers_of(kind)
        return sum(1 for unit in register_index.values("here") if giving.intersect(register_index.having("here", unit)))

    return per_revision(f"guides:hromadas:{kind.pk}", count)
