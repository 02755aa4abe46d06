"""Open competitions for the services of a guide, those of the reader's own oblast first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from procurement.interfaces.competition_lists import CompetitionRow, found_competitions, page_rows
from procurement.models import Lot
from procurement.queries.competitions import OPEN, CompetitionFilter
from search.places import Place

SHOWN: Final = 3
# nobody has more open at once for a few services; what comes later than these ends later
_READ: Final = 60


@dataclass(slots=True)
class OpenCompetitions:
    rows: list[CompetitionRow]
    total: int
    all_url: str


def competitions_of(asked: Sequence[Mapping[str, Any]], place: Place | None, now: datetime) -> list[OpenCompetitions]:
    """Return what each block shows: the same few queries for any number of blocks."""
    wanted = tuple(sorted({slug for value in asked for slug in value.get("services") or ()}))
    phases = tuple(phase.value for phase in OPEN)
    rows = page_rows(found_competitions(CompetitionFilter(phases=phases, services=wanted), now), 0, _READ, now)
    services: dict[int, set[str]] = defaultdict(set)
    lots = Lot.objects.filter(competition__in=[row.competition.pk for row in rows]).order_by()
    for key, slug in lots.values_list("competition", "service_slug"):
        services[key].add(slug)
    return [_shown(value, rows, services, place) for value in asked]


def _shown(
    value: Mapping[str, Any], rows: list[CompetitionRow], services: Mapping[int, set[str]], place: Place | None
) -> OpenCompetitions:
    slugs = set(value.get("services") or ())
    own = [row for row in rows if not slugs or slugs & services[row.competition.pk]]
    # a stable sort: within the oblast, and outside, the soonest to close stay first
    own.sort(key=lambda row: not _is_near(row, place))
    query = [("service", slug) for slug in value.get("services") or ()] + [("phase", phase.value) for phase in OPEN]
    return OpenCompetitions(own[:SHOWN], len(own), f"{reverse('procurement:competitions')}?{urlencode(query)}")


def _is_near(row: CompetitionRow, place: Place | None) -> bool:
    oblast = row.competition.hromada.oblast
    return place is not None and oblast is not None and oblast.code in {place.oblast, place.code}
