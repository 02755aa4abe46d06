"""What a published evaluation says, frozen: from it alone anybody computes the total again."""

from __future__ import annotations

from typing import Any

from procurement.domain.quality.arithmetic import total_of
from procurement.domain.quality.names import provider_name
from procurement.domain.quality.results import results_of, share_surveyed
from procurement.models import IndicatorRating, IndicatorSet, QualityEvaluation, WorkingGroupMember


def content_of(evaluation: QualityEvaluation) -> dict[str, Any]:
    """Return the content as JSON without floats: per cents and weights are texts, days are ISO, none is null."""
    organisation, service, contract = evaluation.organisation, evaluation.service_type, evaluation.contract
    hromada = evaluation.hromada
    return {
        "kind": evaluation.kind,
        "provider": {"name": provider_name(organisation), "code": organisation.code or None},
        "service": service.slug if service else None,
        "contract": contract.number if contract else None,
        "hromada": hromada.code if hromada else None,
        "period": {"from": evaluation.period_from.isoformat(), "to": evaluation.period_to.isoformat()},
        "order": {
            "number": evaluation.act_number,
            "on": evaluation.act_on.isoformat() if evaluation.act_on else None,
            "url": evaluation.act_url,
        },
        "group": [_member(one) for one in evaluation.group.all()],
        "indicators": _indicators(evaluation.indicators),
        "ratings": _ratings(evaluation),
        "total": total_content(evaluation),
        "surveys": [_survey(one, evaluation) for one in evaluation.surveys.order_by("pk")],
        "conclusion": evaluation.conclusion,
        "recommendations": evaluation.recommendations,
        "supersedes": evaluation.supersedes_id,
    }


def total_content(evaluation: QualityEvaluation) -> dict[str, Any]:
    """Return the total with all that it follows from, as the frozen content says it."""
    rows = list(evaluation.ratings.all())
    total = total_of(evaluation.indicators.definition, {row.code: row.value for row in rows})
    days = [row.evidence_on for row in rows if row.value is not None and row.evidence_on]
    return {
        "value": None if total.value is None else str(total.value),
        "grade": total.grade,
        "rated": total.rated,
        "indicators": total.indicators,
        "weight_rated": str(total.weight_rated),
        "weight": str(total.weight),
        "weighted": str(total.weighted),
        "oldest_on": min(days).isoformat() if days else None,
    }


def _member(one: WorkingGroupMember) -> dict[str, Any]:
    return {
        "name": one.name,
        "position": one.position,
        "body": one.body,
        "is_civil_society": one.is_civil_society,
        "is_head": one.is_head,
    }


def _indicators(one: IndicatorSet) -> dict[str, Any]:
    return {
        "code": one.code,
        "version": one.number,
        "title_uk": one.title_uk,
        "title_en": one.title_en,
        "act": one.act,
        "point": one.point,
        "verified": one.verified,
        "definition": one.definition,
    }


def _ratings(evaluation: QualityEvaluation) -> list[dict[str, Any]]:
    rows = {row.code: row for row in evaluation.ratings.all()}
    return [
        _rating(one["code"], one["weight"], rows.get(one["code"]))
        for one in evaluation.indicators.definition["indicators"]
    ]


def _rating(code: str, weight: str, row: IndicatorRating | None) -> dict[str, Any]:
    return {
        "code": code,
        "weight": weight,
        "value": str(row.value) if row and row.value is not None else None,
        "method": row.method if row else "",
        "evidence": row.evidence if row else "",
        "evidence_url": row.evidence_url if row else "",
        "evidence_on": row.evidence_on.isoformat() if row and row.evidence_on else None,
        "note": row.note if row else "",
    }


def _survey(survey: Any, evaluation: QualityEvaluation) -> dict[str, Any]:
    results = results_of(survey)
    return {
        "questionnaire": {"code": survey.form.code, "version": survey.form.number},
        "from": survey.opened_on.isoformat(),
        "until": survey.closes_on.isoformat(),
        "share_surveyed": share_surveyed(results, evaluation.recipients),
        **results.as_content(),
    }
