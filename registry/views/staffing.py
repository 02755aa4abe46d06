"""How many specialists should our hromada have: a calculator for officials, over what the portal knows of a hromada."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from registry.domain.staffing import posts_needed
from registry.interfaces.staffing_form import StaffingForm
from registry.interfaces.staffing_page import loads_of, roles_of
from registry.models import Territory
from registry.queries.entitlement import case_loads, staffing_norms
from registry.queries.figures import entries_in_good_standing
from registry.queries.index import register_index
from registry.queries.territory import hromada_around, hromadas_called
from registry.views.caching import public_page

_LONGEST_NAME: Final = 60
_ASKED: Final = ("total", "urban", "rural", "cases")


@public_page
def staffing(request: HttpRequest) -> HttpResponse:
    """Show the posts by norms; a hromada gives its population, and a number that was typed goes before it."""
    today, text = timezone.localdate(), request.GET.get("q", "").replace("\x00", "").strip()[:_LONGEST_NAME]
    unit = hromada_around(request.GET.get("hromada", ""))
    form = StaffingForm(_typed(request, unit))
    context: dict[str, Any] = {"form": form, "unit": unit, "text": text, "found": hromadas_called(text), "roles": None}
    if unit:
        register_index.refresh()
        context["providers"] = len(entries_in_good_standing() & register_index.having("here", unit.pk))
    if form.is_valid():
        people = form.population()
        context |= {
            "people": people,
            "is_asked": any(value is not None for value in (people.total, people.urban, people.rural)),
            "roles": roles_of(posts_needed(staffing_norms(today), people)),
            "loads": loads_of(case_loads(today), form.cleaned_data["cases"]),
        }
    return render(request, "registry/staffing.html", context)


def _typed(request: HttpRequest, unit: Territory | None) -> dict[str, Any]:
    typed: dict[str, Any] = {name: request.GET.get(name, "") for name in _ASKED}
    if unit and unit.population is not None and not any(typed[name].strip() for name in ("total", "urban", "rural")):
        typed["total"] = str(unit.population)
    return typed
