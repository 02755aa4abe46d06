"""What the pages of figures hand out as CSV: the same lines that stand in their tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.http import StreamingHttpResponse
from django.urls import reverse

from portal.accounts.letters import absolute
from portal.kernel.pieces import pieces
from portal.site.figures.gap import BasicLine, Line
from portal.site.figures.map_filter import MapFilter
from registry.interfaces.exporting.csv_text import BYTE_ORDER_MARK, csv_cell, csv_text
from registry.queries.register import vocabulary

GAP_COLUMNS: Final = (
    "katottg",
    "hromada",
    "oblast",
    "service",
    "service_name",
    "state",
    "state_name",
    "need_people",
    "need_hidden",
    "need_as_of",
    "services",
    "places_known",
    "places_alone",
    "places_shared",
    "services_without_known_places",
    "of_them_counted_too_long_ago",
    "lacking_people",
    "divided_by",
    "people",
    "need_per_10000",
    "places_per_10000",
    "lacking_per_10000",
    "is_demo",
    "url",
)
BASIC_COLUMNS: Final = (
    "katottg",
    "hromada",
    "oblast",
    "nobody_gives",
    "services_nobody_gives",
    "services_nobody_gives_names",
    "url",
)
_TOGETHER: Final = 500


def gap_rows(wanted: MapFilter, lines: Iterable[Line]) -> Iterator[Sequence[Any]]:
    """Return the rows of `GAP_COLUMNS`; an empty cell is unknown, never zero."""
    oblasts = vocabulary().oblasts
    service, name = (wanted.service.slug, wanted.service.name) if wanted.service else ("", "")
    divided = wanted.group.slug if wanted.group else "residents"
    query = f"?{wanted.of_hromada}" if wanted.of_hromada else ""
    for line in lines:
        unit, supply = line.unit, line.supply
        yield (
            unit.code,
            unit.label,
            oblasts[unit.oblast].label if unit.oblast in oblasts else "",
            service,
            name,
            line.judgement.value,
            str(line.judgement.label),
            line.need.people.value,
            line.need.people.hidden.value,
            line.need.as_of,
            supply.services,
            supply.known,
            supply.alone,
            supply.shared,
            supply.unknown,
            supply.expired,
            line.lacking,
            divided,
            line.people,
            line.need_rate,
            line.places_rate,
            line.lacking_rate,
            line.is_demo,
            absolute(reverse("site:map_hromada", args=[unit.code])) + query,
        )


def basic_rows_of(lines: Iterable[BasicLine]) -> Iterator[Sequence[Any]]:
    names = vocabulary()
    for line in lines:
        oblast = names.oblasts.get(line.unit.oblast)
        kinds = [names.services[kind] for kind in line.missing if kind in names.services]
        yield (
            line.unit.code,
            line.unit.label,
            oblast.label if oblast else "",
            len(line.missing),
            " ".join(kind.slug for kind in kinds),
            "; ".join(kind.name for kind in kinds),
            absolute(reverse("site:map_hromada", args=[line.unit.code])),
        )


def table_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Hand a table out as a file of CSV; no text of it is a formula to a spreadsheet."""
    response = StreamingHttpResponse(_written(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="poruch-{name}.csv"'
    return response


def _written(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + csv_text([columns])
    for some in pieces(rows, _TOGETHER):
        yield csv_text([[csv_cell(value) for value in row] for row in some])
