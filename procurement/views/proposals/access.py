"""Who opens a page of a proposal: the bidder's own people; to everybody else, officials too, there is no such page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.kernel import clock
from procurement import rules
from procurement.interfaces.proposal_reading import Draft, open_draft
from procurement.interfaces.proposal_status import ProposalStatus, status_of
from procurement.models import Proposal
from procurement.views.closed_doors import MovedOnError, closed_door, signed_in

__all__ = ["MovedOnError", "open_or_moved", "page", "proposal_or_404", "proposal_page", "signed_in"]

proposal_page = closed_door(thing="proposals:proposal", home="cabinet")


def proposal_or_404(request: HttpRequest, pk: UUID) -> Proposal:
    """Return the proposal for its own people and for those of co-applicants who agreed."""
    rows = Proposal.objects.select_related("competition", "organisation", "competition_version")
    proposal = get_object_or_404(rows, pk=pk)
    if not rules.can_view_proposal(signed_in(request), proposal):
        raise Http404
    return proposal


def open_or_moved(proposal: Proposal) -> tuple[Draft, ProposalStatus]:
    """Return a proposal that may be worked on now; one that may not leads to where it stands (`MovedOnError`)."""
    status = status_of(proposal, clock.moment())
    draft = open_draft(proposal) if status.is_open else None
    if draft is None:
        raise MovedOnError
    return draft, status


def page(request: HttpRequest, template: str, proposal: Proposal, *, status: int = 200, **context: Any) -> HttpResponse:
    """Draw a page of the proposal in the frame that all of them share."""
    told = {"proposal": proposal, "competition": proposal.competition, "organisation": proposal.organisation, **context}
    return render(request, template, told, status=status)
