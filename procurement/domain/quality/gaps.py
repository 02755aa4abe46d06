"""What still stands in the way of publishing an evaluation: all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.models.reference import in_language
from procurement.contract_enums import QualityKind, SurveyState
from procurement.domain.quality.arithmetic import total_of
from procurement.models import IndicatorRating, QualityEvaluation


@dataclass(frozen=True, slots=True)
class Gap:
    """`part` is the page where it is mended: about, group, ratings or survey; `code` the indicator, if one."""

    part: str
    text: str
    code: str = ""


def gaps_of(evaluation: QualityEvaluation, now: datetime) -> list[Gap]:
    """Return everything that is missing, in the order of the pages; empty when it can be published."""
    today = day_of(now)
    return [*_about(evaluation, today), *_group(evaluation), *_surveys(evaluation), *_ratings(evaluation, today)]


def _about(evaluation: QualityEvaluation, today: date) -> Iterator[Gap]:
    if evaluation.period_to >= today:
        yield Gap("about", _("The period is not over yet."))
    if not evaluation.act_number or evaluation.act_on is None:
        yield Gap("about", _("The number or the date of the order is not filled in."))
    if not evaluation.conclusion.strip():
        yield Gap("about", _("The conclusion is not written."))


def _group(evaluation: QualityEvaluation) -> Iterator[Gap]:
    if evaluation.kind != QualityKind.EXTERNAL:
        return
    members = list(evaluation.group.all())
    if not members:
        yield Gap("group", _("Nobody is named in the working group."))
        return
    if not any(one.is_civil_society for one in members):
        yield Gap("group", _("The working group has no member of civil society: without one nothing is published."))
    if not any(one.is_head for one in members):
        yield Gap("group", _("The working group has no head."))


def _surveys(evaluation: QualityEvaluation) -> Iterator[Gap]:
    if evaluation.surveys.filter(state=SurveyState.OPEN).exists():
        yield Gap("survey", _("The survey still takes answers: close it first."))


def _ratings(evaluation: QualityEvaluation, today: date) -> Iterator[Gap]:
    rows = {row.code: row for row in evaluation.ratings.all()}
    definition = evaluation.indicators.definition
    for indicator in definition["indicators"]:
        fault = _fault(rows.get(indicator["code"]), today)
        if fault:
            words = {"indicator": in_language(indicator["name_uk"], indicator["name_en"]), "fault": fault}
            yield Gap("ratings", _("%(indicator)s: %(fault)s") % words, indicator["code"])
    if total_of(definition, {code: row.value for code, row in rows.items()}).value is None:
        yield Gap("ratings", _("Too few indicators have a value: there is no total."))


def _fault(row: IndicatorRating | None, today: date) -> str:
    """Say what is missing of one indicator: a value with method, evidence and its date, or why there is none."""
    if row is None or (row.value is None and not row.note.strip()):
        return _("neither a value nor an explanation why there is none.")
    if row.value is None:
        return ""
    missing: list[Any] = [row.method, row.evidence.strip(), row.evidence_on]
    if not all(missing):
        return _("the method, the evidence or its date is not filled in.")
    assert row.evidence_on is not None
    return _("the date of the evidence is in the future.") if row.evidence_on > today else ""
