"""The inputs of one hromada's figures: every number of the map opens to what it was counted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from portal.site.figures.gap import Judgement, Line, judge
from portal.site.figures.map_choices import TONES
from portal.site.figures.map_filter import MapFilter
from procurement.models import NeedsAssessment
from procurement.queries.figures_needs import Need, assessment_of, group_sizes
from procurement.queries.orders_needs import UNKNOWN, Shown, shown
from registry.models import ServiceType
from registry.queries.basic_gaps import missing_basic
from registry.queries.catalogue import basic_rows
from registry.queries.register import vocabulary
from registry.queries.supply import (
    NOBODY,
    Unit,
    counted,
    days_places_hold,
    services_counted,
    tallies,
    tallies_at,
)
from registry.views.paging import Pages


@dataclass(frozen=True, slots=True)
class NeededService:
    """A service of the assessment, or a basic one that nobody gives."""

    kind: ServiceType
    line: Line
    tone: str
    is_basic: bool
    nobody: bool


def need_of(assessment: NeedsAssessment | None, kind: int) -> Need:
    """Return the need of a service as the assessment says it."""
    if assessment is None:
        return Need()
    people = next((shown(row.need) for row in assessment.services.all() if row.service_type_id == kind), UNKNOWN)
    return Need(people, assessment.as_of, assessment.is_demo)


def services_of_hromada(unit: Unit, today: date) -> dict[str, Any]:
    """Return what the hromada's assessment names beside its supply, and the basic services that nobody gives."""
    assessment = assessment_of(unit.pk)
    basic, names = basic_rows(today), vocabulary().services
    missing = set(missing_basic(today).get(unit.pk, ()))
    needed = {row.service_type_id for row in assessment.services.all()} if assessment else set()
    given = tallies_at(unit, needed, today)
    lines = []
    for kind in sorted((names[pk] for pk in needed | missing if pk in names), key=lambda one: (one.order, one.slug)):
        need, supply = need_of(assessment, kind.pk), given.get(kind.pk, NOBODY)
        line = Line(unit, need, supply, unit.population, judge(need, supply))
        lines.append(NeededService(kind, line, TONES.get(line.judgement, ""), kind.pk in basic, not supply.services))
    return {"assessment": assessment, "lines": lines, "basic": len(basic), "missing": len(missing)}


def inputs_of(unit: Unit, wanted: MapFilter, today: date, page: int) -> dict[str, Any]:
    """Return the assessment, the services counted with their places, and the line that follows."""
    kind = wanted.service
    if kind is None:
        return {}
    assessment = assessment_of(unit.pk)
    need, supply = need_of(assessment, kind.pk), tallies(kind.pk, today).get(unit.pk, NOBODY)
    people: Shown = Shown(unit.population) if unit.population is not None else UNKNOWN
    if wanted.group:
        people = group_sizes(wanted.group.pk).get(unit.pk, UNKNOWN)
    line = Line(unit, need, supply, people.value, judge(need, supply))
    keys = services_counted(unit, kind.pk)
    rest = wanted.of_hromada
    pages = Pages(
        len(keys), page, settings.REGISTER_PAGE_SIZE, lambda number: f"{rest}&{urlencode({'page': number})}#counted"
    )
    return {
        "assessment": assessment,
        "line": line,
        "tone": TONES.get(line.judgement, ""),
        "people": people,
        "counted": counted(keys[pages.start : pages.stop], unit, kind.pk, today),
        "pages": pages,
        "hold_days": days_places_hold(kind.pk),
        "is_unclear": line.judgement == Judgement.UNCLEAR,
    }
