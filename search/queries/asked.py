"""What people sought and did not find: for everybody only what at least five asked, for editors all that is kept."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Max, Q, QuerySet, Sum

from registry.models import Territory
from search.enums import AskedOutcome
from search.models import AskedQuery, UnmetNeed

# groups smaller than this are not published
LEAST = 5


class Sought(NamedTuple):
    """A question that met nothing, or something only after words were left out; `place` is a code or empty."""

    words: str
    place: str
    times: int


class Unmet(NamedTuple):
    """A service that a hromada or an oblast has not; `service` is a slug or empty, and then `words` tell it."""

    place: str
    service: str
    words: str
    times: int


def sought_and_not_found(since: date, least: int = LEAST) -> list[Sought]:
    """Return what was sought in vain from a day on, most often first; `least=1` is for editors' eyes only."""
    rows = sought(AskedQuery.objects.filter(day__gte=since)).filter(times__gte=least)
    return [Sought(row["words"], row["place"], row["times"]) for row in rows.order_by("-times", "words", "place")]


def unmet_needs(since: date, least: int = LEAST) -> list[Unmet]:
    """Return what people told to be missing from a day on, most often first; `least=1` is for editors' eyes only.

    A need of a place and service is one need whatever words it was told in: where a service is known, words are left
    out, so that they do not split it below the threshold.
    """
    needs = UnmetNeed.objects.filter(day__gte=since)
    by_service = (
        needs.exclude(service="").values("place", "service").annotate(times=Sum("count")).filter(times__gte=least)
    )
    by_words = needs.filter(service="").values("place", "words").annotate(times=Sum("count")).filter(times__gte=least)
    rows = [Unmet(row["place"], row["service"], "", row["times"]) for row in by_service]
    rows += [Unmet(row["place"], "", row["words"], row["times"]) for row in by_words]
    return sorted(rows, key=lambda row: (-row.times, row.place, row.service, row.words))


def sought(questions: QuerySet[AskedQuery]) -> QuerySet[Any, Any]:
    """Return the questions among these that were not met, one row for words and place, as plain facts."""
    counted = {name: Sum("count", filter=Q(outcome=name), default=0) for name in AskedOutcome.unmet}
    return (
        questions.filter(outcome__in=AskedOutcome.unmet)
        .values("words", "place")
        .annotate(times=Sum("count"), last=Max("day"), **counted)
    )


def told(needs: QuerySet[UnmetNeed]) -> QuerySet[Any, Any]:
    """Return these needs, one row for place, service and words, as plain facts."""
    return needs.values("place", "service", "words").annotate(times=Sum("count"), last=Max("day"))


def place_names(codes: set[str]) -> dict[str, str]:
    """Return what the units of these codes are called, with the oblast they lie in: one query."""
    units = Territory.objects.filter(code__in=codes - {""}).select_related("oblast")
    return {
        unit.code: f"{unit.label}, {unit.oblast.label}" if unit.oblast and unit.oblast.pk != unit.pk else unit.label
        for unit in units
    }
