"""The pages on which a proposal is filled in, one for each section of its form, and its documents read back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import vault
from portal.kernel.document_types import TYPES
from procurement.domain.evaluation.contents import read_file as read_opened_file
from procurement.domain.forms.proposal_forms import Section
from procurement.domain.seal.working_copies import read_file
from procurement.interfaces.proposal_conflicts import disagreements
from procurement.interfaces.proposal_reading import Draft
from procurement.interfaces.proposal_sheet import Sheet, asked_of, sheet_of
from procurement.interfaces.proposal_status import ProposalStatus
from procurement.views.proposals.access import open_or_moved, page, proposal_or_404, proposal_page, signed_in
from procurement.views.proposals.keeping import Kept, ask_which, keep

TEMPLATE = "cabinet/proposals/section.html"
ACCEPTED = ",".join(f".{name}" for name in TYPES)


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """Show a section of the form, or save what came in and go on."""
    draft, status = open_or_moved(proposal_or_404(request, pk))
    found = draft.form.section(code)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _answer(request, keep(request, draft, found), found, status, asked_of(draft, found))
    problems = [one for one in draft.problems if one.section == code]
    errors: dict[str, str] = {}
    for problem in problems:
        # nobody is greeted with reproaches on a page never seen before
        if "missing" in request.GET or not problem.missing:
            errors.setdefault(problem.path, str(problem.text))
    lacking = {one.path for one in problems if one.missing} & set(errors)
    return _page(request, sheet_of(draft, found, signed_in(request).pk, errors=errors, lacking=lacking), status)


def _answer(
    request: HttpRequest, kept: Kept, found: Section, status: ProposalStatus, asked: dict[str, bool]
) -> HttpResponse:
    """Go on when all is well; otherwise show the faults with everything typed, or the two versions of a field."""
    here = reverse("proposals:section", args=[kept.draft.proposal.pk, found.code])
    onward = reverse("proposals:proposal", args=[kept.draft.proposal.pk])
    if kept.conflicts and not kept.errors:
        return ask_which(request, kept.draft, kept.conflicts, onward=here)
    if not kept.is_well:
        for one in disagreements(kept.draft, kept.conflicts):
            kept.errors[one.path] = one.sentence
            # saving again is then a knowing choice
            kept.base[one.path] = (kept.draft.proposal.draft_version, one.theirs_raw)
        typed = {path: raw for path, raw in kept.typed.items() if path in kept.errors}
        owner = signed_in(request).pk
        sheet = sheet_of(kept.draft, found, owner, typed=typed, errors=kept.errors, base=kept.base)
        return _page(request, sheet, status, code=422)
    now_asked = asked_of(kept.draft, found)
    more = any(now_asked[path] and not asked.get(path) for path in now_asked)
    if more:
        messages.success(request, _("Saved. After your answers there is more to fill in on this page."))
    else:
        messages.success(request, _("Saved."))
    return redirect(here if more or {"stay", "drop"} & set(request.POST) else onward)


def _page(request: HttpRequest, sheet: Sheet, standing: ProposalStatus, *, code: int = 200) -> HttpResponse:
    draft: Draft = sheet.draft
    context = {"sheet": sheet, "draft": draft, "standing": standing, "accepted": ACCEPTED}
    return page(request, TEMPLATE, draft.proposal, status=code, **context)


@proposal_page
@require_safe
def file(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    """Hand a document back to those who brought it, decrypted on the way; not while the proposal lies sealed."""
    proposal = proposal_or_404(request, pk)
    try:
        opened = proposal.content is not None
        about, content = read_opened_file(proposal, str(file)) if opened else read_file(proposal, file)
    except (vault.VaultError, KeyError) as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=about["type"])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=about["name"])
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
