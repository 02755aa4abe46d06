"""What everybody reads of quality evaluations: those that were published, the superseded ones among them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from portal.accounts.models import Organisation
from procurement.contract_enums import QualityKind, QualityState
from procurement.models import Contract, QualityEvaluation, QualityReply
from registry.models import Territory


def published_evaluations() -> QuerySet[QualityEvaluation]:
    """Return every published evaluation; nothing else of quality is public."""
    return QualityEvaluation.objects.filter(state=QualityState.PUBLISHED)


def current_evaluations() -> QuerySet[QualityEvaluation]:
    """Return the published evaluations that no later one supersedes."""
    return published_evaluations().filter(superseded_by__isnull=True)


def latest_of(organisation: Organisation) -> list[QualityEvaluation]:
    """Return the evaluations of a provider that count now, external ones first; with what a card says of each."""
    rows = for_list(current_evaluations().filter(organisation=organisation))
    return sorted(rows, key=lambda one: one.kind != QualityKind.EXTERNAL)


def evaluations_of_hromada(hromada: Territory) -> QuerySet[QualityEvaluation]:
    """Return the current evaluations by the hromada's working groups, or of its contracts."""
    rows = current_evaluations()
    return for_list(rows.filter(hromada=hromada) | rows.filter(contract__hromada=hromada)).distinct()


def for_list(rows: QuerySet[QualityEvaluation]) -> QuerySet[QualityEvaluation]:
    """Read with each what its line says, the newest period first; whether a reply stands beside it as `has_reply`."""
    related = rows.select_related(
        "organisation", "service_type", "contract", "hromada__oblast", "indicators", "superseded_by"
    )
    replies = QualityReply.objects.filter(evaluation=OuterRef("pk"))
    told = related.annotate(has_reply=Exists(replies))
    return told.order_by("-period_to", "-published_at", "-pk")


def totals_of(rows: QuerySet[QualityEvaluation]) -> dict[str, Any]:
    """Return how many evaluations there are, of how many providers, and {grade: how many}."""
    found = rows.aggregate(evaluations=Count("pk"), providers=Count("organisation", distinct=True))
    grades = rows.order_by("grade").values_list("grade").annotate(number=Count("pk"))
    return {**found, "grades": dict(grades)}


def years_of_evaluations() -> list[int]:
    """Return the years in which the evaluated periods end, the latest first."""
    return [day.year for day in published_evaluations().dates("period_to", "year", order="DESC")]


def hromadas_of_evaluations() -> QuerySet[Territory]:
    """Return the hromadas whose working groups have published an evaluation."""
    keys = published_evaluations().values("hromada")
    return Territory.objects.filter(pk__in=keys).select_related("oblast").order_by("oblast__name", "name")


# --- the yearly internal evaluation ----------------------------------------------------------------------------------


def without_internal(year: int) -> QuerySet[Organisation]:
    """Return the providers that had a contract in the year and have published no internal evaluation of it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    served = Contract.objects.filter(
        contractor=OuterRef("pk"), concluded_at__isnull=False, service_from__lte=last, service_to__gte=first
    )
    told = published_evaluations().filter(
        organisation=OuterRef("pk"), kind=QualityKind.INTERNAL, period_to__range=(first, last)
    )
    return Organisation.objects.filter(Exists(served), ~Exists(told)).order_by("name", "pk")
