"""The result of a proposal for the bidder's own people."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.kernel import clock
from procurement.enums import ProposalState
from procurement.interfaces.own_result import own_result
from procurement.views.proposals.access import MovedOnError, page, proposal_or_404, proposal_page, signed_in


@proposal_page
@require_safe
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show whether it has won, why, and how to appeal; before a decision there is only how the proposal stands."""
    found = proposal_or_404(request, pk)
    told = own_result(found, signed_in(request), clock.moment()) if found.state == ProposalState.OPENED else None
    if told is None:
        raise MovedOnError
    return page(request, "cabinet/proposals/result.html", found, told=told, results=told.results)
