"""A questionnaire as a page asks it, and the answers as they come back; on the phone and for entry from paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from portal.kernel.models.reference import in_language
from procurement.domain.quality.names import provider_name
from procurement.domain.quality.questionnaires import Question, questions_of
from procurement.models import Survey

PREFIX = "q-"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answer that is chosen now, empty for none."""

    question: Question
    chosen: str

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.question.code}"


@dataclass(frozen=True, slots=True)
class SurveySheet:
    """The questions of a survey with what was answered so far."""

    survey: Survey
    answers: dict[str, str]

    @property
    def lead(self) -> str:
        told: dict[str, Any] = self.survey.form.definition
        return in_language(told["lead_uk"], told["lead_en"])

    @property
    def wishes(self) -> str:
        told: dict[str, Any] = self.survey.form.definition
        return in_language(told["wishes_uk"], told["wishes_en"])

    @property
    def provider(self) -> str:
        return provider_name(self.survey.evaluation.organisation)

    @property
    def service(self) -> str:
        service = self.survey.evaluation.service_type
        return str(service) if service else ""

    @property
    def questions(self) -> list[Asked]:
        return [Asked(one, self.answers.get(one.code, "")) for one in questions_of(self.survey.form.definition)]


def read_answers(survey: Survey, sent: QueryDict) -> dict[str, str]:
    """Return the answers that were sent, by the code of the question; what is none of them is left aside."""
    answers = {}
    for question in questions_of(survey.form.definition):
        value = sent.get(f"{PREFIX}{question.code}", "")
        if value in {option.code for option in question.options}:
            answers[question.code] = value
    return answers
