"""What becomes due in competitions by the clock: closing, openings that wait, reminders; each safe to run twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from portal.kernel.calendar import day_of
from portal.kernel.models import OutboxMessage
from portal.kernel.workflow import StepRefused
from procurement import notifications
from procurement.domain.calls.ends import close
from procurement.domain.calls.phases import is_accepting
from procurement.enums import CompetitionState, ProposalState, QuestionState
from procurement.models import Competition, Proposal, Question

_UNFINISHED = (ProposalState.DRAFT, ProposalState.UNCONFIRMED)


def close_what_is_over(*, now: datetime) -> int:
    """Close every competition whose end has come; one that a question holds stays. Return how many."""
    over = Competition.objects.filter(state=CompetitionState.PUBLISHED, closes_at__lte=now).order_by("closes_at", "pk")
    return sum(_close(key, now) for key in list(over.values_list("pk", flat=True)))


def _close(competition_id: int, now: datetime) -> bool:
    try:
        close(competition_id=competition_id, now=now)
    except StepRefused:
        return False
    return True


def tell_of_openings(*, now: datetime) -> int:
    """Tell the officials of closed competitions whose opening is due; each is told once. Return how many wait."""
    waiting = Competition.objects.filter(state=CompetitionState.CLOSED, opening_at__lte=now)
    for competition in waiting:
        with transaction.atomic():
            notifications.note_competition_step(competition=competition, step="opening_due", now=now)
    return len(waiting)


def remind_of_ends(*, now: datetime) -> tuple[int, int]:
    """Write to bidders whose proposal will not count as it is, and to officials of questions that wait.

    Bidders are told once for each step of `COMPETITION_REMINDER_DAYS`, officials once for each question.
    """
    furthest = now + timedelta(days=max(settings.COMPETITION_REMINDER_DAYS) + 1)
    soon = Competition.objects.filter(state=CompetitionState.PUBLISHED, closes_at__lte=furthest).order_by("pk")
    running = [competition for competition in soon if is_accepting(competition, now)]
    bidders = sum(_remind_bidders(competition, now) for competition in running)
    return bidders, _remind_officials(now)


def _remind_bidders(competition: Competition, now: datetime) -> int:
    assert competition.closes_at is not None
    closes_on, today = day_of(competition.closes_at), day_of(now)
    since = _step_began(closes_on, today)
    if since is None:
        return 0
    proposals = competition.proposals.filter(state__in=_UNFINISHED).order_by("pk")
    waiting = [proposal for proposal in proposals if not _told(proposal, _days(since, today))]
    with transaction.atomic():
        for proposal in waiting:
            notifications.note_proposal_step(proposal=proposal, step="remind", now=now)
    return len(waiting)


def _step_began(closes_on: date, today: date) -> date | None:
    """Return the day on which the step of reminding began that the day is in; a missed day is made up for."""
    left = max((closes_on - today).days, 0)
    steps = [days for days in settings.COMPETITION_REMINDER_DAYS if days >= left]
    return closes_on - timedelta(days=min(steps)) if steps else None


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range(max((last - first).days, 0) + 1))


def _told(proposal: Proposal, days: Iterable[date]) -> bool:
    keys = [f"procurement:proposal:{proposal.pk}:remind:{day.isoformat()}" for day in days]
    return OutboxMessage.objects.filter(key__in=keys).exists()


def _remind_officials(now: datetime) -> int:
    """Remind of questions whose answer is due by tomorrow, or, where no term is set, whose competition ends then."""
    last = min(settings.COMPETITION_REMINDER_DAYS)
    asked = Question.objects.filter(state=QuestionState.ASKED, competition__state=CompetitionState.PUBLISHED)
    reminded = 0
    for question in asked.select_related("competition").order_by("pk"):
        closes = question.competition.closes_at
        due_on = question.answer_due_on or (day_of(closes) if closes else None)
        key = f"procurement:question:{question.pk}:remind"
        if due_on is None or (due_on - day_of(now)).days > last or OutboxMessage.objects.filter(key=key).exists():
            continue
        with transaction.atomic():
            notifications.note_question(question=question, step="remind", now=now)
        reminded += 1
    return reminded
