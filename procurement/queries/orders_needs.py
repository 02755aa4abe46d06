"""What everybody may read of the needs of a hromada: no group under five, neither plainly nor by subtracting numbers.

Unknown is not zero, and neither is "fewer than five".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet, TextChoices

from procurement.enums import AssessmentState
from procurement.models import LackRefusal, NeedsAssessment, NeedsFigure, NeedsService
from registry.models import ServiceType, Territory
from registry.queries.figures import SMALLEST_GROUP


class Hidden(TextChoices):
    """Why a number is not shown."""

    NO = ""
    UNKNOWN = "unknown"
    FEW = "few"
    # shown beside the others, it would give away one that is few
    TELLS = "tells"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number of people as everybody may read it; `value` is there only where nothing is hidden."""

    value: int | None = None
    hidden: Hidden = Hidden.NO


UNKNOWN: Final = Shown(hidden=Hidden.UNKNOWN)
FEW: Final = Shown(hidden=Hidden.FEW)
TELLS: Final = Shown(hidden=Hidden.TELLS)


def shown(persons: int | None) -> Shown:
    """Return the number as it may be read by itself; nobody is a number too, few people are not."""
    if persons is None:
        return UNKNOWN
    return FEW if 0 < persons < SMALLEST_GROUP else Shown(persons)


@dataclass(frozen=True, slots=True)
class FigureLine:
    figure: NeedsFigure
    persons: Shown


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A service: how many need it, receive it, lack it, and how many were refused because nobody gives it."""

    service: ServiceType
    need: Shown
    receive: Shown
    lack: Shown
    refusals: Shown


@dataclass(frozen=True, slots=True)
class PublicNeeds:
    assessment: NeedsAssessment
    figures: list[FigureLine] = field(default_factory=list)
    services: list[NeedLine] = field(default_factory=list)


def published_needs(hromada: Territory) -> QuerySet[NeedsAssessment]:
    """Return all that was ever published of the hromada, with rows, the latest first."""
    rows = NeedsAssessment.objects.filter(hromada=hromada, state=AssessmentState.PUBLISHED)
    rows = rows.select_related("document", "supersedes").order_by("-as_of", "-published_at", "-pk")
    return rows.prefetch_related("figures__group", "services__service_type")


def public_needs(assessment: NeedsAssessment, refusals: dict[int, int] | None = None) -> PublicNeeds:
    """Return what may be read; the refusals, by service, stand beside the needs of the latest assessment alone."""
    figures = list(assessment.figures.all())
    lines = [NeedLine(row.service_type, *_services(row), shown_refusals(refusals, row)) for row in _rows(assessment)]
    return PublicNeeds(assessment, _figures(figures), lines)


def _rows(assessment: NeedsAssessment) -> list[NeedsService]:
    return list(assessment.services.all())


def shown_refusals(refusals: dict[int, int] | None, row: NeedsService) -> Shown:
    if refusals is None:
        return UNKNOWN
    return shown(refusals.get(row.service_type_id, 0))


def _services(row: NeedsService) -> tuple[Shown, Shown, Shown]:
    """Return need, receipt and lack, of which any two give the third: where one is few, another is not shown."""
    need, receive = shown(row.need), shown(row.receive)
    if row.need is None or row.receive is None:
        return need, receive, UNKNOWN
    lack = shown(max(row.need - row.receive, 0))
    if FEW not in (need, receive, lack):
        return need, receive, lack
    if need == FEW:
        return need, receive, TELLS
    # so few need it that two words, "few" and "few", could leave one answer
    if row.need < 2 * SMALLEST_GROUP:
        return need, TELLS, TELLS
    return (need, receive, TELLS) if receive == FEW else (need, TELLS, lack)


def _figures(figures: list[NeedsFigure]) -> list[FigureLine]:
    told = figures_shown([figure.persons for figure in figures])
    return [FigureLine(figure, persons) for figure, persons in zip(figures, told, strict=True)]


def figures_shown(persons: Sequence[int | None]) -> list[Shown]:
    """Hide small groups of one assessment, in its order, and every row that sums up rows some of which are hidden."""
    alone = [shown(number) for number in persons]
    telling = {place for place in range(len(persons)) if alone[place].value and _sums_up_hidden(place, persons, alone)}
    return [TELLS if place in telling else told for place, told in enumerate(alone)]


def _sums_up_hidden(place: int, persons: Sequence[int | None], alone: list[Shown]) -> bool:
    """Say whether the row is the sum of the rows that follow it, or come before it, with a hidden one among them."""
    total = persons[place] or 0
    for run in (range(place + 1, len(persons)), range(place - 1, -1, -1)):
        summed, hides = 0, False
        for other in run:
            summed += persons[other] or 0
            hides = hides or alone[other].hidden == Hidden.FEW
            if summed >= total:
                break
        if hides and summed == total:
            return True
    return False


# --- refusals ------------------------------------------------------------------------------------------------------


def refusals_since(hromada: Territory, since: date) -> dict[int, int]:
    """Return, by service, how many refusals for lack of a provider there were from that day on: exact, not for show."""
    rows = LackRefusal.objects.filter(hromada=hromada, refused_on__gte=since).order_by()
    return dict(rows.values_list("service_type").annotate(number=Count("pk")))


@dataclass(frozen=True, slots=True)
class RefusedLine:
    service: ServiceType
    number: Shown


def refused_lines(refusals: dict[int, int]) -> list[RefusedLine]:
    """Return the services that people were refused, without exact numbers of small groups and without their sum."""
    kinds = ServiceType.objects.filter(Q(pk__in=refusals)).order_by("order", "slug")
    return [RefusedLine(kind, shown(refusals[kind.pk])) for kind in kinds]
