"""Minutes and decisions of a decided competition as papers for everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from procurement.domain.evaluation.decisions import results_of
from procurement.interfaces.decision_pdf import decision_paper_name
from procurement.interfaces.minutes_paper import MinutesPaper
from procurement.interfaces.minutes_pdf import paper_name
from procurement.models import AwardDecision, Competition, Minutes
from procurement.views.competitions.page import competition_or_404
from procurement.views.evaluation.papers import decision_answer, minutes_answer
from registry.views.caching import unless_known


@require_safe
def minutes_file(request: HttpRequest, number: str, round: int | None = None) -> HttpResponse:  # noqa: A002 its name in the address
    """Hand out the minutes that the decision in force rests on, or those of a round; none before a decision."""
    competition = competition_or_404(number)
    paper = MinutesPaper.of(_published(competition, round))
    response = minutes_answer(request, paper)
    return _kept(request, response, paper_name(paper))


@require_safe
def decision_file(request: HttpRequest, number: str, decision: int) -> HttpResponse:
    """Hand out a decision, in force or superseded: what was published stays readable."""
    rows = AwardDecision.objects.select_related(
        "competition__commissioner__organisation", "round", "minutes", "ground", "code", "superseded_by"
    )
    found = get_object_or_404(rows, competition=competition_or_404(number), number=decision)
    return _kept(request, decision_answer(request, found), decision_paper_name(found))


def _kept(request: HttpRequest, response: HttpResponse, name: str) -> HttpResponse:
    """Let a cache keep the paper as long as it is called the same."""
    response["Cache-Control"] = "no-cache"
    if response.status_code != 200:  # noqa: PLR2004
        return response
    response["ETag"] = quote_etag(name)
    return unless_known(request, response)


def _published(competition: Competition, number: int | None) -> Minutes:
    if number is None:
        results = results_of(competition)
        if results is None:
            raise Http404
        found: Minutes = results["minutes"]
    else:
        rows = AwardDecision.objects.filter(competition=competition, round__number=number)
        decision = rows.select_related("minutes__code", "minutes__round").first()
        if decision is None:
            raise Http404
        found = decision.minutes
    found.round.competition = competition
    return found
