"""How a competition ends: closed by the clock, cancelled by its commissioner, or not held because nobody came."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.bidders import lapse_proposals
from procurement.domain.calls.phases import ends_at
from procurement.domain.calls.steps import ground_of, lock_competition, move, official_of, require_reason
from procurement.domain.evaluation.rounds import end_round
from procurement.domain.seal.working_copies import destroy_copies
from procurement.enums import CompetitionState, GroundUse, ProposalState, RoundState
from procurement.models import Competition
from procurement.workflow import COMPETITION
from registry.domain.providers import CLOCK, Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def close(*, competition_id: int, now: datetime) -> Competition:
    """Write down that the clock has closed it; safe to run twice. Working copies lose their keys, drafts lapse.

    The row is held before the portal's one clock is read, so whoever submitted in time is in, and nobody after.
    `now` stamps the traces alone. Raises `StepRefused` while proposals are accepted.
    """
    competition = lock_competition(competition_id)
    if competition.closed_at is not None or competition.state in CompetitionState.ended:
        return competition
    COMPETITION.step("close", state=competition.state)
    moment = clock.moment()
    ends = ends_at(competition, moment)
    if ends is None or moment < ends:
        raise StepRefused(_("Proposals are still accepted: the clock has not reached the end."))
    competition.closed_at = ends
    _end_working_copies(competition, CLOCK, now)
    payload = {"closed_at": ends.isoformat()}
    move(competition, "close", actor=CLOCK, now=now, payload=payload, fields=["closed_at"])
    return competition


@transaction.atomic
def cancel(*, competition_id: int, user: User, ground_id: int, reason: str, now: datetime) -> Competition:
    """Cancel a competition on a typed ground; what lies sealed is never opened, a running evaluation ends with it.

    After the opening not as somebody who is kept away from the evaluation (`rules.kept_away`).
    """
    competition = lock_competition(competition_id)
    actor = official_of(competition, user)
    if rules.is_kept_away(user, competition):
        raise PermissionDenied
    COMPETITION.step("cancel", state=competition.state, comment="-")
    _end(competition, "cancel", GroundUse.CANCELLATION, actor, ground_id, reason, now)
    for key in competition.rounds.filter(state__in=RoundState.running).values_list("pk", flat=True):
        end_round(round_id=key, now=now, actor=actor)
    return competition


@transaction.atomic
def void(*, competition_id: int, user: User, ground_id: int, reason: str, now: datetime) -> Competition:
    """Say that a closed competition was not held, because nobody had submitted."""
    competition = lock_competition(competition_id)
    actor = official_of(competition, user)
    COMPETITION.step("void", state=competition.state, comment="-")
    if competition.proposals.filter(state=ProposalState.SUBMITTED).exists():
        raise StepRefused(_("There are proposals to be opened, so the competition is not void."))
    _end(competition, "void", GroundUse.VOID, actor, ground_id, reason, now)
    return competition


def _end(
    competition: Competition,
    step: str,
    use: GroundUse,
    actor: Actor,
    ground_id: int,
    reason: str,
    now: datetime,
) -> None:
    competition.end_ground = ground_of(ground_id, use, competition, now)
    competition.end_reason = require_reason(reason)
    competition.ended_at = now
    _end_working_copies(competition, actor, now)
    move(
        competition,
        step,
        actor=actor,
        now=now,
        comment=competition.end_reason,
        payload={"ground": competition.end_ground.slug},
        fields=["end_ground", "end_reason", "ended_at"],
    )


def _end_working_copies(competition: Competition, actor: Actor, now: datetime) -> None:
    destroy_copies(competition.pk)
    lapse_proposals(competition, actor=actor, now=now)
