"""Where a competition stands at a moment, computed from the clock on every read; nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from portal.kernel import norms
from portal.kernel.calendar import UnknownDay
from portal.kernel.calendar import closes_at as over_at
from procurement.domain.calls.freezing import RuleSet, rules_of
from procurement.enums import CompetitionState, Phase
from procurement.models import Competition

GRACE: Final = "question-grace"
_WRITTEN: Final = {
    CompetitionState.DRAFT: Phase.DRAFT,
    CompetitionState.CLOSED: Phase.CLOSED,
    CompetitionState.OPENED: Phase.OPENED,
    CompetitionState.AWARDED: Phase.AWARDED,
    CompetitionState.UNAWARDED: Phase.UNAWARDED,
    CompetitionState.CANCELLED: Phase.CANCELLED,
    CompetitionState.VOID: Phase.VOID,
}


def ends_at(competition: Competition, now: datetime) -> datetime | None:
    """Return the moment from which proposals are not accepted any more, as it is known at `now` (exclusive).

    It is `closes_at`, unless a question asked in time had no answer at that moment: then the close is held until the
    answer and the grace of the profile (rule `question-grace`), at most until `hold_until`. Without a grace in the
    table a held close lasts to `hold_until`; without `hold_until` nothing is held.
    """
    if competition.closed_at is not None:
        return competition.closed_at
    closes, latest = competition.closes_at, competition.hold_until
    if closes is None or now < closes or latest is None or latest <= closes:
        return closes
    answers = _answers_waited_for(competition, closes)
    if not answers:
        return closes
    rules = rules_of(competition)
    if not rules.policy["unanswered_holds"]:
        return closes
    given = [at for at in answers if at is not None and at <= now]
    if len(given) < len(answers):
        return latest
    return min(end_with_grace(max(given), rules, latest), latest)


def _answers_waited_for(competition: Competition, closes: datetime) -> Sequence[datetime | None]:
    """Return when questions asked before the end were answered after it, None where they wait still."""
    asked = competition.questions.filter(asked_at__lt=closes).values_list("answered_at", flat=True)
    return [at for at in asked if at is None or at >= closes]


def end_with_grace(answered: datetime, rules: RuleSet, latest: datetime) -> datetime:
    """Return until when a close is held after the last answer; lists of competitions ask it too."""
    grace = rules.term(GRACE)
    if grace is None:
        return latest
    try:
        due = norms.due(grace, answered, rules.calendar)
    except UnknownDay:
        return latest
    if due.at is not None:
        return due.at
    return over_at(due.on) if due.on is not None else latest


def phase(competition: Competition, now: datetime) -> Phase:
    """Say where it stands: what is written down, and for an announced one what the clock says."""
    if competition.state in _WRITTEN:
        return _WRITTEN[CompetitionState(competition.state)]
    closes = competition.closes_at
    if competition.opens_at is not None and now < competition.opens_at:
        return Phase.ANNOUNCED
    if closes is not None and now < closes:
        return Phase.ACCEPTING
    ends = ends_at(competition, now)
    return Phase.HELD if ends is not None and now < ends else Phase.CLOSED


def is_accepting(competition: Competition, now: datetime) -> bool:
    return phase(competition, now) in Phase.accepting
