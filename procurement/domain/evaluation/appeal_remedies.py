"""What follows from an upheld appeal: the commission evaluates anew, another decision is taken, or neither."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement.domain.calls import steps as calls
from procurement.domain.evaluation.decided import decision_in_force
from procurement.domain.evaluation.rounds import begin_round
from procurement.domain.evaluation.steps import move
from procurement.enums import AppealRemedy, AwardState, CompetitionState, RoundState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import Appeal, Award, Competition, EvaluationRound
from procurement.workflow import AWARD, ROUND
from registry.domain.providers import Actor


def require_remedy(competition: Competition, remedy: str) -> str:
    """Return the remedy if it is possible where the competition stands; raises `StepRefused`."""
    if remedy not in AppealRemedy.values:
        raise StepRefused(_("Choose what follows from the upheld appeal."))
    if remedy == AppealRemedy.ANEW and _held_round(competition) is None:
        raise StepRefused(_("Nothing has been evaluated yet, so there is nothing to do anew."))
    if remedy == AppealRemedy.CORRECT and competition.state not in CompetitionState.decided:
        raise StepRefused(_("There is no decision yet that could be corrected."))
    return remedy


def evaluate_anew(appeal: Appeal, actor: Actor, now: datetime) -> EvaluationRound:
    """Annul the decided round, or end the one that runs, take its awards back and begin the next round."""
    competition, reason = appeal.competition, _reason(appeal)
    last = _held_round(competition)
    assert last is not None
    assert actor.user is not None
    step = "annul" if last.state == RoundState.DECIDED else "end"
    move(last, step, flow=ROUND, actor=actor, now=now, competition=competition, comment=reason)
    note_evaluation(competition=competition, about=last, step=step, now=now)
    if competition.state in CompetitionState.decided:
        _take_awards_back(competition, actor, reason, now)
        calls.move(competition, "reopen", actor=actor, now=now, comment=reason, payload={"appeal": appeal.number})
    return begin_round(competition_id=competition.pk, user=actor.user, now=now, reason=reason)


def _held_round(competition: Competition) -> EvaluationRound | None:
    rows = competition.rounds.select_for_update(of=("self",)).order_by("-number")
    return rows.filter(state__in=(*RoundState.running, RoundState.DECIDED)).first()


def _take_awards_back(competition: Competition, actor: Actor, reason: str, now: datetime) -> None:
    """Supersede the awards of an annulled round: they can be neither accepted nor carried over."""
    decision = decision_in_force(competition)
    rows = Award.objects.select_for_update(of=("self",)).filter(decision=decision, state__in=AwardState.standing)
    for award in rows:
        award.reason = reason
        move(
            award,
            "supersede",
            flow=AWARD,
            actor=actor,
            now=now,
            competition=competition,
            comment=reason,
            fields=["reason"],
        )


def _reason(appeal: Appeal) -> str:
    words = {"number": appeal.number, "answer": appeal.answer}
    return _("Appeal %(number)s is upheld: %(answer)s") % words
