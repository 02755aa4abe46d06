"""What hromadas have published of their needs, for all of them at once: no number that their own pages hide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from procurement.enums import AssessmentState, CountedOver
from procurement.models import NeedsAssessment, NeedsFigure, NeedsService
from procurement.queries.orders_needs import UNKNOWN, Shown, figures_shown, shown
from registry.queries.figures import SMALLEST_GROUP
from registry.queries.memory import kept

_LATEST: Final = ("-as_of", "-published_at", "-pk")


@dataclass(frozen=True, slots=True)
class Need:
    """How many people need a service, as the assessment that stands says it."""

    people: Shown = UNKNOWN
    as_of: date | None = None
    is_demo: bool = False


NOT_TOLD: Final = Need()


def standing_assessments() -> QuerySet[NeedsAssessment]:
    """Return of each hromada the assessment that stands: the latest day, and of one day the latest word."""
    published = NeedsAssessment.objects.filter(state=AssessmentState.PUBLISHED)
    latest = published.filter(hromada=OuterRef("hromada")).order_by(*_LATEST).values("pk")[:1]
    return published.filter(pk=Subquery(latest))


def needs_by_hromada(service: int) -> dict[int, Need]:
    """Return, by hromada, the need of a service; a hromada that published an assessment without it is there unknown."""
    of = "assessment"
    names = (f"{of}__hromada_id", f"{of}__as_of", f"{of}__is_demo", "need")
    rows = NeedsService.objects.filter(service_type=service, assessment__in=standing_assessments().values("pk"))
    return {place: Need(shown(need), as_of, demo) for place, as_of, demo, need in rows.values_list(*names).order_by()}


def group_sizes(group: int) -> dict[int, Shown]:
    """Return, by hromada, how many people of the group there are; kept for a minute with those of all groups."""
    return kept("needs_groups", _read_groups).get(group, {})


def _read_groups() -> dict[int, dict[int, Shown]]:
    # a number may be told by its neighbours in the assessment, so they are all looked at
    rows = NeedsFigure.objects.filter(assessment__in=standing_assessments().values("pk"))
    names = ("assessment_id", "assessment__hromada_id", "group_id", "counted", "persons")
    found: dict[int, dict[int, Shown]] = {}
    ordered = rows.order_by("assessment", "order", "pk").values_list(*names)
    for _assessment, lines in groupby(ordered.iterator(chunk_size=2_000), key=lambda row: row[0]):
        for place, group, people in _groups_of(list(lines)):
            found.setdefault(group, {})[place] = people
    return found


def _groups_of(lines: list[Any]) -> Iterable[tuple[int, int, Shown]]:
    """Return hromada, group and number of one assessment; of two rows about a group the one counted on a day."""
    told = figures_shown([persons for *_rest, persons in lines])
    chosen: dict[int, tuple[bool, Shown]] = {}
    for (_assessment, _place, group, counted, _persons), people in zip(lines, told, strict=True):
        on_day = counted == CountedOver.ON_DAY
        if group is not None and (group not in chosen or (on_day and not chosen[group][0])):
            chosen[group] = (on_day, people)
    place = lines[0][1]
    return [(place, group, people) for group, (_on_day, people) in chosen.items()]


def assessment_of(hromada: int) -> NeedsAssessment | None:
    """Return the assessment of a hromada that stands, with its rows."""
    rows = NeedsAssessment.objects.filter(Q(hromada=hromada), state=AssessmentState.PUBLISHED).order_by(*_LATEST)
    return rows.select_related("document").prefetch_related("services__service_type", "figures").first()


def services_with_needs() -> set[int]:
    """Return the services of which some hromada published the need; kept for a minute."""
    return kept("needs_services", _read_services)


def _read_services() -> set[int]:
    rows = NeedsService.objects.filter(assessment__in=standing_assessments().values("pk"))
    return set(rows.order_by().values_list("service_type_id", flat=True).distinct())


def groups_with_numbers() -> set[int]:
    """Return the groups whose number some hromada published; kept for a minute."""
    return kept("needs_numbered", _read_numbered)


def _read_numbered() -> set[int]:
    rows = NeedsFigure.objects.filter(assessment__in=standing_assessments().values("pk"), persons__gte=SMALLEST_GROUP)
    known = rows.filter(group__isnull=False).order_by().values_list("group_id", flat=True).distinct()
    return {group for group in known if group is not None}
