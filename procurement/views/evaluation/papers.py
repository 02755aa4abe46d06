"""Minutes and decisions as papers, for every page that hands them out; who may have them, the page has asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from procurement.interfaces.decision_pdf import decision_pdf
from procurement.interfaces.minutes_paper import MinutesPaper
from procurement.interfaces.minutes_pdf import minutes_pdf
from procurement.models import AwardDecision
from procurement.views.printing import above_competition, hand_out


def minutes_answer(request: HttpRequest, paper: MinutesPaper) -> HttpResponse:
    """Hand out the minutes, or say that the press is busy."""
    name = f"minutes-{paper.competition.number}-{paper.round.number}-{paper.minutes.number}"
    return hand_out(request, lambda: minutes_pdf(paper), name, above_competition(paper.competition))


def decision_answer(request: HttpRequest, decision: AwardDecision) -> HttpResponse:
    """Hand out the decision, or say that the press is busy."""
    competition = decision.competition
    name = f"decision-{competition.number}-{decision.number}"
    return hand_out(request, lambda: decision_pdf(decision), name, above_competition(competition))
