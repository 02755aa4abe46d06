"""Quality evaluations of the demonstration, with a survey where the evaluation is external."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from portal.kernel.calendar import add_months, day_of
from procurement.contract_enums import QualityKind
from procurement.domain.demo.material import texts
from procurement.domain.quality import evaluations, ratings
from procurement.models import IndicatorSet, QualityEvaluation

if TYPE_CHECKING:
    from procurement.domain.demo.contracts import Story

_METHODS: Final = ("documents", "visit", "visit", "interview", "visit", "interview", "documents")


def evaluate(story: Story, told: Mapping[str, Any]) -> None:
    """Write the evaluation of the first year of the contract, published two months after it."""
    external = told["kind"] == QualityKind.EXTERNAL
    user = story.official if external else story.provider
    first = story.months.first
    last = min(add_months(first, min(story.told["months"], 12)), day_of(story.months.now) - timedelta(days=40))
    at = story.months.noon(last + timedelta(days=38))
    words = texts()["contract"]["evaluation"]
    values = {
        "period_from": first,
        "period_to": last - timedelta(days=1),
        "act_number": words["act_number"],
        "act_on": last + timedelta(days=4),
        "recipients": story.told["lines"][0]["recipients"],
        "conclusion": words["conclusion"],
        "recommendations": words["recommendations"],
    }
    version = story.contract.versions.get(number=1)
    made = evaluations.begin_evaluation(
        kind=told["kind"],
        organisation_id=story.contract.contractor_id,
        indicators_id=IndicatorSet.objects.filter(code="quality-general").order_by("-number")[0].pk,
        values=values,
        user=user,
        key=uuid4(),
        now=at,
        hromada_id=story.contract.hromada_id if external else None,
        service_type_id=version.lines.get(number=1).service_type_id,
        contract_id=story.contract.pk,
    )
    for member in words["group"] if external else ():
        evaluations.add_member(evaluation_id=made.pk, values=member, user=user)
    for place, indicator in enumerate(made.indicators.definition["indicators"]):
        _rate(story, made, user, place, indicator["code"], told["values"])
    evaluations.publish(evaluation_id=made.pk, user=user, now=at + timedelta(hours=2))
    QualityEvaluation.objects.filter(pk=made.pk).update(is_demo=True)


def _rate(story: Story, made: QualityEvaluation, user: Any, place: int, code: str, values: Any) -> None:
    words = texts()["contract"]["evaluation"]
    value = values[place % len(values)]
    on = made.period_to - timedelta(days=11 * place)
    at = story.months.noon(made.period_to + timedelta(days=30))
    if value is None:
        rating: dict[str, Any] = {"value": None, "note": words["unrated"]}
    else:
        rating = {
            "value": Decimal(value),
            "note": "",
            "method": _METHODS[place % len(_METHODS)] if made.kind == QualityKind.EXTERNAL else "self",
            "evidence": words["evidence"][place % len(words["evidence"])],
            "evidence_on": on,
        }
    ratings.rate(evaluation_id=made.pk, code=code, values=rating, user=user, now=at)
