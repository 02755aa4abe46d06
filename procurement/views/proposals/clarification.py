"""The applicant's answer to a request for clarification: the named fields alone, once, until the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel import clock
from portal.kernel.document_types import DocumentRefused
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import clarifications
from procurement.enums import ClarificationState, RoundState
from procurement.interfaces.clarification_sheet import (
    Typed,
    changes_of,
    draft_of,
    refusals_of,
    section_of,
    sheet_for,
)
from procurement.interfaces.clarified import clarified_lines, last_clarification, named_labels
from procurement.interfaces.moments import left_words
from procurement.interfaces.proposal_reading import Draft, typed_of
from procurement.interfaces.proposal_status import may_submit
from procurement.models import Clarification, Proposal
from procurement.views.proposals.access import MovedOnError, page, proposal_or_404, proposal_page, signed_in
from procurement.views.proposals.sections import ACCEPTED

NOTE = "note"


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def clarification(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what is asked and take the answer; afterwards, what was answered."""
    found = proposal_or_404(request, pk)
    asked, now = _asked(found), clock.moment()
    is_open = asked.state == ClarificationState.ASKED and now < asked.due_at and _is_stage(asked)
    if not is_open or not may_submit(found, signed_in(request)):
        return _read(request, asked, now, is_open=is_open)
    draft = draft_of(asked)
    section, owner = section_of(asked, draft), signed_in(request).pk
    if request.method != "POST":
        return _draw(request, asked, now, sheet_for(draft, section, owner))
    typed = typed_of(section, request.POST)
    if "stay" in request.POST:
        return _draw(request, asked, now, sheet_for(draft, section, owner, typed=typed))
    errors = refusals_of(typed) or _send(request, asked, draft, typed)
    if errors:
        sheet = sheet_for(draft, section, owner, typed=typed, errors=errors)
        return _draw(request, asked, now, sheet, reason=errors.get("", ""), status=422)
    messages.success(request, _("The answer is sent."))
    return redirect("proposals:clarification", pk)


def _asked(found: Proposal) -> Clarification:
    """Return the last request about the proposal; where there is none, the proposal's own page."""
    asked = last_clarification(found)
    if asked is None:
        raise MovedOnError
    return asked


def _is_stage(asked: Clarification) -> bool:
    return asked.admission.round.state == RoundState.ADMISSION


def _send(request: HttpRequest, asked: Clarification, draft: Draft, typed: Typed) -> dict[str, str]:
    """Answer; return what keeps it from being answered by its place, the empty one for the whole."""
    files: dict[str, Any] = {path: file for path, file in request.FILES.items() if path in asked.fields}
    try:
        clarifications.answer(
            clarification_id=asked.pk,
            user=signed_in(request),
            values=changes_of(draft, typed),
            files=files,
            note=request.POST.get(NOTE, ""),
            now=clock.moment(),
        )
    except StepRefused as refusal:
        return {"": str(refusal.reason)}
    except DocumentRefused as refusal:
        return {next(iter(files), ""): str(refusal.reason)}
    return {}


def _read(request: HttpRequest, asked: Clarification, now: datetime, *, is_open: bool) -> HttpResponse:
    context: dict[str, Any] = {
        "clarification": asked,
        "changes": clarified_lines(asked),
        "named": named_labels(asked),
        "left": left_words(asked.due_at, now) if is_open else "",
    }
    return page(request, "cabinet/proposals/clarified.html", asked.admission.proposal, **context)


def _draw(
    request: HttpRequest, asked: Clarification, now: datetime, sheet: Any, *, reason: str = "", status: int = 200
) -> HttpResponse:
    sheet.errors.pop("", None)
    context = {
        "clarification": asked,
        "sheet": sheet,
        "reason": reason,
        "note": request.POST.get(NOTE, ""),
        "left": left_words(asked.due_at, now),
        "accepted": ACCEPTED,
    }
    return page(request, "cabinet/proposals/clarification.html", asked.admission.proposal, status=status, **context)
