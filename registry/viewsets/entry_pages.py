"""Reading an entry at the desk: the card with everything, its history, and the places an official may mean."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel.models import LogEntry
from registry import rules
from registry.domain.desk import record_private_view
from registry.enums import Standing
from registry.interfaces.desk_card import build_card
from registry.interfaces.desk_history import signed_steps
from registry.queries.desk import find_places, place_text
from registry.viewsets.frame import desk_page, entry_crumbs, requires, visible_entry

RECENT: Final = 12
PAGE: Final = 50


@require_http_methods(["GET", "HEAD", "POST"])
def entry_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the card; a POST opens what is private in it and leaves a trace of who looked."""
    entry = visible_entry(request, number)
    opened = request.method == "POST"
    if opened and not rules.can_view_private_entry(request.user, entry):
        raise PermissionDenied
    card = build_card(entry, opened=opened)
    if opened and card.private_parts:
        record_private_view(entry=entry, user=request.user, what=card.private_parts, now=timezone.now())
    sees_log = rules.can_view_log(request.user)
    log = LogEntry.objects.filter(subject=f"registry.entry:{entry.number}").order_by("-seq") if sees_log else ()
    changes = list(entry.changes.select_related("by")[:RECENT])
    return desk_page(
        request,
        "desk/entry.html",
        title=f"№ {entry.number}",
        icon="group",
        crumbs=entry_crumbs(entry)[:1],
        entry=entry,
        card=card,
        opened=opened,
        can_edit=entry.standing != Standing.EXCLUDED and rules.can_edit_entry(request.user, entry),
        history=signed_steps(changes),
        log=log[:RECENT],
        views=entry.private_views.select_related("by")[:RECENT] if sees_log else (),
        sees_log=sees_log,
    )


@require_safe
def entry_history(request: HttpRequest, number: str) -> HttpResponse:
    entry = visible_entry(request, number)
    page = Paginator(entry.changes.select_related("by"), PAGE).get_page(request.GET.get("p"))
    return desk_page(
        request,
        "desk/entry_history.html",
        title=_("History"),
        icon="history",
        crumbs=entry_crumbs(entry),
        entry=entry,
        page=page,
        history=signed_steps(list(page.object_list)),
        sees_log=rules.can_view_log(request.user),
    )


@require_safe
@requires(rules.can_view_reference)
def suggest_places(request: HttpRequest) -> JsonResponse:
    """Answer with the places that the typed beginning may mean."""
    units = find_places(request.GET.get("q", "")[:100])
    kinds = {unit.pk: str(unit.get_category_display()) for unit in units}
    return JsonResponse({"places": [{"text": place_text(unit), "kind": kinds[unit.pk]} for unit in units]})
