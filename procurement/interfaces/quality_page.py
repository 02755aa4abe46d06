"""A published evaluation as its page says it: from the frozen content, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.kernel.models.reference import in_language
from procurement.contract_enums import RatingMethod
from procurement.domain.quality.questionnaires import questions_of
from procurement.domain.quality.results import NO_ANSWER
from procurement.interfaces.quality_words import colour_of, grade_of
from procurement.models import QualityEvaluation, Survey


@dataclass(frozen=True, slots=True)
class RatingLine:
    """An indicator with its rating; `weighted` is weight × value, none without a value."""

    name: str
    measure: str
    note: str
    weight: Decimal
    value: Decimal | None
    method: str
    evidence: str
    evidence_url: str
    evidence_on: date | None
    explanation: str

    @property
    def weighted(self) -> Decimal | None:
        return None if self.value is None else self.weight * self.value


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """A survey in sum; `questions` are pairs of words and a list of (answer, how many or none), with the mean."""

    title: str
    starts: str
    ends: str
    answers: int | None
    share: str | None
    questions: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class QualityPage:
    """What the page of one evaluation shows."""

    evaluation: QualityEvaluation

    @property
    def content(self) -> dict[str, Any]:
        return self.evaluation.content

    @property
    def definition(self) -> dict[str, Any]:
        return dict(self.content["indicators"]["definition"])

    @property
    def provider(self) -> str:
        return str(self.content["provider"]["name"])

    @property
    def grade(self) -> str:
        return grade_of(self.evaluation)

    @property
    def colour(self) -> str:
        return colour_of(self.evaluation)

    @property
    def set_title(self) -> str:
        told = self.content["indicators"]
        return in_language(told["title_uk"], told["title_en"])

    @property
    def bands(self) -> list[tuple[str, str]]:
        """Each grade in words with the least whole per cent that it begins at."""
        return [(in_language(one["name_uk"], one["name_en"]), one["from"]) for one in self.definition["bands"]]

    @property
    def needed_share(self) -> int:
        return int(Decimal(self.definition["missing"]["needed_weight"]) * 100)

    @property
    def lines(self) -> list[RatingLine]:
        words = {one["code"]: one for one in self.definition["indicators"]}
        return [_line(words[row["code"]], row) for row in self.content["ratings"]]

    @property
    def unrated(self) -> int:
        total = self.content["total"]
        return int(total["indicators"] - total["rated"])

    @property
    def surveys(self) -> list[SurveyLine]:
        told = self.content["surveys"]
        if not told:
            return []
        rows = self.evaluation.surveys.select_related("form").order_by("pk")
        return [survey_line(row, one) for row, one in zip(rows, told, strict=True)]


def survey_line(survey: Survey, told: dict[str, Any]) -> SurveyLine:
    """Put the frozen counts of a survey and the words of its questionnaire together."""
    counts = {one["code"]: one for one in told["questions"]}
    questions = []
    for question in questions_of(survey.form.definition) if counts else ():
        found = counts[question.code]
        words = {option.code: option.text for option in question.options}
        cells = [(words.get(code, ""), number, code == NO_ANSWER) for code, number in found["counts"].items()]
        value = None if found["value"] is None else Decimal(found["value"])
        hidden = any(number is None for _words, number, _none in cells)
        questions.append({"text": question.text, "cells": cells, "value": value, "is_hidden": hidden})
    return SurveyLine(
        survey.form.title, told["from"], told["until"], told["answers"], told.get("share_surveyed"), questions
    )


def _line(words: dict[str, Any], row: dict[str, Any]) -> RatingLine:
    return RatingLine(
        name=in_language(words["name_uk"], words["name_en"]),
        measure=in_language(words["measure_uk"], words["measure_en"]),
        note=in_language(words["note_uk"], words["note_en"]),
        weight=Decimal(row["weight"]),
        value=None if row["value"] is None else Decimal(row["value"]),
        method=str(RatingMethod(row["method"]).label) if row["method"] else "",
        evidence=row["evidence"],
        evidence_url=row["evidence_url"],
        evidence_on=date.fromisoformat(row["evidence_on"]) if row["evidence_on"] else None,
        explanation=row["note"],
    )
