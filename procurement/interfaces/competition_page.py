"""All that the page of a competition says, gathered in a fixed number of queries however many lots and questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from procurement.domain.calls.phases import ends_at, phase
from procurement.domain.calls.timeline import TimelineLine, timeline
from procurement.enums import CompetitionState, Phase
from procurement.interfaces.competition_lists import TONES
from procurement.interfaces.moments import in_words, left_words, until_words
from procurement.interfaces.notice_changes import NoticeChange, changes_between
from procurement.interfaces.notices import Notice, read_notice
from procurement.interfaces.result_parts import ShownAppeal, shown_appeals
from procurement.interfaces.results import ResultsPage
from procurement.interfaces.results import page_of as results_page_of
from procurement.models import (
    Competition,
    CompetitionDocument,
    CompetitionVersion,
    EvaluationRound,
    Opening,
    Question,
)
from procurement.queries.announcements import (
    Commitment,
    commitments_of,
    files_of,
    number_unanswered,
    opening_of,
    questions_of,
    versions_of,
)
from procurement.queries.rounds import running_round


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version in the list of versions: what it says otherwise than the one before it."""

    version: CompetitionVersion
    changes: list[NoticeChange]

    @property
    def url(self) -> str:
        return reverse("procurement:version", args=[self.version.competition.number, self.version.number])


class CompetitionPage:
    """One competition at a moment, as everybody reads it."""

    def __init__(self, competition: Competition, now: datetime) -> None:
        self.competition = competition
        self.now = now
        self.versions = versions_of(competition)
        self.version = self.versions[-1]
        self.notice: Notice = read_notice(self.version.content, self.version.frozen)
        self.phase = phase(competition, now)
        self.tone = TONES.get(self.phase, "")
        self.questions: list[Question] = questions_of(competition)

    @property
    def is_accepting(self) -> bool:
        return self.phase in Phase.accepting

    @property
    def is_over_early(self) -> bool:
        return self.competition.state in CompetitionState.ended

    @property
    def takes_questions(self) -> bool:
        """Say whether a question may still be asked, as `procurement.domain.calls.questions.ask` judges it."""
        until = self.competition.questions_until or self.competition.closes_at
        return self.competition.state == CompetitionState.PUBLISHED and until is not None and self.now < until

    @cached_property
    def end(self) -> datetime | None:
        return ends_at(self.competition, self.now)

    @property
    def left(self) -> str:
        """How long proposals are still accepted, or how long it is until they are."""
        moment = self.competition.opens_at if self.phase == Phase.ANNOUNCED else self.end
        return left_words(moment, self.now) if moment else ""

    @property
    def until(self) -> str:
        return until_words(self.end, self.now) if self.end else ""

    @property
    def opens(self) -> str:
        return in_words(self.competition.opens_at)

    @property
    def total(self) -> Decimal | None:
        return self.notice.total

    @property
    def place(self) -> str:
        hromada = self.competition.hromada
        return ", ".join(dict.fromkeys(unit.label for unit in (hromada, hromada.oblast) if unit))

    @cached_property
    def timeline(self) -> list[TimelineLine]:
        return timeline(self.competition, self.now)

    @property
    def unanswered(self) -> int:
        return number_unanswered(self.questions)

    @cached_property
    def files(self) -> list[CompetitionDocument]:
        return files_of(self.competition)

    @cached_property
    def commitments(self) -> list[Commitment]:
        return commitments_of(self.competition)

    @cached_property
    def opening(self) -> Opening | None:
        return opening_of(self.competition) if self.competition.state in CompetitionState.readable else None

    @cached_property
    def results(self) -> ResultsPage | None:
        """Return the results by the decision in force; nothing before one is taken."""
        return results_page_of(self.competition, self.now) if self.competition.opened_at else None

    @cached_property
    def appeals(self) -> list[ShownAppeal]:
        # who complains tells who has applied, and that is public from the first decision on
        return shown_appeals(self.competition, names_applicants=self.results is not None)

    @cached_property
    def round(self) -> EvaluationRound | None:
        """How far the commission has come, while it evaluates."""
        is_evaluated = self.competition.state == CompetitionState.OPENED
        return running_round(self.competition) if is_evaluated else None

    @property
    def earlier_versions(self) -> list[ShownVersion]:
        """The versions, the newest first, each with what it changed."""
        return [show_version(self.versions, place) for place in range(len(self.versions) - 1, -1, -1)]


def show_version(versions: list[CompetitionVersion], place: int) -> ShownVersion:
    version = versions[place]
    changes = changes_between(versions[place - 1].content, version.content) if place else []
    return ShownVersion(version, changes)


def version_context(competition: Competition, number: int, now: datetime) -> dict[str, Any] | None:
    """Return what the page of one version says; None where there is no such version."""
    page = CompetitionPage(competition, now)
    place = next((place for place, version in enumerate(page.versions) if version.number == number), None)
    if place is None:
        return None
    shown = show_version(page.versions, place)
    is_current = place == len(page.versions) - 1
    notice = read_notice(shown.version.content, shown.version.frozen)
    return {"page": page, "shown": shown, "notice": notice, "is_current": is_current}
