"""The last look at a whole proposal, the one press that submits it, and its receipts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.forms.proposal_forms import Problem
from procurement.domain.proposals.submitting import Incomplete, confirm_proposal, submit_proposal
from procurement.domain.seal.receipts import receipt_of
from procurement.enums import CoApplicantState
from procurement.interfaces.notice_changes import changes_between
from procurement.interfaces.proposal_answers import answers_of
from procurement.interfaces.proposal_pages import lacks_of
from procurement.interfaces.proposal_status import may_submit, status_of
from procurement.interfaces.receipt_pdf import receipt_pdf as receipt_paper
from procurement.models import Proposal, ProposalRevision
from procurement.views.proposals.access import open_or_moved, page, proposal_or_404, proposal_page, signed_in
from registry.interfaces.application_reading import read_number
from registry.interfaces.press import PressBusyError
from registry.views.printing import pdf_file


@proposal_page
@require_safe
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the whole proposal once more, with what is still missing, and the button that submits."""
    return _check_page(request, proposal_or_404(request, pk))


def _check_page(
    request: HttpRequest,
    proposal: Proposal,
    *,
    notice: str = "",
    code: int = 200,
    problems: Sequence[Problem] | None = None,
) -> HttpResponse:
    draft, standing = open_or_moved(proposal)
    co_applicants = list(proposal.co_applicants.select_related("organisation"))
    context: dict[str, Any] = {
        "draft": draft,
        "standing": standing,
        "lacks": lacks_of(proposal, draft.problems if problems is None else problems),
        "answers": answers_of(draft),
        "partners": [one.organisation for one in co_applicants if one.state == CoApplicantState.ACCEPTED],
        "waiting": [one.organisation for one in co_applicants if one.state == CoApplicantState.INVITED],
        "may_submit": may_submit(proposal, signed_in(request)),
        "key": uuid4(),
        "notice": notice,
        # an unsettled proposal is submitted again from here: its page of changes would only confirm the former one
        "changes": changes_between(proposal.competition_version.content, draft.announcement.content),
    }
    return page(request, "cabinet/proposals/check.html", proposal, status=code, **context)


@proposal_page
@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Submit once: a second press, a refresh or a slow line lead to the same receipt."""
    proposal = proposal_or_404(request, pk)
    try:
        revision = submit_proposal(
            proposal_id=pk,
            user=signed_in(request),
            draft_version=read_number(request.POST.get("version")),
            key=_read_key(request.POST.get("key", "")),
            announcement=read_number(request.POST.get("announcement")),
        )
    except Incomplete as error:
        return _check_page(request, proposal_or_404(request, pk), code=422, problems=error.problems)
    except StepRefused as error:
        if not status_of(proposal, clock.moment()).is_open:
            raise
        return _check_page(request, proposal_or_404(request, pk), notice=str(error.reason), code=409)
    return redirect("proposals:receipt", pk, revision.number)


@proposal_page
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stand by what was submitted under the announcement as it is now."""
    proposal_or_404(request, pk)
    confirm_proposal(
        proposal_id=pk,
        user=signed_in(request),
        key=_read_key(request.POST.get("key", "")),
        announcement=read_number(request.POST.get("announcement")),
    )
    messages.success(request, _("The proposal is confirmed and counts again."))
    return redirect("proposals:proposal", pk)


def _read_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


@proposal_page
@require_safe
def receipt(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Show that it was submitted: the moment, the digest that the public log has, what happens next."""
    proposal = proposal_or_404(request, pk)
    revision = _revision_or_404(proposal, number)
    context: dict[str, Any] = {
        "receipt": receipt_of(revision),
        "standing": status_of(proposal, clock.moment()),
        "is_last": not proposal.revisions.filter(number__gt=number).exists(),
    }
    return page(request, "cabinet/proposals/receipt.html", proposal, **context)


@proposal_page
@require_safe
def receipt_pdf(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Hand out the receipt as a file; while the press is busy, ask to come back in a moment."""
    proposal = proposal_or_404(request, pk)
    revision = _revision_or_404(proposal, number)
    try:
        content = receipt_paper(revision)
    except PressBusyError:
        messages.error(request, _("Many papers are being printed now. Try again in a moment."))
        return redirect("proposals:receipt", pk, number)
    response = pdf_file(content, f"poruch-{proposal.competition.number}-{number}", disposition="attachment")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _revision_or_404(proposal: Proposal, number: int) -> ProposalRevision:
    revision = proposal.revisions.select_related("receipt", "competition_version", "by").filter(number=number).first()
    if revision is None:
        raise Http404
    revision.proposal = proposal
    return revision
