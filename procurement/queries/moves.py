"""What moved between two versions of an announcement, read from what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from procurement.enums import Moment
from procurement.models import CompetitionVersion


@dataclass(frozen=True, slots=True)
class Move:
    """A point of the timetable that stands elsewhere than it did; either side is empty where there was no date."""

    point: Moment
    before: date | datetime | None
    after: date | datetime | None


def moves_of(version: CompetitionVersion) -> list[Move]:
    """Return the dates that this version moved, in the order of the timetable; the first version moves nothing."""
    earlier = version.competition.versions.filter(number=version.number - 1).values_list("content", flat=True).first()
    return moves_between(earlier or {}, version.content) if earlier else []


def moves_between(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[Move]:
    """Return the dates that differ between two published contents."""
    before, after = dates_of(earlier), dates_of(later)
    return [
        Move(point, before.get(point), after.get(point)) for point in Moment if before.get(point) != after.get(point)
    ]


def dates_of(content: Mapping[str, Any]) -> dict[Moment, date | datetime]:
    """Return the points of a published announcement as days and moments; what cannot be read is left out."""
    read = {point: _read(point, content.get("dates", {}).get(point.value)) for point in Moment}
    return {point: value for point, value in read.items() if value is not None}


def _read(point: Moment, written: Any) -> date | datetime | None:
    if not isinstance(written, str):
        return None
    try:
        return parse_datetime(written) if point in Moment.moments else parse_date(written[:10])
    except ValueError:
        return None
