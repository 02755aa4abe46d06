"""Evaluations of the demonstration: commissions at work, each competition brought as far as its story tells."""

from __future__ import annotations

from datetime import datetime

from portal.accounts.models import User
from procurement.domain.demo import admissions, outcomes, scores
from procurement.domain.demo.course import Course, Told
from procurement.domain.evaluation import admission, commissions, rounds
from procurement.enums import AdmissionState
from procurement.models import Competition, EvaluationRound


def evaluate(competition: Competition, told: Told, *, user: User, now: datetime) -> None:
    """Bring an opened competition as far as `told["stage"]` says: admission, scoring, minutes or decided."""
    course = Course.of(competition, told, user, now)
    commissions.assign_commission(
        competition_id=competition.pk, commission_id=course.body.pk, user=user, now=course.at(0)
    )
    held = rounds.begin_round(competition_id=competition.pk, user=user, now=course.at(0, hours=1))
    admissions.declare(course)
    course.days = 1
    admissions.sit(course, held)
    rounds.begin_admission(round_id=held.pk, user=user, now=course.at(1, hours=1))
    admissions.admit(course, held)
    if told["stage"] != "admission":
        _score_and_decide(course, held, told)


def _score_and_decide(course: Course, held: EvaluationRound, told: Told) -> None:
    """Go on from finished admissions to wherever the story of this round ends."""
    if held.admissions.filter(state=AdmissionState.ADMITTED).exists():
        rounds.begin_scoring(round_id=held.pk, user=course.user, now=course.later())
        scores.defend(course, held)
        scores.score(course, held, told)
        if told["stage"] == "scoring":
            return
        rounds.begin_discussion(round_id=held.pk, user=course.user, now=course.later())
        scores.note(course, held)
        scores.break_tie(course, held, told)
    if told["stage"] == "discussion":
        return
    outcomes.minute(course, held, told)
    if told["stage"] == "minutes":
        return
    story = outcomes.decide(course, told)
    if story is not None:
        _anew(course, {"stage": "decided", **story})


def _anew(course: Course, told: Told) -> None:
    """Evaluate again, in the round that the upheld appeal began."""
    course.competition.refresh_from_db()
    held = course.competition.rounds.order_by("-number")[0]
    course.days += 1
    admissions.sit(course, held)
    rounds.begin_admission(round_id=held.pk, user=course.user, now=course.at(course.days, hours=1))
    for row in held.admissions.filter(state=AdmissionState.PENDING):
        admissions.check(course, row, None)
        admission.admit(admission_id=row.pk, user=course.user, now=course.at(course.days, hours=2))
    _score_and_decide(course, held, told)
