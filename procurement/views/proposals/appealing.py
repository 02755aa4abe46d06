"""A bidder's appeals: what was filed and what became of it, a new one, its withdrawal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.kernel import clock
from portal.kernel.document_types import DocumentRefused
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.appeals import appeal_window, file_appeal
from procurement.domain.evaluation.appeals import withdraw as withdraw_appeal
from procurement.domain.evaluation.decided import decision_in_force
from procurement.enums import CompetitionState, ProposalState
from procurement.interfaces.appeal_forms import AppealForm
from procurement.interfaces.appeal_pages import own_appeals
from procurement.interfaces.proposal_status import may_submit
from procurement.models import Proposal
from procurement.views.proposals.access import page, proposal_or_404, proposal_page, signed_in


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the appeals of the applicant and file another one."""
    found = proposal_or_404(request, pk)
    may = _may_file(request, found)
    decided = found.competition.state in CompetitionState.decided
    decision = decision_in_force(found.competition) if decided else None
    sent = request.method == "POST" and may
    form = AppealForm(request.POST if sent else None, request.FILES if sent else None, decision=decision)
    if sent and form.is_valid() and _file(request, found, form):
        messages.success(request, _("The appeal is filed. You are written to at each step."))
        return redirect("proposals:appeal", pk)
    context: dict[str, Any] = {
        "form": form,
        "appeals": own_appeals(found),
        "may_file": may,
        "may_sign": may_submit(found, signed_in(request)),
        "window": appeal_window(found.competition) if decided else None,
    }
    return page(request, "cabinet/proposals/appeal.html", found, status=422 if form.errors else 200, **context)


def _may_file(request: HttpRequest, found: Proposal) -> bool:
    opened = found.state == ProposalState.OPENED and found.competition.state in CompetitionState.readable
    return opened and may_submit(found, signed_in(request))


def _file(request: HttpRequest, found: Proposal, form: AppealForm) -> bool:
    told = form.cleaned_data
    try:
        file_appeal(
            competition_id=found.competition_id,
            organisation_id=found.organisation_id,
            user=signed_in(request),
            scope=told["scope"],
            text=told["text"],
            remedy_asked=told["remedy_asked"],
            file=told["file"],
            key=form.press,
            now=clock.moment(),
        )
    except DocumentRefused as error:
        form.add_error("file", str(error.reason))
    except StepRefused as error:
        form.add_error(None, str(error.reason))
    return not form.errors


@proposal_page
@require_POST
def withdraw(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    found = proposal_or_404(request, pk)
    rows = found.competition.appeals.filter(organisation=found.organisation_id)
    row = get_object_or_404(rows, number=number)
    try:
        withdraw_appeal(appeal_id=row.pk, user=signed_in(request), now=clock.moment())
    except StepRefused as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("The appeal is withdrawn."))
    return redirect("proposals:appeal", pk)
