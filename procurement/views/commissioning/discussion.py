"""The official's look at the scoring: who is how far, then the scores side by side and the discussion."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from procurement import rules
from procurement.enums import CompetitionState
from procurement.interfaces.discussion import Discussion, discussion_of
from procurement.interfaces.member_reading import is_blind
from procurement.interfaces.score_comparison import progress_of
from procurement.models import Competition, EvaluationRound
from procurement.queries.rounds import last_round
from procurement.views.commissioning.access import commissioning_page, competition_or_404, page, signed_in
from procurement.views.evaluation.discussing import take


@commissioning_page
@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the progress while members score, without a point of theirs; afterwards all that was filed."""
    found = competition_or_404(request, pk, *CompetitionState.readable)
    if not rules.can_read_opened(request.user, found):
        raise Http404
    round_ = last_round(found)
    if round_ is None or round_.scoring_since is None:
        raise Http404
    sees = rules.can_see_scores(request.user, round_)
    blind = _is_blind_for(request, found, round_)
    if request.method != "POST" or not sees:
        told = discussion_of(round_, signed_in(request), blind=blind) if sees else None
        return _page(request, round_, told=told)
    refused = take(request, round_, blind=blind)
    if refused is None:
        return redirect("commissioning:discussion", pk)
    return _page(request, round_, told=refused, status=422)


def _is_blind_for(request: HttpRequest, found: Competition, round_: EvaluationRound) -> bool:
    """Say whether names are hidden: an official admits proposals and knows them, unless scoring as a member too."""
    return rules.membership(request.user, found) is not None and is_blind(found, round_)


def _page(request: HttpRequest, round_: EvaluationRound, *, told: Discussion | None, status: int = 200) -> HttpResponse:
    competition = round_.competition
    context = {"competition": competition, "round": round_, "scorers": progress_of(round_), "told": told}
    return page(request, "commissioning/discussion.html", competition.hromada, status=status, **context)
