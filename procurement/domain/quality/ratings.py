"""Ratings: each indicator with its value, method, evidence and the evidence's own date; empty is not zero."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import RatingMethod, SurveyState
from procurement.domain.quality.results import Offer, offers_of
from procurement.domain.quality.steps import held_draft
from procurement.models import IndicatorRating, QualityEvaluation

if TYPE_CHECKING:
    from portal.accounts.models import User

RATING: Final = ("value", "note", "method", "evidence", "evidence_url", "evidence_on")


@transaction.atomic
def rate(*, evaluation_id: int, code: str, values: Mapping[str, Any], user: User, now: datetime) -> IndicatorRating:
    """Write what is known of one indicator; it may be incomplete until the publication.

    A value said to be by the survey is the survey's own. Raises `StepRefused`.
    """
    evaluation, _actor = held_draft(evaluation_id, user)
    if code not in {row["code"] for row in evaluation.indicators.definition["indicators"]}:
        raise StepRefused(_("The set of indicators has no such indicator."))
    told = {name: values[name] for name in RATING if name in values}
    value, on = told.get("value"), told.get("evidence_on")
    if value is not None and not 0 <= value <= 100:  # noqa: PLR2004 per cent
        raise StepRefused(_("A value is from 0 to 100."))
    if on is not None and on > day_of(now):
        raise StepRefused(_("The date of the evidence is in the future."))
    if told.get("method") == RatingMethod.SURVEY and value is not None:
        _require_offered(evaluation, code, value)
    rating, _made = evaluation.ratings.update_or_create(code=code, defaults=told)
    return rating


@transaction.atomic
def take_from_survey(*, evaluation_id: int, user: User) -> int:
    """Fill in, from the closed surveys, the indicators that have no value yet; return how many were filled in."""
    evaluation, _actor = held_draft(evaluation_id, user)
    rated = set(evaluation.ratings.filter(value__isnull=False).values_list("code", flat=True))
    taken = 0
    for code, offer in survey_offers(evaluation).items():
        if code in rated:
            continue
        values = {
            "value": offer.value,
            "method": RatingMethod.SURVEY,
            "evidence": offer.words,
            "evidence_on": offer.on,
        }
        evaluation.ratings.update_or_create(code=code, defaults=values)
        taken += 1
    return taken


def survey_offers(evaluation: QualityEvaluation) -> dict[str, Offer]:
    """Return what closed surveys of the evaluation say of its indicators; of two that speak of one, the later."""
    known = {row["code"] for row in evaluation.indicators.definition["indicators"]}
    offers: dict[str, Offer] = {}
    for survey in evaluation.surveys.filter(state=SurveyState.CLOSED).select_related("form").order_by("pk"):
        offers |= {code: offer for code, offer in offers_of(survey).items() if code in known}
    return offers


def _require_offered(evaluation: QualityEvaluation, code: str, value: Decimal) -> None:
    if not evaluation.surveys.filter(state=SurveyState.CLOSED).exists():
        return
    offer = survey_offers(evaluation).get(code)
    if offer is None:
        raise StepRefused(_("The survey says nothing of this indicator: choose another method."))
    if offer.value != value:
        raise StepRefused(
            _("The survey says %(value)s %%; a value by the survey is that one.") % {"value": offer.value}
        )
