"""The map of needs against supply: the country, one oblast, one hromada, and the same as tables for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from portal.site.figures.drawing import basic_map, gap_map, point_kind
from portal.site.figures.gap import BasicLine, Line, basic_lines, in_order, lines_of, sum_up
from portal.site.figures.hromada import inputs_of, services_of_hromada
from portal.site.figures.map_choices import (
    choices,
    days_of,
    describe,
    oblast_sums,
    sorts_of,
)
from portal.site.figures.map_filter import MapFilter, read_map_filter
from portal.site.figures.tables import BASIC_COLUMNS, GAP_COLUMNS, basic_rows_of, gap_rows, table_response
from registry.queries.catalogue import basic_rows
from registry.queries.index import register_index
from registry.queries.register import vocabulary
from registry.queries.supply import days_places_hold, units
from registry.queries.territory import home_of, unit_by_code
from registry.views.caching import public_page
from registry.views.paging import Pages, page_number


@public_page
def needs_map(request: HttpRequest) -> HttpResponse:
    """Show one service: who needs it beside who gives it; without a service, which basic ones nobody gives."""
    register_index.refresh()
    today, wanted = timezone.localdate(), read_map_filter(request.GET)
    if wanted.service is None:
        return render(request, "figures/basic.html", _basic(wanted, today))
    lines = lines_of(wanted.service, wanted.group, today)
    here = in_order(_within(wanted, lines), wanted.sort)
    pages = _pages(wanted, len(here))
    context = {
        "wanted": wanted,
        "sums": sum_up(here),
        "oblasts": oblast_sums(wanted, lines),
        "map": gap_map(wanted, here if wanted.oblast else lines),
        "lines": describe(here[pages.start : pages.stop]),
        "pages": pages,
        "sorts": sorts_of(wanted),
        "hold_days": days_places_hold(wanted.service.pk),
        "days": days_of(lines),
        "today": today,
        **choices(),
    }
    return render(request, "figures/map.html", context)


def _basic(wanted: MapFilter, today: date) -> dict[str, Any]:
    basic = basic_rows(today)
    lines = basic_lines(today)
    here = sorted(_within(wanted, lines), key=lambda line: -len(line.missing)) if wanted.sort != "name" else lines
    here = _within(wanted, here)
    pages = _pages(wanted, len(here))
    names = vocabulary().services
    return {
        "wanted": wanted,
        "basic": len(basic),
        "whole": sum(1 for line in here if not line.missing),
        "total": len(here),
        "map": basic_map(wanted, lines if not wanted.oblast else here, len(basic)),
        "lines": describe(here[pages.start : pages.stop]),
        "names": names,
        "pages": pages,
        "lacking": _most_lacking(here, basic),
        "today": today,
        **choices(),
    }


def _most_lacking(lines: list[BasicLine], basic: Any) -> list[tuple[Any, int]]:
    """Return the basic services with the number of hromadas where nobody gives them, the most lacking first."""
    names = vocabulary().services
    counted = {kind: sum(1 for line in lines if kind in line.missing) for kind in basic if kind in names}
    ordered = sorted(counted, key=lambda kind: (-counted[kind], names[kind].order))
    return [(names[kind], counted[kind]) for kind in ordered]


def _within(wanted: MapFilter, lines: list[Any]) -> list[Any]:
    oblast = wanted.oblast
    return [line for line in lines if line.unit.oblast == oblast.pk] if oblast else lines


def _pages(wanted: MapFilter, total: int) -> Pages:
    return Pages(total, wanted.page, settings.REGISTER_PAGE_SIZE, lambda page: f"{wanted.query(page=page)}#table")


@public_page
def map_table(request: HttpRequest) -> StreamingHttpResponse:
    """Hand all lines of the same map out as CSV."""
    register_index.refresh()
    today, wanted = timezone.localdate(), read_map_filter(request.GET)
    if wanted.service is None:
        return table_response("basic-services", BASIC_COLUMNS, basic_rows_of(_within(wanted, basic_lines(today))))
    lines = in_order(_within(wanted, lines_of(wanted.service, wanted.group, today)), wanted.sort)
    return table_response("needs-and-supply", GAP_COLUMNS, gap_rows(wanted, lines))


@public_page
def map_points(request: HttpRequest) -> JsonResponse:
    """Return the hromadas of the map as points [code, name, latitude, longitude, class, words] for the moving map."""
    register_index.refresh()
    today, wanted = timezone.localdate(), read_map_filter(request.GET)
    lines: list[Line | BasicLine] = (
        [*lines_of(wanted.service, wanted.group, today)] if wanted.service else [*basic_lines(today)]
    )
    basic = len(basic_rows(today))
    points = [
        [line.unit.code, line.unit.label, *line.unit.at, *point_kind(line, basic)]
        for line in _within(wanted, lines)
        if line.unit.at
    ]
    return JsonResponse({"points": points}, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@public_page
def map_hromada(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the figures of one hromada are made of: the assessment, the services counted, the arithmetic."""
    unit = unit_by_code(code)
    if unit is None:
        raise Http404
    home = home_of(unit)
    if home.pk not in units():
        raise Http404
    if home.pk != unit.pk:
        return redirect("site:map_hromada", home.code)
    register_index.refresh()
    today, wanted = timezone.localdate(), read_map_filter(request.GET)
    context: dict[str, Any] = {"wanted": wanted, "unit": home, "today": today, **choices()}
    if wanted.service is None:
        return render(request, "figures/hromada.html", {**context, **services_of_hromada(units()[home.pk], today)})
    page = page_number(request.GET.get("page", ""))
    inputs = inputs_of(units()[home.pk], wanted, today, page)
    return render(request, "figures/hromada_service.html", {**context, **inputs})
