"""What the page's script and files bring: answers saved at each pause, the choice between two, a draft out and in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.proposals.drafts import LARGEST_FILE, OVER, Saved, export_proposal, import_proposal
from procurement.interfaces.proposal_conflicts import disagreements
from procurement.interfaces.proposal_reading import Draft, Typed, open_draft, read_pairs
from procurement.interfaces.proposal_sheet import asked_of, sums_of
from procurement.interfaces.proposal_words import path_words
from procurement.models import Proposal
from procurement.views.proposals.access import open_or_moved, page, proposal_or_404, proposal_page, signed_in
from procurement.views.proposals.keeping import ask_which, safe_onward, save
from registry.interfaces.application_reading import read_body, read_number
from registry.interfaces.disagreements import read_choices


@never_cache
@require_POST
def autosave(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Save the fields that changed since their version; answer in words for the page, never with another page."""
    if not request.user.is_authenticated:
        return JsonResponse({"refusal": _("You are signed out. Sign in again in another window.")}, status=401)
    try:
        proposal = proposal_or_404(request, pk)
    except Http404:
        return JsonResponse({"refusal": _("There is no such proposal any more.")}, status=404)
    sent, draft = read_body(request.body), open_draft(proposal)
    if sent is None:
        return JsonResponse({"refusal": _("The answers could not be read.")}, status=400)
    if draft is None:
        return JsonResponse({"refusal": str(OVER)}, status=409)
    typed = read_pairs(draft.form, sent["fields"])
    try:
        saved = save(request, proposal, read_number(sent.get("base_version")), typed)
    except StepRefused as error:
        return JsonResponse({"refusal": str(error.reason)}, status=409)
    return JsonResponse(_told(request, saved, typed, str(sent.get("here") or "")))


def _told(request: HttpRequest, saved: Saved, typed: Typed, here: str) -> dict[str, Any]:
    """Return what became of every field that was sent, and what is computed anew, as the page shows it."""
    draft = open_draft(saved.proposal)
    assert draft is not None
    contested = {conflict.path for conflict in saved.conflicts}
    done = set(typed) - contested - set(saved.refused)
    answer: dict[str, Any] = {
        "version": saved.version,
        "at": date_format(localtime(saved.proposal.saved_at), "H:i"),
        "values": {path: saved.content.get(path) for path in done},
        "refused": saved.refused,
        "contested": sorted(contested),
        "sums": {},
        "asked": {},
    }
    for code in {path.partition("/")[0] for path in done}:
        section = draft.form.section(code)
        if section is not None:
            answer["sums"] |= sums_of(draft, section)
            answer["asked"] |= asked_of(draft, section)
    if contested:
        context = {"contested": disagreements(draft, saved.conflicts), "proposal": saved.proposal, "onward": here}
        answer["panel"] = render_to_string("cabinet/proposals/_conflicts.html", context, request)
    return answer


@proposal_page
@require_POST
def conflicts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep one's own words where they were chosen; where the other's were, they stand already."""
    draft, _status = open_or_moved(proposal_or_404(request, pk))
    onward = safe_onward(request, reverse("proposals:proposal", args=[pk]))
    chosen = read_choices(request.POST)
    if not chosen:
        return redirect(onward)
    saved = save(request, draft.proposal, read_number(request.POST.get("version")), chosen)
    if saved.conflicts:
        return ask_which(request, _fresh(saved.proposal), saved.conflicts, onward=onward)
    for reason in saved.refused.values():
        messages.error(request, reason)
    return redirect(onward)


def _fresh(proposal: Proposal) -> Draft:
    draft = open_draft(proposal)
    if draft is None:
        raise StepRefused(OVER)
    return draft


@proposal_page
@require_safe
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out the bidder's own plain copy of what the proposal says."""
    proposal = proposal_or_404(request, pk)
    draft = open_draft(proposal)
    if draft is None:
        raise Http404
    response = HttpResponse(export_proposal(proposal, draft.copy), content_type="application/json; charset=utf-8")
    name = f"poruch-{proposal.competition.number}-{str(proposal.pk)[:8]}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def copy_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the draft away as a file, or read such a file back."""
    draft, _status = open_or_moved(proposal_or_404(request, pk))
    if request.method != "POST":
        return _copy_page(request, draft)
    try:
        saved = import_proposal(
            proposal_id=pk,
            user=signed_in(request),
            base_version=read_number(request.POST.get("version")),
            data=_read_file(request),
            now=clock.moment(),
        )
    except StepRefused as error:
        return _copy_page(request, draft, refusal=str(error.reason))
    fresh = _fresh(saved.proposal)
    if saved.conflicts:
        return ask_which(request, fresh, saved.conflicts, onward=request.path)
    if saved.refused:
        return _copy_page(request, fresh, refused=saved.refused)
    messages.success(request, _("The file is read."))
    return redirect("proposals:proposal", pk)


def _copy_page(
    request: HttpRequest, draft: Draft, *, refusal: str = "", refused: dict[str, str] | None = None
) -> HttpResponse:
    told = [(path_words(draft.reading, path), reason) for path, reason in (refused or {}).items()]
    context = {"draft": draft, "refusal": refusal, "refused": told}
    return page(
        request, "cabinet/proposals/file.html", draft.proposal, status=422 if refusal or told else 200, **context
    )


def _read_file(request: HttpRequest) -> bytes:
    """Return what the file holds; raises `StepRefused` for none and for one that no draft can fill."""
    file = request.FILES.get("file")
    if file is None:
        raise StepRefused(_("Choose the file."))
    if (file.size or 0) > LARGEST_FILE:
        raise StepRefused(_("The file is too large for a proposal."))
    data: bytes = file.read()
    return data
