"""A proposal as a whole: its task list while it may be changed, where it stands, its withdrawal, a changed notice."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from procurement.domain.proposals.drafts import acknowledge_announcement
from procurement.domain.proposals.submitting import withdraw_proposal
from procurement.enums import ProposalState
from procurement.interfaces.clarified import last_clarification
from procurement.interfaces.notice_changes import changes_between
from procurement.interfaces.proposal_answers import answers_of
from procurement.interfaces.proposal_pages import tasks_of
from procurement.interfaces.proposal_reading import Draft, open_draft
from procurement.interfaces.proposal_status import ProposalStatus, may_submit, revisions_of, status_of
from procurement.models import Proposal
from procurement.views.proposals.access import open_or_moved, page, proposal_or_404, proposal_page, signed_in


@proposal_page
@require_safe
def proposal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what is to be filled in and how long there is; after the end, how the proposal fares."""
    found = proposal_or_404(request, pk)
    status = status_of(found, clock.moment())
    draft = open_draft(found)
    context = _standing(request, found, status)
    if not status.is_open or draft is None:
        answers = answers_of(draft) if draft is not None and found.content is not None else []
        context["clarification"] = last_clarification(found)
        return page(request, "cabinet/proposals/over.html", found, answers=answers, **context)
    tasks = tasks_of(draft)
    context |= {"draft": draft, "tasks": tasks, "done": sum(task.state in ("done", "free") for task in tasks)}
    return page(request, "cabinet/proposals/tasks.html", found, **context)


def _standing(request: HttpRequest, found: Proposal, status: ProposalStatus) -> dict[str, Any]:
    return {"standing": status, "revisions": revisions_of(found), "may_submit": may_submit(found, signed_in(request))}


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def announcement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what the announcement says otherwise than when it was read; note that it is read."""
    found = proposal_or_404(request, pk)
    draft, status = open_or_moved(found)
    if draft.is_read:
        return redirect("proposals:proposal", pk)
    if request.method == "POST":
        number = request.POST.get("announcement", "")
        read = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0  # noqa: PLR2004
        acknowledge_announcement(proposal_id=pk, user=signed_in(request), number=read, now=clock.moment())
        messages.success(request, _("Noted: you have read the announcement as it is now."))
        return redirect("proposals:proposal", pk)
    context: dict[str, Any] = {"standing": status, "draft": draft, "changes": _changes(draft), "key": uuid4()}
    context["may_submit"] = may_submit(found, signed_in(request))
    return page(request, "cabinet/proposals/announcement.html", found, **context)


def _changes(draft: Draft) -> list[Any]:
    return changes_between(draft.proposal.competition_version.content, draft.announcement.content)


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask before a submitted proposal is withdrawn."""
    found = proposal_or_404(request, pk)
    status = status_of(found, clock.moment())
    may = may_submit(found, signed_in(request))
    if not status.is_open or not may or found.state not in (ProposalState.SUBMITTED, ProposalState.UNCONFIRMED):
        return redirect("proposals:proposal", pk)
    if request.method == "POST":
        withdraw_proposal(proposal_id=pk, user=signed_in(request))
        messages.success(request, _("The proposal is withdrawn."))
        return redirect("proposals:proposal", pk)
    return page(request, "cabinet/proposals/withdraw.html", found, standing=status)
