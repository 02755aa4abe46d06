"""The auditor's desk: find a contract or a competition by what is known of it, and take its dossier in one click."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from procurement import rules
from procurement.queries.contracts.audit import LISTED, competitions_like, contracts_like, latest_cards
from procurement.views.closed_doors import closed_door, signed_in

LONGEST = 100

auditing_page = closed_door(thing="contracting:audit", home="contracting:audit")


@auditing_page
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """List contracts and competitions that the words name, newest first, each with its dossier and its log."""
    if not rules.is_commissioning_official(signed_in(request)):
        raise Http404
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    context = {
        "text": text,
        "contracts": contracts_like(signed_in(request), text),
        "competitions": competitions_like(signed_in(request), text),
        "cards": latest_cards(signed_in(request)),
        "listed": LISTED,
    }
    return render(request, "contract_desks/audit.html", context)
