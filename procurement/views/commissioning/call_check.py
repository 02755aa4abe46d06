"""The dry run of a call and its announcement: all that is missing, how it will read, what other rules would change."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.domain.calls.calling import NotReady, gaps, publish
from procurement.domain.calls.profile_difference import profile_difference
from procurement.interfaces.call_preview import preview_of
from procurement.interfaces.call_tasks import gap_groups
from procurement.models import Competition
from procurement.queries.commissioning import profiles_to_compare
from procurement.views.commissioning.access import commissioning_page, competition_or_404, page, signed_in
from procurement.views.commissioning.call_parts import METHODS, draft_or_moved

LONGEST_KEY = 40


@commissioning_page
@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything that keeps the competition from being announced, and the announcement as it will be seen."""
    found, now = draft_or_moved(request, pk), timezone.now()
    context: dict[str, Any] = {
        "competition": found,
        "groups": gap_groups(found, gaps(found, now)),
        "preview": preview_of(found, now),
        **_comparison(request, found),
    }
    return page(request, "commissioning/call_check.html", found.hromada, **context)


def _comparison(request: HttpRequest, found: Competition) -> dict[str, Any]:
    """Say what the same dates would be under another set of rules, as an exercise; nothing follows from it."""
    others = profiles_to_compare(found)
    chosen = next((one for one in others if str(one.pk) == request.GET.get("compare")), None)
    differences = profile_difference(found, chosen, timezone.now()) if chosen else []
    return {"others": others, "compared": chosen, "differences": differences}


@commissioning_page
@require_http_methods(METHODS)
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then announce; a second press of the same button announces nothing twice."""
    if request.method != "POST":
        found = draft_or_moved(request, pk)
        if gaps(found, timezone.now()):
            return redirect("commissioning:call_check", pk)
        return page(request, "commissioning/call_announce.html", found.hromada, competition=found, key=str(uuid4()))
    competition_or_404(request, pk)
    key = request.POST.get("key", "").replace("\x00", "")[:LONGEST_KEY]
    try:
        made = publish(competition_id=pk, user=signed_in(request), key=key, now=timezone.now())
    except NotReady:
        messages.error(request, _("Something has changed meanwhile, and the competition is not announced. Look below."))
        return redirect("commissioning:call_check", pk)
    messages.success(request, _("The competition is announced under No. %(number)s.") % {"number": made.number})
    return redirect("commissioning:call", pk)
