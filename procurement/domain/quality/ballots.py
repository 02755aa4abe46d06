"""Answers of recipients: kept so that no row, order or moment of the database ties an answer to a code or a person.

A used code says that it is used, nothing more. A new ballot changes places with one drawn by lot, so the order in which
rows were written is the order of nothing; on closing all are written anew by lot and the codes are deleted. Whoever
reads the raw files of the database in between may still see which rows one transaction wrote: the README says so.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement import contract_rules
from procurement.contract_enums import SurveyState
from procurement.domain.quality.codes import digest_of_code, require_taking
from procurement.domain.quality.questionnaires import questions_of
from procurement.models import Survey, SurveyBallot, SurveyCode

if TYPE_CHECKING:
    from portal.accounts.models import User

_LOT: Final = secrets.SystemRandom()
Answers = Mapping[str, str]


def survey_of_code(code: str, now: datetime) -> Survey | None:
    """Return the survey that a code may answer now; none for an unknown or used code, or a survey that is over."""
    today = day_of(now)
    rows = Survey.objects.select_related("form", "evaluation__organisation", "evaluation__service_type")
    return rows.filter(
        codes__digest=digest_of_code(code),
        codes__is_used=False,
        state=SurveyState.OPEN,
        closes_on__gt=today,
    ).first()


@transaction.atomic
def answer_by_code(*, code: str, answers: Answers, now: datetime) -> None:
    """Take one person's answers and use the code up, together. Raises `StepRefused`."""
    digest = digest_of_code(code)
    key = SurveyCode.objects.filter(digest=digest).values_list("survey", flat=True).first()
    if key is None:
        raise StepRefused(_("This code is not known. Check each character."))
    survey = _taking(key, now)
    if not survey.codes.filter(digest=digest, is_used=False).update(is_used=True):
        raise StepRefused(_("Answers with this code are already taken. Nothing more is to be done."))
    _put(survey, uuid4(), answers, on_paper=False)


@transaction.atomic
def answer_on_paper(*, survey_id: int, key: UUID, answers: Answers, user: User, now: datetime) -> None:
    """Enter one person's answers from paper; the same key again enters nothing. Raises `StepRefused`."""
    survey = _taking(survey_id, now)
    if not contract_rules.can_evaluate_quality(user, survey.evaluation):
        raise PermissionDenied
    if not SurveyBallot.objects.filter(pk=key).exists():
        _put(survey, key, answers, on_paper=True)


def shuffle(survey: Survey) -> None:
    """Write all answers of a survey anew under new keys, in an order drawn by lot."""
    told = list(survey.ballots.values_list("answers", "on_paper"))
    _LOT.shuffle(told)
    survey.ballots.all().delete()
    SurveyBallot.objects.bulk_create(
        SurveyBallot(survey=survey, answers=answers, on_paper=on_paper) for answers, on_paper in told
    )


def clean_answers(survey: Survey, answers: Answers) -> dict[str, str]:
    """Return the answers to questions of this questionnaire by its options; raises `StepRefused` where none is left."""
    known = {one.code: {option.code for option in one.options} for one in questions_of(survey.form.definition)}
    clean = {code: answers[code] for code in known if answers.get(code) in known[code]}
    if not clean:
        raise StepRefused(_("Nothing is answered: choose an answer to at least one question."))
    return clean


def _taking(survey_id: int, now: datetime) -> Survey:
    rows = Survey.objects.select_for_update(of=("self",)).select_related("form", "evaluation__organisation")
    survey = rows.get(pk=survey_id)
    require_taking(survey, day_of(now))
    return survey


def _put(survey: Survey, key: UUID, answers: Answers, *, on_paper: bool) -> None:
    """Add a ballot and let it change places with one drawn by lot, itself among them."""
    new = SurveyBallot(pk=key, survey=survey, answers=clean_answers(survey, answers), on_paper=on_paper)
    others = sorted(survey.ballots.values_list("pk", flat=True))
    place = _LOT.randrange(len(others) + 1)
    if place < len(others):
        other = SurveyBallot.objects.get(pk=others[place])
        new.answers, other.answers = other.answers, new.answers
        new.on_paper, other.on_paper = other.on_paper, new.on_paper
        other.save(update_fields=["answers", "on_paper"])
    new.save(force_insert=True)
