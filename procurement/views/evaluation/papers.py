"""Minutes and decisions as papers, for every page that hands them out; who may have them, the page has asked."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from procurement.interfaces.decision_pdf import decision_pdf
from procurement.interfaces.minutes_paper import MinutesPaper
from procurement.interfaces.minutes_pdf import minutes_pdf
from procurement.models import AwardDecision, Competition
from registry.interfaces.press import PressBusyError
from registry.views.printing import pdf_file, press_busy


def minutes_answer(request: HttpRequest, paper: MinutesPaper) -> HttpResponse:
    """Hand out the minutes, or say that the press is busy."""
    name = f"minutes-{paper.competition.number}-{paper.round.number}-{paper.minutes.number}"
    return _answer(request, paper.competition, name, lambda: minutes_pdf(paper))


def decision_answer(request: HttpRequest, decision: AwardDecision) -> HttpResponse:
    """Hand out the decision, or say that the press is busy."""
    competition = decision.competition
    name = f"decision-{competition.number}-{decision.number}"
    return _answer(request, competition, name, lambda: decision_pdf(decision))


def _answer(request: HttpRequest, competition: Competition, name: str, make: Callable[[], bytes]) -> HttpResponse:
    try:
        content = make()
    except PressBusyError:
        again = request.get_full_path()
        return press_busy(request, "procurement/minutes/busy.html", competition=competition, again=again)
    response = pdf_file(content, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
