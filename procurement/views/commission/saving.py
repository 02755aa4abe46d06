"""What the script of a score sheet brings: points and reasons saved at each pause, the choice between two versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.score_cells import EMPTY, KeptScores, Told
from procurement.domain.evaluation.scoring import keep_scores
from procurement.interfaces.score_sheet import disagreements_of, read_sent, sheet_page
from procurement.views.commission.access import Seat, commission_page, sheet_or_404, signed_in
from procurement.views.commission.sheets import ask_which
from procurement.views.proposals.keeping import safe_onward
from registry.interfaces.application_reading import read_body, read_number
from registry.interfaces.disagreements import read_choices


@never_cache
@sensitive_post_parameters()
@require_POST
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """Save the places that changed since their version; answer in words for the page, never with another page."""
    if not request.user.is_authenticated:
        return JsonResponse({"refusal": _("You are signed out. Sign in again in another window.")}, status=401)
    try:
        seat, found = sheet_or_404(request, pk)
    except Http404:
        return JsonResponse({"refusal": _("There is no such sheet any more.")}, status=404)
    sent = read_body(request.body)
    if sent is None:
        return JsonResponse({"refusal": _("The scores could not be read.")}, status=400)
    try:
        kept = keep_scores(
            sheet_id=found.pk,
            user=signed_in(request),
            version=read_number(sent.get("base_version")),
            cells=read_sent(sent["fields"]),
            now=clock.moment(),
        )
    except StepRefused as error:
        return JsonResponse({"refusal": str(error.reason)}, status=409)
    return JsonResponse(_told(request, seat, kept, str(sent.get("here") or "")))


def _told(request: HttpRequest, seat: Seat, kept: KeptScores, here: str) -> dict[str, Any]:
    """Return what became of every place that was sent, and how much of each proposal is scored now."""
    whole = sheet_page(kept.sheet)
    answer: dict[str, Any] = {
        "version": kept.sheet.version,
        "at": date_format(localtime(kept.sheet.saved_at), "H:i"),
        "values": kept.values,
        "refused": kept.refused,
        "contested": sorted(one.path for one in kept.conflicts),
        "sums": {f"given-{lot}-{number}": str(line.given) for line in whole.lines for lot, number in [line.key]},
        "asked": {},
    }
    if kept.conflicts:
        contested = disagreements_of(whole, kept.conflicts)
        context = {"contested": contested, "sheet": kept.sheet, "competition": seat.competition, "onward": here}
        answer["panel"] = render_to_string("commission/_conflicts.html", context, request)
    return answer


@commission_page
@require_POST
def conflicts(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one's own words where they were chosen; where the other window's were, they stand already."""
    seat, found = sheet_or_404(request, pk)
    onward = safe_onward(request, reverse("commission:sheet", args=[pk]))
    chosen = {cell: _chosen(told) for cell, told in read_choices(request.POST).items()}
    if not chosen:
        return redirect(onward)
    version = read_number(request.POST.get("version"))
    kept = keep_scores(sheet_id=found.pk, user=signed_in(request), version=version, cells=chosen, now=clock.moment())
    if kept.conflicts:
        return ask_which(request, seat, kept, onward)
    for reason in kept.refused.values():
        messages.error(request, reason)
    return redirect(onward)


def _chosen(told: Any) -> Told:
    return {key: str(told.get(key) or "") for key in EMPTY} if isinstance(told, dict) else dict(EMPTY)
