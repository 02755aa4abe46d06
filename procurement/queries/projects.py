"""The register of projects: what was given to whom by decisions in force, where the policy keeps such a register."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, QuerySet, Sum

from procurement.enums import AwardState, ClarificationState, CompetitionState
from procurement.models import Award, Clarification, CompetitionVersion
from registry.models import Territory


def funded_projects() -> QuerySet[Award]:
    """Return the standing awards of decisions in force, of competitions whose frozen policy keeps the register."""
    return Award.objects.filter(
        state__in=AwardState.standing,
        decision__superseded_by__isnull=True,
        decision__competition__state=CompetitionState.AWARDED,
        decision__competition__versions__number=1,
        decision__competition__versions__frozen__policy__in_project_register=True,
    )


def for_list(rows: QuerySet[Award]) -> QuerySet[Award]:
    """Read with each award all that its line says, the newest decision first; no working copy and no key."""
    related = rows.select_related(
        "lot", "decision__competition__hromada__oblast", "decision__competition__commissioner__organisation"
    )
    applicant = related.select_related("proposal__organisation").defer(
        "proposal__draft", "proposal__draft_key", "decision__inputs", "decision__ranking", "decision__content"
    )
    return applicant.order_by("-decision__at", "decision__competition", "lot__number", "place", "pk")


def totals_of(rows: QuerySet[Award]) -> dict[str, Any]:
    """Return how many projects there are, of how many hromadas, and what they get in all."""
    return rows.aggregate(
        projects=Count("pk"), hromadas=Count("decision__competition__hromada", distinct=True), amount=Sum("amount")
    )


def years_of_projects() -> list[int]:
    """Return the years of the decisions, the latest first."""
    days = funded_projects().dates("decision__act_on", "year", order="DESC")
    return [day.year for day in days]


def hromadas_of_projects() -> QuerySet[Territory]:
    """Return the hromadas that have funded a project, with their oblasts."""
    keys = funded_projects().values("decision__competition__hromada")
    return Territory.objects.filter(pk__in=keys).select_related("oblast").order_by("oblast__name", "name")


def definitions_of(competitions: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the frozen definition of the form of each competition."""
    rows = CompetitionVersion.objects.filter(competition__in=competitions, number=1)
    return {key: definition or {} for key, definition in rows.values_list("competition", "frozen__form__definition")}


def clarified_of(proposals: Collection[Any]) -> dict[Any, dict[str, Any]]:
    """Return, for each proposal that answered a clarification, what the answers say now, by path."""
    rows = Clarification.objects.filter(admission__proposal__in=proposals, state=ClarificationState.ANSWERED)
    told = rows.order_by("pk").values_list("admission__proposal", "answers")
    return {key: {path: one.get("after") for path, one in answers.items()} for key, answers in told}
