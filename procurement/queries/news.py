"""What has happened to competitions lately, the newest first: versions, openings, decisions, ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import QuerySet

from procurement.enums import AwardOutcome, CompetitionState, VersionKind
from procurement.models import AwardDecision, Competition, CompetitionStep, CompetitionVersion
from procurement.queries.moves import Move, moves_between

# what the kinds of versions are called as steps
_STEPS: Final = {VersionKind.PUBLICATION: "publish", VersionKind.CHANGE: "change", VersionKind.EXTENSION: "extend"}
_RELATED: Final = ("commissioner__organisation", "hromada__oblast", "end_ground")
_REOPENED: Final = "reopen"
# what no reader of news needs: the keys and the frozen rules
_HEAVY: Final = ("public_key", "wrapped_key")


@dataclass(frozen=True, slots=True)
class News:
    """One step that everybody may know of; `version` says what was published by it, if anything was."""

    step: str
    at: datetime
    competition: Competition
    version: CompetitionVersion | None = None
    moves: list[Move] = field(default_factory=list)
    # of the steps award and leave
    decision: AwardDecision | None = None

    @property
    def mark(self) -> str:
        """What tells this piece of news from all others of the same competition, for ever."""
        if self.version:
            return f"v{self.version.number}"
        if self.decision:
            return f"decision{self.decision.number}"
        # what may happen twice carries its moment
        return f"{self.step}-{self.at.astimezone(UTC):%Y%m%dT%H%M%SZ}" if self.step == _REOPENED else self.step


def latest_news(rows: QuerySet[Competition], limit: int) -> list[News]:
    """Return the latest news of these competitions; the same number of queries however many there are."""
    keys = rows.order_by().values("pk")
    found = [
        *_published(CompetitionVersion.objects.filter(competition__in=keys), limit),
        *_stamped(rows, "ended_at", limit),
        *_stamped(rows, "opened_at", limit),
        *_decided(AwardDecision.objects.filter(competition__in=keys), limit),
        *_reopened(CompetitionStep.objects.filter(competition__in=keys), limit),
    ]
    return sorted(found, key=lambda news: (news.at, news.competition.pk, news.mark), reverse=True)[:limit]


def _published(rows: QuerySet[CompetitionVersion], limit: int) -> Iterable[News]:
    related = ("ground", *(f"competition__{name}" for name in _RELATED))
    heavy = ("frozen", *(f"competition__{name}" for name in _HEAVY))
    versions = list(rows.select_related(*related).defer(*heavy).order_by("-at", "-pk")[:limit])
    earlier = _dates_of_all({version.competition_id for version in versions if version.number > 1})
    for version in versions:
        before = earlier.get((version.competition_id, version.number - 1))
        moves = moves_between(before, version.content) if before else []
        yield News(_STEPS[VersionKind(version.kind)], version.at, version.competition, version, moves)


def _dates_of_all(competitions: set[int]) -> dict[tuple[int, int], dict[str, Any]]:
    if not competitions:
        return {}
    rows = CompetitionVersion.objects.filter(competition__in=competitions)
    told = rows.values_list("competition_id", "number", "content__dates")
    return {(competition, number): {"dates": dates or {}} for competition, number, dates in told}


def _stamped(rows: QuerySet[Competition], stamp: str, limit: int) -> Iterable[News]:
    found = rows.filter(**{f"{stamp}__isnull": False}).select_related(*_RELATED).defer(*_HEAVY)
    for competition in found.order_by(f"-{stamp}")[:limit]:
        ended = "cancel" if competition.state == CompetitionState.CANCELLED else "void"
        yield News("open" if stamp == "opened_at" else ended, getattr(competition, stamp), competition)


def _decided(rows: QuerySet[AwardDecision], limit: int) -> Iterable[News]:
    """Yield the decisions, each with its awards; one that supersedes another is news too."""
    related = (f"competition__{name}" for name in _RELATED)
    heavy = ("inputs", "ranking", "content", *(f"competition__{name}" for name in _HEAVY))
    awards = ("awards__lot", "awards__proposal__organisation")
    found = rows.select_related("ground", *related).defer(*heavy).prefetch_related(*awards)
    for decision in found.order_by("-at", "-pk")[:limit]:
        step = "award" if decision.outcome == AwardOutcome.AWARD else "leave"
        yield News(step, decision.at, decision.competition, decision=decision)


def _reopened(rows: QuerySet[CompetitionStep], limit: int) -> Iterable[News]:
    related = (f"competition__{name}" for name in _RELATED)
    found = rows.filter(step=_REOPENED).select_related(*related).defer(*(f"competition__{name}" for name in _HEAVY))
    for row in found.order_by("-at", "-pk")[:limit]:
        yield News(_REOPENED, row.at, row.competition)
