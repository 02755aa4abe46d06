"""What a closed survey says, in sum alone: no result while it is open, none of fewer than five answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement.contract_enums import SurveyState
from procurement.domain.quality.arithmetic import mean_of, rounded
from procurement.domain.quality.questionnaires import Question, questions_of
from procurement.domain.quality.suppression import shown_counts, step_for
from procurement.models import Survey
from registry.queries.figures import SMALLEST_GROUP

# beside the options of every question: so many left it out
NO_ANSWER: Final = "no-answer"
_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """An option and how many chose it; none where the number is hidden."""

    code: str
    text: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A question in sum; `value` is the mean in per cent, none where it says nothing of quality or would tell."""

    code: str
    text: str
    cells: tuple[Cell, ...]
    value: Decimal | None

    @property
    def is_hidden(self) -> bool:
        return any(cell.count is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a survey says of an indicator; `step` by how many per cents it is rounded, none where it is exact."""

    value: Decimal
    step: int | None
    on: date
    words: str


@dataclass(frozen=True, slots=True)
class Results:
    """`answers` is none where fewer than five answered, or while the survey is open; then there is nothing else."""

    answers: int | None
    questions: tuple[Answered, ...] = ()

    def as_content(self) -> dict[str, Any]:
        """Return it as JSON for a frozen content, without the words of the questionnaire."""
        questions = [
            {
                "code": one.code,
                "counts": {cell.code: cell.count for cell in one.cells},
                "value": None if one.value is None else str(one.value),
            }
            for one in self.questions
        ]
        return {"answers": self.answers, "questions": questions}


def results_of(survey: Survey) -> Results:
    """Return what everybody may read of a survey."""
    ballots = _ballots(survey)
    if len(ballots) < SMALLEST_GROUP:
        return Results(None)
    questions = questions_of(survey.form.definition)
    return Results(len(ballots), tuple(_answered(question, ballots) for question in questions))


def offers_of(survey: Survey) -> dict[str, Offer]:
    """Return what the survey says of each indicator that it asks about and can say without telling on anybody."""
    ballots = _ballots(survey)
    if len(ballots) < SMALLEST_GROUP or survey.closed_at is None:
        return {}
    by_indicator: dict[str, list[Question]] = {}
    for question in questions_of(survey.form.definition):
        if question.indicator:
            by_indicator.setdefault(question.indicator, []).append(question)
    on = day_of(survey.closed_at)
    found = {code: _offer(asked, ballots, on) for code, asked in by_indicator.items()}
    return {code: offer for code, offer in found.items() if offer is not None}


def share_surveyed(results: Results, recipients: int | None) -> str | None:
    """Return what per cent of the recipients answered, whole; none where it would tell of fewer than five people."""
    if results.answers is None or recipients is None or recipients < results.answers:
        return None
    if 0 < recipients - results.answers < SMALLEST_GROUP:
        return None
    return str(rounded(Fraction(results.answers * 100, recipients), "half_up", 0))


def _ballots(survey: Survey) -> list[Mapping[str, str]]:
    if survey.state != SurveyState.CLOSED:
        return []
    return list(survey.ballots.values_list("answers", flat=True))


def _answered(question: Question, ballots: list[Mapping[str, str]]) -> Answered:
    counts = _counts(question, ballots)
    shown = shown_counts(counts)
    words = {option.code: option.text for option in question.options} | {NO_ANSWER: _("no answer")}
    cells = tuple(Cell(code, words[code], shown[code]) for code in counts)
    hidden = any(cell.count is None for cell in cells)
    mean = None if hidden else mean_of(_values(question, ballots))
    return Answered(question.code, question.text, cells, None if mean is None else rounded(mean, "half_up", _DIGITS))


def _counts(question: Question, ballots: list[Mapping[str, str]]) -> dict[str, int]:
    """Count every option, those nobody chose too, and who left the question out."""
    found = Counter(ballot.get(question.code, NO_ANSWER) for ballot in ballots)
    return {code: found[code] for code in (*(option.code for option in question.options), NO_ANSWER)}


def _values(question: Question, ballots: Iterable[Mapping[str, str]]) -> list[Decimal]:
    values = {option.code: option.value for option in question.options}
    found = (values.get(ballot.get(question.code, "")) for ballot in ballots)
    return [value for value in found if value is not None]


def _offer(asked: list[Question], ballots: list[Mapping[str, str]], on: date) -> Offer | None:
    """Pool the answers to the questions of an indicator; one that fewer than five could value speaks for nothing."""
    valued = [(question, _values(question, ballots)) for question in asked]
    spoken = [(question, values) for question, values in valued if len(values) >= SMALLEST_GROUP]
    mean = mean_of([value for _asked, values in spoken for value in values])
    if mean is None:
        return None
    told = {"answers": len(ballots)}
    if not any(_answered(question, ballots).is_hidden for question, _told in spoken):
        words = _("Survey of recipients, answers: %(answers)d.") % told
        return Offer(rounded(mean, "half_up", _DIGITS), None, on, words)
    step = step_for(min(len(values) for _asked, values in spoken))
    if step is None:
        return None
    words = _("Survey of recipients, answers: %(answers)d. Rounded to %(step)d %%, so that nobody’s answer shows.")
    value = rounded(mean / step, "half_up", 0) * step
    return Offer(value.quantize(Decimal("0.01")), step, on, words % {**told, "step": step})
