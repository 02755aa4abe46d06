"""Quality evaluations, their ratings and surveys, as rows and by the use cases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from portal.accounts.models import Organisation, User
from procurement.contract_enums import QualityKind, RatingMethod
from procurement.domain.quality.evaluations import add_member, publish
from procurement.domain.reference import load_procurement
from procurement.models import Contract, IndicatorSet, QualityEvaluation, Survey, SurveyBallot, SurveyForm

NOW = datetime(2027, 7, 14, 9, 0, tzinfo=UTC)
PERIOD = {"period_from": date(2026, 1, 1), "period_to": date(2026, 12, 31)}
ORDER = {"act_number": "31-од", "act_on": date(2027, 1, 25), "conclusion": "Послугу надають якісно."}


def indicator_set() -> IndicatorSet:
    """Return the shipped set of indicators, loaded once."""
    if not IndicatorSet.objects.exists():
        load_procurement()
    return IndicatorSet.objects.get(code="quality-general", number=1)


def survey_form() -> SurveyForm:
    """Return the shipped questionnaire, loaded once."""
    indicator_set()
    return SurveyForm.objects.get(code="recipients-general", number=1)


def make_evaluation(
    contract: Contract | None = None,
    *,
    kind: str = QualityKind.EXTERNAL,
    organisation: Organisation | None = None,
    **fields: Any,
) -> QualityEvaluation:
    """Return a draft about the year 2026, of the contract's provider and hromada."""
    facts = {
        "organisation": organisation or (contract.contractor if contract else None),
        "contract": contract,
        "hromada": contract.hromada if contract and kind == QualityKind.EXTERNAL else None,
        "kind": kind,
        "indicators": indicator_set(),
        "created_at": NOW,
        **PERIOD,
        **ORDER,
        **fields,
    }
    return QualityEvaluation.objects.create(**facts)


def rate_all(evaluation: QualityEvaluation, value: str = "80.00", **others: str | None) -> None:
    """Rate every indicator the same, those named by their code (with `_` for `-`) otherwise; none says why not."""
    for number, row in enumerate(evaluation.indicators.definition["indicators"]):
        told = others.get(row["code"].replace("-", "_"), value)
        facts: dict[str, Any] = {"note": "Скарг не було."}
        if told is not None:
            facts = {
                "value": Decimal(told),
                "method": RatingMethod.DOCUMENTS,
                "evidence": "Журнал обліку",
                "evidence_on": date(2027, 2, 1 + number),
            }
        evaluation.ratings.update_or_create(code=row["code"], defaults=facts)


def make_group(evaluation: QualityEvaluation, user: User) -> None:
    """Name a head from the authority and a member of civil society."""
    head = {"name": "Коваль Олена", "body": "Управління соцзахисту", "is_head": True}
    other = {"name": "Мельник Ігор", "body": "ГО «Разом»", "is_civil_society": True}
    for values in (head, other):
        add_member(evaluation_id=evaluation.pk, values=values, user=user)


def make_published(contract: Contract, *, user: User, now: datetime = NOW, **fields: Any) -> QualityEvaluation:
    """Return an external evaluation, rated 80 per cent throughout and published."""
    evaluation = make_evaluation(contract, **fields)
    rate_all(evaluation)
    make_group(evaluation, user)
    return publish(evaluation_id=evaluation.pk, user=user, now=now)


def make_survey(evaluation: QualityEvaluation, **fields: Any) -> Survey:
    """Return an open survey."""
    dates = {"opened_on": date(2027, 7, 1), "closes_on": date(2027, 8, 1)}
    return Survey.objects.create(**{"evaluation": evaluation, "form": survey_form(), **dates, **fields})


def add_ballots(survey: Survey, number: int, **answers: str) -> None:
    """Add so many equal ballots; codes of questions are written with `_` for `-`."""
    told = {code.replace("_", "-"): answer for code, answer in answers.items()}
    SurveyBallot.objects.bulk_create(SurveyBallot(pk=uuid4(), survey=survey, answers=told) for _one in range(number))
