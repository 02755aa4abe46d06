"""Who makes a proposal together with the applicant: invited by it, agreeing or declining themselves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import rules as accounts
from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.proposals.co_applicants import answer_invitation, invite_co_applicant, revoke_co_applicant
from procurement.enums import CoApplicantState, ProposalState
from procurement.interfaces.proposal_status import status_of
from procurement.models import CoApplicant, Proposal
from procurement.views.proposals.access import open_or_moved, page, proposal_or_404, proposal_page, signed_in


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the co-applicants and invite another one."""
    proposal = proposal_or_404(request, pk)
    _draft, standing = open_or_moved(proposal)
    code, refusal = request.POST.get("code", "").replace("\x00", "").strip()[:20], ""
    if request.method == "POST":
        try:
            invite_co_applicant(
                proposal_id=pk,
                user=signed_in(request),
                code=code,
                may_edit="may_edit" in request.POST,
                now=clock.moment(),
            )
        except StepRefused as error:
            refusal = str(error.reason)
        else:
            messages.success(request, _("The invitation is sent."))
            return redirect("proposals:partners", pk)
    context = {
        "standing": standing,
        "rows": list(proposal.co_applicants.select_related("organisation")),
        "code": code,
        "refusal": refusal,
        "may_invite": _may_invite(request, proposal),
    }
    return page(request, "cabinet/proposals/partners.html", proposal, status=422 if refusal else 200, **context)


def _may_invite(request: HttpRequest, proposal: Proposal) -> bool:
    own = accounts.can_edit_for(signed_in(request), proposal.organisation)
    return bool(own) and proposal.state in (ProposalState.DRAFT, ProposalState.WITHDRAWN)


@proposal_page
@require_POST
def revoke(request: HttpRequest, pk: UUID, key: int) -> HttpResponse:
    proposal_or_404(request, pk)
    revoke_co_applicant(proposal_id=pk, user=signed_in(request), co_applicant_id=key, now=clock.moment())
    messages.success(request, _("The invitation is taken back."))
    return redirect("proposals:partners", pk)


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: int) -> HttpResponse:
    """Show who invites the organisation and to what; take its answer."""
    rows = CoApplicant.objects.select_related("organisation", "proposal__organisation", "proposal__competition")
    row = rows.get(pk=key)
    if not accounts.can_edit_for(signed_in(request), row.organisation):
        raise Http404
    standing = status_of(row.proposal, clock.moment())
    is_open = standing.is_open and row.proposal.state in (ProposalState.DRAFT, ProposalState.WITHDRAWN)
    if row.state != CoApplicantState.ACCEPTED and not (is_open and row.state == CoApplicantState.INVITED):
        # as one that was taken back: who takes no part does not learn whether anything was submitted
        raise Http404
    if request.method == "POST":
        agrees = request.POST.get("answer") == "yes"
        answer_invitation(co_applicant_id=key, user=signed_in(request), agrees=agrees, now=clock.moment())
        messages.success(request, _("You take part in the proposal.") if agrees else _("You do not take part."))
        return redirect("proposals:proposal", row.proposal_id) if agrees else redirect("cabinet")
    context = {
        "row": row,
        "competition": row.proposal.competition,
        "standing": standing,
        "may_answer": is_open and accounts.can_sign_for(signed_in(request), row.organisation),
        "accepted": row.state == CoApplicantState.ACCEPTED,
    }
    return render(request, "cabinet/proposals/invitation.html", context)
