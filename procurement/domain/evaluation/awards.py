"""What becomes of an award: the winner accepts or refuses, or does not sign in time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import rules as accounts
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.domain.calls.steps import lock_competition, require_reason
from procurement.domain.evaluation.appeals import stopping, to_be_corrected
from procurement.domain.evaluation.decided import decision_in_force
from procurement.domain.evaluation.rounds import official_at_work
from procurement.domain.evaluation.steps import move
from procurement.domain.proposals.steps import BIDDER
from procurement.enums import CompetitionState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import Award, Competition
from procurement.queries.contracts.awarded import contract_instead_of
from procurement.workflow import AWARD
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def accept(*, award_id: int, user: User, now: datetime) -> Award:
    """Accept as who may sign for the applicant.

    Refused while an appeal with stop effect is open, and where an upheld one asks for another decision.
    """
    award, competition = _held(award_id)
    actor = _winner(award, user)
    _require_not_stopped(competition)
    upheld = to_be_corrected(award.decision)
    if upheld is not None:
        words = {"number": upheld.number}
        raise StepRefused(_("Appeal %(number)s is upheld: another decision is to take the place of this one.") % words)
    return _answer(award, competition, "accept", actor, "", now)


@transaction.atomic
def refuse(*, award_id: int, user: User, reason: str, now: datetime) -> Award:
    """Refuse as who may sign for the applicant; the official is told to decide anew (`decisions.decide`)."""
    award, competition = _held(award_id)
    actor = _winner(award, user)
    _require_no_contract(award)
    return _answer(award, competition, "refuse", actor, require_reason(reason), now)


@transaction.atomic
def lapse(*, award_id: int, user: User, reason: str, now: datetime) -> Award:
    """Say as the official that the winner did not sign the contract in time; not before its announced day is over."""
    award, competition = _held(award_id)
    actor = official_at_work(competition, user)
    _require_not_stopped(competition)
    if not may_lapse(competition, now):
        raise StepRefused(_("The day by which the contract is to be concluded is not over yet."))
    _require_no_contract(award)
    return _answer(award, competition, "lapse", actor, require_reason(reason), now)


def may_lapse(competition: Competition, now: datetime) -> bool:
    """Say whether the announced day of the contract is over; where none was announced the official alone knows."""
    return competition.contract_on is None or day_of(now) > competition.contract_on


def _held(award_id: int) -> tuple[Award, Competition]:
    """Return the award and its competition, both held; one of an earlier decision is refused."""
    competition_id = Award.objects.values_list("decision__competition", flat=True).get(pk=award_id)
    competition = lock_competition(competition_id)
    rows = Award.objects.select_for_update(of=("self",)).select_related("proposal__organisation", "lot", "decision")
    award = rows.get(pk=award_id)
    decision = decision_in_force(competition)
    if competition.state != CompetitionState.AWARDED or decision is None or decision.pk != award.decision_id:
        raise StepRefused(_("The decision that gave this award is not in force any more."))
    return award, competition


def _winner(award: Award, user: User) -> Actor:
    if not accounts.can_sign_for(user, award.proposal.organisation):
        raise PermissionDenied
    return Actor(user, BIDDER)


def _require_not_stopped(competition: Competition) -> None:
    appeal = stopping(competition)
    if appeal is not None:
        words = {"number": appeal.number}
        raise StepRefused(_("Appeal %(number)s is not decided yet and stops the award.") % words)


def _require_no_contract(award: Award) -> None:
    contract = contract_instead_of(award)
    if contract is not None:
        raise StepRefused(_("Contract № %(number)s is concluded: the award stands.") % {"number": contract.number})


def _answer(award: Award, competition: Competition, step: str, actor: Actor, reason: str, now: datetime) -> Award:
    award.reason, award.answered_at = reason, now
    move(
        award,
        step,
        flow=AWARD,
        actor=actor,
        now=now,
        competition=competition,
        comment=reason,
        payload={"lot": award.lot.number, "proposal": award.proposal.number},
        fields=["reason", "answered_at"],
    )
    note_evaluation(competition=competition, about=award, step=step, now=now)
    return award
