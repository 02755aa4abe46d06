"""Attempts to open that were refused: by somebody without the right, or too early; each stands in the decision log.

The log says only when, of what competition and why not; who it was, the portal keeps for itself. Of one person so many
a day are written down (`OPENING_ATTEMPTS_A_DAY`), lest somebody fill the log; the last one says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction

from portal.accounts.enums import Role
from portal.kernel import audit
from procurement import rules
from procurement.domain.calls import phases
from procurement.enums import CompetitionState
from procurement.models import Competition, EvaluationStep
from procurement.workflow import ACT

if TYPE_CHECKING:
    from portal.accounts.models import User

NO_RIGHT: Final = "no-right"
TOO_EARLY: Final = "too-early"
PERSON: Final = "person"
THING: Final = "opening"
STEP: Final = "refused"
TAG: Final = f"procurement:{THING}:{STEP}"
A_DAY: Final = timedelta(days=1)


def bar_of(competition: Competition, user: User, now: datetime) -> str:
    """Return why this person may not open now: `NO_RIGHT`, `TOO_EARLY`, or nothing.

    What has been opened, or has ended, cannot be opened too early; a draft holds nothing that could be opened.
    """
    if competition.state == CompetitionState.DRAFT:
        return ""
    if not rules.can_run_competition(user, competition):
        return NO_RIGHT
    if competition.state == CompetitionState.PUBLISHED:
        ends = phases.ends_at(competition, now)
        if ends is None or now < ends:
            return TOO_EARLY
    waits = competition.state in (CompetitionState.PUBLISHED, CompetitionState.CLOSED)
    return TOO_EARLY if waits and competition.opening_at is not None and now < competition.opening_at else ""


@transaction.atomic
def note_refused(*, competition: Competition, user: User, now: datetime) -> bool:
    """Write the attempt down if it is one that nobody was to make; return whether it was.

    In a transaction of its own: what the attempt itself had begun is rolled back.
    """
    why = bar_of(competition, user, now)
    if not why:
        return False
    known = EvaluationStep.objects.filter(thing=THING, step=STEP, by=user, at__gt=now - A_DAY).count()
    if known >= settings.OPENING_ATTEMPTS_A_DAY:
        return True
    role = next((role.value for role in Role if role in user.roles), PERSON)
    EvaluationStep.objects.create(
        competition=competition,
        thing=THING,
        key=str(competition.pk),
        step=STEP,
        at=now,
        by=user,
        actor_role=role,
        from_state=competition.state,
        to_state=competition.state,
        comment=why,
        clause=ACT,
    )
    payload: dict[str, Any] = {"why": why}
    if known + 1 == settings.OPENING_ATTEMPTS_A_DAY:
        payload["more_are_not_listed_today"] = True
    audit.append(
        tag=TAG,
        subject=f"procurement.competition:{competition.number}",
        payload=payload,
        actor_role=role,
        at=now,
        clause=ACT,
    )
    return True
