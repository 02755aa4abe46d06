"""What everybody may read of many competitions at once, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from procurement.models import (
    Appeal,
    Award,
    AwardDecision,
    Competition,
    CompetitionVersion,
    Minutes,
    Proposal,
    Question,
)
from procurement.queries.announcements import OF_QUESTION

_RELATED = ("commissioner__organisation", "hromada__oblast", "end_ground")


@dataclass(slots=True)
class CompetitionParts:
    """An announced competition with what is public of it.

    `content` is the announcement in force; `minutes` the content of the minutes that the last decision rests on;
    `numbers` the numbers of proposals by organisation, for printed names alone.
    """

    competition: Competition
    content: Mapping[str, Any] = field(default_factory=dict)
    versions: list[CompetitionVersion] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    decisions: list[AwardDecision] = field(default_factory=list)
    minutes: Mapping[str, Any] = field(default_factory=dict)
    appeals: list[Appeal] = field(default_factory=list)
    numbers: dict[int, int | None] = field(default_factory=dict)

    @property
    def lots(self) -> list[Mapping[str, Any]]:
        return list(self.content.get("lots") or ())

    @property
    def in_force(self) -> AwardDecision:
        """The decision that no other supersedes; there must be one."""
        superseded = {one.supersedes_id for one in self.decisions}
        return next(one for one in reversed(self.decisions) if one.pk not in superseded)


def public_parts(numbers: Sequence[str]) -> dict[str, CompetitionParts]:
    """Return the announced competitions among these numbers, by number."""
    rows = Competition.objects.public().filter(number__in=numbers).select_related(*_RELATED)
    found = {one.pk: CompetitionParts(one) for one in rows.defer("public_key", "wrapped_key")}
    keys = list(found)
    for version in _versions(keys):
        found[version.competition_id].versions.append(version)
    current = CompetitionVersion.objects.filter(competition__in=keys, number=F("competition__version"))
    for key, content in current.values_list("competition", "content"):
        found[key].content = content
    for question in Question.objects.filter(competition__in=keys).only(*OF_QUESTION).order_by("number"):
        found[question.competition_id].questions.append(question)
    for decision in _decisions(keys):
        found[decision.competition_id].decisions.append(decision)
    for appeal in _appeals(keys):
        found[appeal.competition_id].appeals.append(appeal)
    _add_minutes(found)
    return {str(parts.competition.number): parts for parts in found.values()}


def _versions(keys: list[int]) -> QuerySet[CompetitionVersion]:
    rows = CompetitionVersion.objects.filter(competition__in=keys).select_related("ground")
    return rows.defer("content", "frozen").order_by("competition", "number")


def _decisions(keys: list[int]) -> QuerySet[AwardDecision]:
    """Return the decisions with their awards, without their canonical records."""
    proposals = Proposal.objects.select_related("organisation").only("number", "organisation")
    awards = Award.objects.select_related("lot").prefetch_related(Prefetch("proposal", proposals))
    rows = AwardDecision.objects.filter(competition__in=keys).select_related("round", "ground", "supersedes")
    deferred = rows.defer("content", "supersedes__content", "supersedes__inputs", "supersedes__ranking")
    return deferred.prefetch_related(Prefetch("awards", awards.order_by("lot__number", "place", "pk"))).order_by(
        "competition", "number"
    )


def _appeals(keys: list[int]) -> QuerySet[Appeal]:
    rows = Appeal.objects.filter(competition__in=keys).select_related("organisation", "ground", "decision")
    heavy = ("decision__content", "decision__inputs", "decision__ranking")
    return rows.defer(*heavy).order_by("competition", "number")


def _add_minutes(found: dict[int, CompetitionParts]) -> None:
    """Add what the last decisions rest on, and how proposals of decided competitions are numbered."""
    decided = [parts for parts in found.values() if parts.decisions]
    wanted = {parts.in_force.minutes_id: parts for parts in decided}
    for key, content in Minutes.objects.filter(pk__in=wanted).values_list("pk", "content"):
        wanted[key].minutes = content
    numbers: dict[int, dict[int, int | None]] = defaultdict(dict)
    rows: Iterable[tuple[int, int, int | None]] = Proposal.objects.filter(
        competition__in=[parts.competition.pk for parts in decided]
    ).values_list("competition", "organisation", "number")
    for competition, organisation, number in rows:
        numbers[competition][organisation] = number
    for parts in decided:
        parts.numbers = numbers[parts.competition.pk]
