"""What waits for the official in evaluations: a commission to give, a round to begin, a decision, an appeal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel.calendar import closes_at
from procurement.enums import AppealState, AwardState, CompetitionState, RoundState
from procurement.models import Award, Competition, EvaluationRound
from registry.models import Territory

# until when (nothing where no day is set), what, which competition, where
Wait = tuple[datetime | None, str, Competition, str]
_GOES_ON: Final[dict[str, str | Promise]] = {
    RoundState.DECLARATIONS: gettext_lazy("The members declare their interests: %(title)s"),
    RoundState.ADMISSION: gettext_lazy("Decide on the admission of proposals: %(title)s"),
    RoundState.SCORING: gettext_lazy("The members score: %(title)s"),
    RoundState.DISCUSSION: gettext_lazy("Bring the discussion to minutes: %(title)s"),
    RoundState.MINUTED: gettext_lazy("Decide on the winners: %(title)s"),
}


def waits_of(hromada: Territory) -> Iterator[Wait]:
    """Yield what waits in the evaluations of a hromada, in one query."""
    rounds = EvaluationRound.objects.filter(competition=OuterRef("pk"), state__in=RoundState.running)
    failed = Award.objects.filter(
        decision__competition=OuterRef("pk"), decision__superseded_by__isnull=True, state__in=AwardState.failed
    )
    appealed = Q(appeals__state__in=AppealState.open)
    rows = Competition.objects.filter(hromada=hromada, state__in=CompetitionState.readable).annotate(
        round_state=Subquery(rounds.values("state")[:1]),
        has_failed=Exists(failed),
        appealed=Count("appeals", filter=appealed),
        appeal_by=Min("appeals__due_on", filter=appealed),
    )
    for one in rows.order_by("pk"):
        yield from _of(one)


def _of(one: Any) -> Iterator[Wait]:
    if one.appealed:
        yield _end(one.appeal_by), _("Decide on an appeal: %(title)s"), one, _url("appeals", one)
    if one.state in CompetitionState.decided:
        if one.has_failed:
            yield None, _("The winner failed, decide anew: %(title)s"), one, _url("award", one)
    elif one.commission_id is None:
        yield _end(one.evaluated_on), _("Choose the commission: %(title)s"), one, _url("assign_commission", one)
    elif one.round_state is None:
        yield _end(one.evaluated_on), _("Begin the evaluation: %(title)s"), one, _url("evaluation", one)
    else:
        due = one.award_on if one.round_state == RoundState.MINUTED else one.evaluated_on
        yield _end(due), str(_GOES_ON[one.round_state]), one, _url("evaluation", one)


def _end(day: date | None) -> datetime | None:
    return closes_at(day) if day else None


def _url(name: str, one: Competition) -> str:
    return reverse(f"commissioning:{name}", args=[one.pk])
