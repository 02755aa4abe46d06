"""Who opens the pages of an evaluation: those who evaluate, and auditors to look on; to others there is none."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from procurement import contract_rules
from procurement.contract_enums import QualityState
from procurement.models import QualityEvaluation
from procurement.views.closed_doors import MovedOnError, closed_door, signed_in

__all__ = ["METHODS", "draft_or_moved", "evaluation_or_404", "page", "quality_page", "signed_in"]

METHODS = ["GET", "HEAD", "POST"]
quality_page = closed_door(thing="quality:evaluation", home="quality:home")


def evaluation_or_404(request: HttpRequest, pk: int) -> QualityEvaluation:
    """Return an evaluation for who works on it; an auditor may look and send nothing."""
    rows = QualityEvaluation.objects.select_related(
        "organisation", "service_type", "contract", "hromada__oblast", "indicators"
    )
    found = get_object_or_404(rows, pk=pk)
    user = signed_in(request)
    looks_on = contract_rules.is_auditor(user) and request.method != "POST"
    if not looks_on and not contract_rules.can_evaluate_quality(user, found):
        raise Http404
    return found


def draft_or_moved(request: HttpRequest, pk: int) -> QualityEvaluation:
    """Return one that may still be worked on; a published one leads to where it stands (`MovedOnError`)."""
    found = evaluation_or_404(request, pk)
    if found.state != QualityState.DRAFT:
        raise MovedOnError
    return found


def page(
    request: HttpRequest, template: str, evaluation: QualityEvaluation, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Draw a page of the evaluation in the frame that all of them share."""
    may_act = contract_rules.can_evaluate_quality(request.user, evaluation)
    told = {"evaluation": evaluation, "organisation": evaluation.organisation, "may_act": may_act, **context}
    return render(request, template, told, status=status)
