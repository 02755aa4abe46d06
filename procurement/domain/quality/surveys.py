"""Surveys of recipients: opened for an evaluation, answered by codes or on paper, closed; told in sum alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import QualityState, SurveyState
from procurement.contract_workflow import SURVEY
from procurement.domain.quality.ballots import shuffle
from procurement.domain.quality.codes import digest_of_code, require_taking
from procurement.domain.quality.steps import evaluator_actor, held_draft, lock_evaluation, move, record
from procurement.domain.quality.suppression import shown_people
from procurement.models import QualityEvaluation, Survey, SurveyCode, SurveyForm
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

CLOCK: Final = "portal"


@transaction.atomic
def open_survey(*, evaluation_id: int, form_id: int, closes_on: date, user: User, now: datetime) -> Survey:
    """Open a survey until a day, which is not included; one at a time, so a double press opens one."""
    evaluation, actor = held_draft(evaluation_id, user)
    running = evaluation.surveys.filter(state=SurveyState.OPEN).first()
    if running is not None:
        return running
    today = day_of(now)
    if closes_on <= today:
        raise StepRefused(_("The last day lies in the past."))
    form = SurveyForm.objects.get(pk=form_id)
    survey = Survey.objects.create(evaluation=evaluation, form=form, opened_on=today, closes_on=closes_on)
    payload = {"questionnaire": str(form), "until": closes_on.isoformat()}
    record(survey, "open", evaluation=evaluation, actor=actor, now=now, payload=payload)
    return survey


@transaction.atomic
def keep_codes(*, survey_id: int, codes: list[str], user: User, now: datetime) -> Survey:
    """Let these codes answer the survey; what is kept is a keyed digest, from which no code is read."""
    survey, _actor = _held(survey_id, user)
    require_taking(survey, day_of(now))
    SurveyCode.objects.bulk_create(SurveyCode(survey=survey, digest=digest_of_code(code)) for code in codes)
    survey.issued += len(codes)
    survey.save(update_fields=["issued"])
    return survey


@transaction.atomic
def close_survey(*, survey_id: int, user: User, now: datetime) -> Survey:
    """Close a survey: its codes are deleted, its answers written anew in another order, its results told in sum."""
    survey, actor = _held(survey_id, user)
    return _close(survey, actor, now)


@transaction.atomic
def close_over(*, survey_id: int, now: datetime) -> bool:
    """Close a survey whose last day is over, by the clock; return whether this call closed it."""
    survey = _locked(survey_id)
    if survey.state != SurveyState.OPEN or day_of(now) < survey.closes_on:
        return False
    _close(survey, Actor(None, CLOCK), now)
    return True


def close_what_is_over(*, now: datetime) -> int:
    """Close every survey whose last day is over; return how many."""
    over = Survey.objects.filter(state=SurveyState.OPEN, closes_on__lte=day_of(now))
    return sum(close_over(survey_id=key, now=now) for key in list(over.values_list("pk", flat=True)))


def give_up_surveys(evaluation: QualityEvaluation, *, actor: Actor, now: datetime) -> None:
    """Close the surveys of an evaluation that is given up, and delete what was answered: nobody will read it."""
    for survey in evaluation.surveys.all():
        survey.ballots.all().delete()
        if survey.state == SurveyState.OPEN:
            survey.evaluation = evaluation
            _close(survey, actor, now)


def _close(survey: Survey, actor: Actor, now: datetime) -> Survey:
    survey.closed_at = now
    evaluation = survey.evaluation
    survey.codes.all().delete()
    shuffle(survey)
    payload = {"answers": shown_people(survey.ballots.count())}
    move(
        survey,
        "close",
        evaluation=evaluation,
        flow=SURVEY,
        actor=actor,
        now=now,
        payload=payload,
        fields=["closed_at"],
    )
    return survey


def _held(survey_id: int, user: User) -> tuple[Survey, Actor]:
    """Return the held survey of an evaluation in work, and who works on it."""
    key = Survey.objects.values_list("evaluation", flat=True).get(pk=survey_id)
    evaluation = lock_evaluation(key)
    actor = evaluator_actor(evaluation, user)
    if evaluation.state != QualityState.DRAFT:
        raise StepRefused(_("The evaluation is published or abandoned: it is not changed any more."))
    return _locked(survey_id), actor


def _locked(survey_id: int) -> Survey:
    rows = Survey.objects.select_for_update(of=("self",)).select_related("evaluation__contract", "form")
    return rows.get(pk=survey_id)
