"""Territories: oblasts with their hromadas, and what each hromada has and lacks."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from registry.enums import UnitCategory
from registry.models import Territory
from registry.queries.catalogue import providers_by_oblast
from registry.queries.figures import entries_in_good_standing, published_carers
from registry.queries.index import register_index
from registry.queries.rows import rows_of
from registry.queries.territory import (
    SHOWN,
    carers_in,
    home_of,
    hromadas_within,
    settlements_of,
    supply_of,
    unit_by_code,
    units_called,
)
from registry.views.caching import public_page

LONGEST_TEXT: Final = 100


@public_page
def territory_list(request: HttpRequest) -> HttpResponse:
    """Show the oblasts, or, for a name that was typed, the hromadas and settlements called so."""
    register_index.refresh()
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT]
    context = {
        "text": text,
        "found": units_called(text),
        "oblasts": providers_by_oblast(entries_in_good_standing()),
        "carers": published_carers().get(None),
    }
    return render(request, "registry/territory_list.html", context)


@public_page
def territory_page(request: HttpRequest, code: str) -> HttpResponse:
    unit = unit_by_code(code)
    if unit is None:
        raise Http404
    home = home_of(unit)
    if home.pk != unit.pk:
        return redirect("registry:territory", home.code)
    register_index.refresh()
    if unit.category in (UnitCategory.OBLAST, UnitCategory.RAION):
        return _region(request, unit)
    return _hromada(request, unit)


def _region(request: HttpRequest, unit: Territory) -> HttpResponse:
    lines = hromadas_within(unit)
    context = {
        "unit": unit,
        "lines": lines,
        "covered": sum(1 for line in lines if line.providers),
        "most": max((line.providers for line in lines), default=0),
        "total": len(entries_in_good_standing() & register_index.having("oblast", unit.oblast_id or 0)),
        "carers": carers_in(unit),
    }
    return render(request, "registry/region_page.html", context)


def _hromada(request: HttpRequest, unit: Territory) -> HttpResponse:
    supply = supply_of(unit, timezone.localdate())
    seated = register_index.in_name_order(supply.seated, 0, SHOWN)
    rows = rows_of(seated + register_index.in_name_order(supply.from_elsewhere, 0, SHOWN), today=timezone.localdate())
    context = {
        "unit": unit,
        "supply": supply,
        "seated": rows[: len(seated)],
        "seated_count": len(supply.seated),
        "from_elsewhere": rows[len(seated) :],
        "from_elsewhere_count": len(supply.from_elsewhere),
        "carers": carers_in(unit),
        "settlements": settlements_of(unit) if unit.category == UnitCategory.HROMADA else [],
        "is_hromada": unit.category == UnitCategory.HROMADA,
    }
    return render(request, "registry/territory_page.html", context)
