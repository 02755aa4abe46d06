"""Decisions, awards, appeals and published files as the pages of results show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from procurement.enums import AppealState, AwardState, RoundState
from procurement.interfaces.moments import in_words
from procurement.models import Appeal, Award, AwardDecision, Competition
from procurement.queries.applicants import printed_name, published_name
from procurement.queries.results import appeals_of
from registry.templatetags.register import money

AWARD_TONES: Final = {
    AwardState.OFFERED: "sun",
    AwardState.ACCEPTED: "ok",
    AwardState.REFUSED: "bad",
    AwardState.LAPSED: "bad",
    AwardState.SUPERSEDED: "",
}
APPEAL_TONES: Final = {
    AppealState.FILED: "sun",
    AppealState.CONSIDERED: "sun",
    AppealState.LEFT: "",
    AppealState.UPHELD: "ok",
    AppealState.DISMISSED: "bad",
    AppealState.WITHDRAWN: "",
}
_SILENT: Final = (*AppealState.open, AppealState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ShownAward:
    """What was given to whom, and what became of it."""

    award: Award

    @property
    def name(self) -> str:
        return printed_name(self.award.proposal.organisation, self.award.proposal.number)

    @property
    def tone(self) -> str:
        return AWARD_TONES[AwardState(self.award.state)]

    @property
    def sum(self) -> str:
        return money(self.award.amount) if self.award.amount is not None else ""


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision with its awards; it is in force while none supersedes it and no appeal has undone its round."""

    decision: AwardDecision
    is_superseded: bool

    @property
    def is_annulled(self) -> bool:
        return self.decision.round.state == RoundState.ANNULLED

    @property
    def is_in_force(self) -> bool:
        return not self.is_superseded and not self.is_annulled

    @property
    def awards(self) -> list[ShownAward]:
        return [ShownAward(one) for one in self.decision.awards.all()]

    @property
    def act(self) -> dict[str, str]:
        return {"number": self.decision.act_number, "day": in_words(self.decision.act_on)}

    @property
    def url(self) -> str:
        return reverse("procurement:decision_results", args=[self.decision.competition.number, self.decision.number])


@dataclass(frozen=True, slots=True)
class ShownAppeal:
    """An appeal as everybody reads it: who complains once applicants are public, what is said once it is answered."""

    appeal: Appeal
    names_applicants: bool

    @property
    def who(self) -> str:
        return published_name(self.appeal.organisation, self.appeal.competition_id) if self.names_applicants else ""

    @property
    def is_open(self) -> bool:
        return self.appeal.state in AppealState.open

    @property
    def text(self) -> str:
        return "" if self.appeal.state in _SILENT else self.appeal.text

    @property
    def asked(self) -> str:
        return "" if self.appeal.state in _SILENT else self.appeal.remedy_asked

    @property
    def tone(self) -> str:
        return APPEAL_TONES[AppealState(self.appeal.state)]


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file beside the results, with the digest of its bytes."""

    name: str
    url: str
    digest: str
    about: str


def shown_decisions(decisions: list[AwardDecision]) -> list[ShownDecision]:
    """Return the decisions, the last one first."""
    superseded = {one.supersedes_id for one in decisions}
    return [ShownDecision(one, one.pk in superseded) for one in reversed(decisions)]


def shown_appeals(competition: Competition, *, names_applicants: bool) -> list[ShownAppeal]:
    """Return the appeals for a page of the competition; applicants are public from the first decision on."""
    return [ShownAppeal(one, names_applicants) for one in appeals_of(competition)]


def decision_texts(decision: AwardDecision) -> dict[str, str]:
    """Return the files that a decision rests on, by their names; none is empty."""
    inputs: Mapping[str, Any] = decision.inputs
    told = {
        "scores.csv": inputs.get("scores", ""),
        "rubric.json": inputs.get("rubric", ""),
        "ranking.csv": decision.ranking,
    }
    return {name: str(text) for name, text in told.items() if text}
