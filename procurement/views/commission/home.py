"""The member's desk, and the task list of one competition."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.kernel import clock
from procurement.interfaces.member_desk import desk_of, line_of
from procurement.interfaces.member_reading import proposal_name
from procurement.models import Defence
from procurement.views.commission.access import Seat, commission_page, page, seat_or_404, signed_in


@commission_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "commission/home.html", {"desk": desk_of(signed_in(request), clock.moment())})


@commission_page
@require_safe
def competition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the member has to do in a competition, and what may be read."""
    seat = seat_or_404(request, pk)
    line = line_of(seat.member, seat.competition, clock.moment())
    proposals = _proposals(seat) if seat.may_read else []
    defences = _defences(seat) if seat.may_read else []
    return page(request, "commission/competition.html", seat, line=line, proposals=proposals, defences=defences)


def _proposals(seat: Seat) -> list[tuple[int, str, str, str]]:
    """Return the opened proposals as number, name, state of admission and its colour."""
    states = {}
    if seat.round is not None:
        states = {row.proposal_id: row for row in seat.round.admissions.defer("reason")}
    rows = seat.competition.proposals.filter(content__isnull=False).select_related("organisation")
    told = []
    for one in rows.defer("content", "draft").order_by("number"):
        admission = states.get(one.pk)
        words = admission.get_state_display() if admission else ""
        colour = {"admitted": "ok", "rejected": "bad"}.get(admission.state, "") if admission else ""
        told.append((one.number or 0, proposal_name(one, blind=seat.is_blind), words, colour))
    return told


def _defences(seat: Seat) -> list[tuple[str, Defence]]:
    if seat.round is None:
        return []
    rows = seat.round.defences.select_related("proposal__organisation")
    rows = rows.defer("proposal__content", "proposal__draft")
    return [(proposal_name(row.proposal, blind=seat.is_blind), row) for row in rows]
