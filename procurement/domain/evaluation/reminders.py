"""What waits in an evaluation by the clock: who is reminded of it, once for each step of `COMPETITION_REMINDER_DAYS`.

What has no day of its own is reminded of by the day that the announcement has for its stage; without a day nobody is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import models, transaction

from portal.kernel.calendar import day_of
from procurement.enums import AppealState, AwardState, ClarificationState, CompetitionState, MinutesState, RoundState
from procurement.evaluation_notifications import remind_evaluation
from procurement.models import Appeal, Award, Clarification, Competition, EvaluationRound, Minutes

OVERDUE: Final = "overdue"
# of each stage of a round: what is reminded of, and by which date of the announcement
_STAGES: Final = {
    RoundState.DECLARATIONS: ("remind_declare", "evaluated_on"),
    RoundState.SCORING: ("remind_score", "evaluated_on"),
    RoundState.MINUTED: ("remind_decide", "award_on"),
}

Waiting = tuple[models.Model, Competition, str, date | None]


def remind_of_evaluations(*, now: datetime) -> int:
    """Remind of everything whose day is near or has passed; safe to run twice. Return how many reminders were made."""
    today = day_of(now)
    made = 0
    for about, competition, step, until in _waiting():
        mark = _mark(until, today)
        if until is None or mark is None:
            continue
        with transaction.atomic():
            told = remind_evaluation(
                competition=competition, about=about, step=step, mark=f"{until.isoformat()}:{mark}", now=now
            )
        made += told
    return made


def _mark(until: date | None, today: date) -> str | None:
    """Return the step of reminding that the day is in: the smallest number of days not yet passed, or overdue."""
    if until is None:
        return None
    left = (until - today).days
    if left < 0:
        return OVERDUE
    steps = [days for days in settings.COMPETITION_REMINDER_DAYS if days >= left]
    return str(min(steps)) if steps else None


def _waiting() -> Iterator[Waiting]:
    for held in EvaluationRound.objects.filter(state__in=_STAGES).select_related("competition").order_by("pk"):
        step, point = _STAGES[RoundState(held.state)]
        yield held, held.competition, step, getattr(held.competition, point)
    drafts = Minutes.objects.filter(state=MinutesState.DRAFT, round__state__in=RoundState.running)
    for minutes in drafts.select_related("round__competition").order_by("pk"):
        yield minutes, minutes.round.competition, "remind", minutes.round.competition.evaluated_on
    asked = Clarification.objects.filter(state=ClarificationState.ASKED, admission__round__state=RoundState.ADMISSION)
    for row in asked.select_related("admission__proposal__competition").order_by("pk"):
        yield row, row.admission.proposal.competition, "remind", day_of(row.due_at)
    offered = Award.objects.filter(
        state=AwardState.OFFERED,
        decision__superseded_by__isnull=True,
        decision__competition__state=CompetitionState.AWARDED,
    )
    for award in offered.select_related("decision__competition").order_by("pk"):
        yield award, award.decision.competition, "remind", award.decision.competition.contract_on
    appeals = Appeal.objects.filter(state__in=AppealState.open, due_on__isnull=False)
    for appeal in appeals.select_related("competition").order_by("pk"):
        yield appeal, appeal.competition, "remind", appeal.due_on
