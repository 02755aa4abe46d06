"""What an official who orders services has to do in a hromada, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.calendar import KYIV, closes_at, day_of
from procurement.enums import CompetitionState, Phase, QuestionState
from procurement.interfaces.competition_lists import held_after_answers
from procurement.interfaces.evaluation_desk import waits_of
from procurement.interfaces.moments import in_words, left_words
from procurement.models import Competition
from procurement.queries.competitions import with_phase
from procurement.queries.orders import OrderState, acts_on, lines_of
from registry.models import Territory

# what is due within this is marked; a mark, no term of any law
SOON: Final = timedelta(days=14)
FEW: Final = 10
_UNFINISHED: Final = (CompetitionState.DRAFT, CompetitionState.PUBLISHED, CompetitionState.CLOSED)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done: until when (nothing where no term is set), what, where; `late` or `soon` as its state."""

    moment: datetime | None
    when: str
    text: str
    detail: str
    url: str
    state: str


def duties_of(hromada: Territory, now: datetime) -> list[Duty]:
    """Return everything that waits for the official; what has no date comes last."""
    evaluations = (_duty(moment, now, text, one, url) for moment, text, one, url in waits_of(hromada))
    found = [*_decisions(hromada, now), *_competitions(hromada, now), *evaluations]
    far = datetime.max.replace(tzinfo=KYIV)
    return sorted(found, key=lambda duty: (duty.moment is None, duty.moment or far))


def drafts_of(hromada: Territory) -> list[Competition]:
    rows = Competition.objects.filter(hromada=hromada, state=CompetitionState.DRAFT)
    return list(rows.order_by("-saved_at", "-pk")[:FEW])


def running_of(hromada: Territory) -> list[Competition]:
    rows = Competition.objects.filter(hromada=hromada).exclude(state=CompetitionState.DRAFT)
    return list(rows.order_by("-published_at", "-pk")[:FEW])


def _state(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return ""
    return "late" if moment <= now else "soon" if moment - now <= SOON else ""


def _decisions(hromada: Territory, now: datetime) -> Iterator[Duty]:
    """Yield the budget acts on which the hromada has not decided whether to order services."""
    waiting = (OrderState.OVERDUE, OrderState.DUE, OrderState.WITHOUT_TERM)
    rows = acts_on(day_of(now)).filter(hromada=hromada, order_state__in=waiting)
    for line in lines_of(rows.order_by("decision_due_on", "pk"), day_of(now)):
        due = line.act.decision_due_on
        moment = closes_at(due) if due else None
        yield Duty(
            moment,
            in_words(due) if due else _("no term is set"),
            _("Decide on the social order: budget of %(year)d, act No. %(number)s")
            % {"year": line.act.year, "number": line.act.number},
            _days(line.state, line.days),
            _decision_url(line.act.pk, line.draft_id),
            _state(moment, now),
        )


def _days(state: OrderState, days: int) -> str:
    if state == OrderState.OVERDUE:
        return ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days}
    if state == OrderState.DUE:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return ""


def _decision_url(act_id: int, draft_id: int | None) -> str:
    if draft_id is not None:
        return reverse("commissioning:decision", args=[draft_id])
    return reverse("commissioning:budget", args=[act_id])


def _competitions(hromada: Territory, now: datetime) -> Iterator[Duty]:
    """Yield what is to be done in competitions: announced, answered, opened; each in a fixed number of queries."""
    waits = Q(questions__state=QuestionState.ASKED)
    rows = Competition.objects.filter(hromada=hromada, state__in=_UNFINISHED)
    rows = with_phase(rows, now, held_after_answers(now)).annotate(
        waiting=Count("questions", filter=waits), answer_by=Min("questions__answer_due_on", filter=waits)
    )
    for one in rows.order_by("pk"):
        yield from _of(one, Phase(one.phase_now), now)  # type: ignore[attr-defined] annotated by the query


def _of(one: Competition, phase: Phase, now: datetime) -> Iterator[Duty]:
    url = reverse("commissioning:call", args=[one.pk])
    if phase == Phase.DRAFT and one.published_at is not None:
        yield _duty(one.published_at, now, _("Announce: %(title)s"), one, url)
    if one.waiting:  # type: ignore[attr-defined]
        yield _questions(one, phase, now)
    if phase in Phase.accepting:
        text = _("The close is held by a question: %(title)s") if phase == Phase.HELD else _("Closes: %(title)s")
        yield _duty(one.hold_until if phase == Phase.HELD else one.closes_at, now, text, one, url)
    if phase == Phase.CLOSED:
        opening = reverse("commissioning:opening", args=[one.pk])
        yield _duty(one.opening_at, now, _("Open the proposals: %(title)s"), one, opening)


def _duty(moment: datetime | None, now: datetime, text: str, one: Competition, url: str) -> Duty:
    when = in_words(moment) if moment else _("no date is set")
    left = left_words(moment, now) if moment else ""
    detail = _("%(left)s left") % {"left": left} if left else ""
    return Duty(moment, when, text % {"title": one.title}, detail, url, _state(moment, now))


def _questions(one: Competition, phase: Phase, now: datetime) -> Duty:
    number: int = one.waiting  # type: ignore[attr-defined]
    due: date | None = one.answer_by  # type: ignore[attr-defined]
    # without a term of its own an answer is wanted before the close at the latest
    moment = closes_at(due) if due else one.closes_at
    text = ngettext("Answer %(count)d question: %(title)s", "Answer %(count)d questions: %(title)s", number)
    detail = _("the close waits for the answer") if phase == Phase.HELD else ""
    return Duty(
        moment,
        in_words(due) if due else _("no term is set"),
        text % {"count": number, "title": one.title},
        detail,
        reverse("commissioning:questions", args=[one.pk]),
        _state(moment, now) or "soon",
    )
