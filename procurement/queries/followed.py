"""Competitions with the version that says their dates, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, QuerySet

from procurement.models import Competition, CompetitionVersion

# a calendar of everything holds the latest so many
LATEST: Final = 200


@dataclass(frozen=True, slots=True)
class Followed:
    """A competition with its last version, without what that version says: its digest stands for that."""

    competition: Competition
    version: CompetitionVersion


def followed(rows: QuerySet[Competition]) -> list[Followed]:
    """Return the latest of these competitions, the newest first."""
    related = rows.select_related("commissioner__organisation", "hromada", "end_ground")
    found = list(related.defer("public_key", "wrapped_key").order_by("-published_at", "-pk")[:LATEST])
    last = CompetitionVersion.objects.filter(
        competition__in=[row.pk for row in found], number=F("competition__version")
    )
    versions = {version.competition_id: version for version in last.defer("content", "frozen")}
    return [Followed(row, versions[row.pk]) for row in found]


def frozen_rules(competitions: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the rules these competitions were announced with, as they were frozen."""
    if not competitions:
        return {}
    first = CompetitionVersion.objects.filter(competition__in=competitions, number=1)
    return dict(first.values_list("competition_id", "frozen"))
