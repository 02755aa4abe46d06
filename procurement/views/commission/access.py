"""Who opens a page of a commission's work: its members; no other and no recused one learns that there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from procurement import rules
from procurement.enums import CompetitionState
from procurement.interfaces.member_reading import is_blind
from procurement.models import CommissionMember, Competition, EvaluationRound, Proposal, ScoreSheet
from procurement.queries.rounds import last_round
from procurement.views.closed_doors import closed_door, signed_in

__all__ = [
    "Seat",
    "commission_page",
    "page",
    "proposal_or_404",
    "reader_or_404",
    "round_of",
    "seat_or_404",
    "sheet_or_404",
    "signed_in",
]

commission_page = closed_door(thing="commission:competition", home="commission:home")


@dataclass(frozen=True, slots=True)
class Seat:
    """A member at the work of one competition; `round` is the last one, `may_read` whether proposals are shown."""

    competition: Competition
    member: CommissionMember
    round: EvaluationRound | None
    may_read: bool
    is_blind: bool


def seat_or_404(request: HttpRequest, pk: int) -> Seat:
    """Return the person's seat in the commission of an opened competition, unless a recusal keeps the person away."""
    user = signed_in(request)
    rows = Competition.objects.select_related("hromada__oblast", "commissioner__organisation")
    competition = get_object_or_404(rows, pk=pk, state__in=CompetitionState.readable)
    member = rules.membership(user, competition)
    if member is None or rules.was_recused(user, competition):
        raise Http404
    round_ = last_round(competition)
    may_read = bool(rules.can_read_opened(user, competition))
    return Seat(competition, member, round_, may_read, is_blind(competition, round_))


def reader_or_404(request: HttpRequest, pk: int) -> Seat:
    """Return the seat of a member who may read what the proposals say."""
    seat = seat_or_404(request, pk)
    if not seat.may_read:
        raise Http404
    return seat


def round_of(seat: Seat) -> EvaluationRound:
    if seat.round is None:
        raise Http404
    return seat.round


def sheet_or_404(request: HttpRequest, pk: int) -> tuple[Seat, ScoreSheet]:
    """Return the member's own sheet in the last round."""
    seat = reader_or_404(request, pk)
    sheet = get_object_or_404(ScoreSheet, round=round_of(seat), member=seat.member)
    sheet.round, sheet.member = round_of(seat), seat.member
    return seat, sheet


def proposal_or_404(seat: Seat, number: int) -> Proposal:
    """Return an opened proposal of the competition by its number there."""
    rows = Proposal.objects.select_related("organisation", "competition_version")
    proposal = get_object_or_404(rows, competition=seat.competition, number=number, content__isnull=False)
    proposal.competition = seat.competition
    return proposal


def page(request: HttpRequest, template: str, seat: Seat, *, status: int = 200, **context: Any) -> HttpResponse:
    """Draw a page of the competition in the frame that all of them share."""
    return render(request, template, {"seat": seat, "competition": seat.competition, **context}, status=status)
