"""The desk of the official who orders services: which hromada, what is due first, ways to everything else."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from portal.kernel.calendar import day_of
from procurement.interfaces.commissioning_desk import drafts_of, duties_of, running_of
from procurement.interfaces.contract_desk import contract_panel
from procurement.queries.commissioning import at_work, hromadas_seen_by
from procurement.views.commissioning.access import HROMADA, chosen_hromada, commissioning_page, page, signed_in
from registry.models import Territory
from registry.queries.alphabet import alphabetical

LISTED = 120
LONGEST_TEXT = 100


@commissioning_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is due in the hromada, or ask which one it is about."""
    hromada = chosen_hromada(request)
    if hromada is None or "choose" in request.GET:
        return _choose(request)
    back = request.GET.get("next", "")
    # what is no path would be looked up among the names of pages
    if HROMADA in request.GET and back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    now = timezone.now()
    context: dict[str, Any] = {
        "duties": duties_of(hromada, now),
        "contracts": contract_panel(hromada, day_of(now)),
        "drafts": drafts_of(hromada),
        "running": running_of(hromada),
        "has_several": hromadas_seen_by(signed_in(request)).exclude(pk=hromada.pk).exists(),
    }
    return page(request, "commissioning/home.html", hromada, **context)


def _choose(request: HttpRequest) -> HttpResponse:
    """List the hromadas of the official, those at work first; of very many, those whose names begin as is typed."""
    seen = hromadas_seen_by(signed_in(request)).filter(in_codifier=True).select_related("oblast")
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_TEXT]
    number = seen.count()
    if text:
        seen = seen.filter(name__startswith=text[0].upper() + text[1:])
    busy = _listed(at_work(seen))
    others = _listed(seen.exclude(pk__in=[one.pk for one in busy])) if text or number <= LISTED else []
    context = {"busy": busy, "others": others, "text": text, "number": number, "next": request.GET.get("next", "")}
    return render(request, "commissioning/choose.html", context)


def _listed(rows: QuerySet[Territory]) -> list[Territory]:
    return sorted(rows[:LISTED], key=lambda one: alphabetical(one.name))
