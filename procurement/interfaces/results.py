"""The published results of a competition: the outcome first, then everything that it was made from.

Read from what is frozen: the decision with the texts it rests on, and the signed minutes; never from rows of scoring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement.domain.evaluation.appeals import appeal_window
from procurement.domain.evaluation.decided import results_of
from procurement.enums import AwardOutcome, CompetitionState
from procurement.interfaces.minutes_paper import MinutesPaper
from procurement.interfaces.moments import in_words
from procurement.interfaces.result_parts import (
    PublishedFile,
    ShownAppeal,
    ShownAward,
    ShownDecision,
    decision_texts,
    shown_appeals,
    shown_decisions,
)
from procurement.interfaces.result_reading import names_of, notes_of, reasons_of
from procurement.interfaces.result_tables import LotTable, RankLine, lot_tables
from procurement.interfaces.result_why import why
from procurement.models import AwardDecision, Competition

_FIXED: Final = {
    "scores.csv": "procurement:scores_file",
    "rubric.json": "procurement:rubric_file",
    "ranking.csv": "procurement:ranking_file",
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of the ranking with why it stands there, and what became of the award where it got one."""

    line: RankLine
    why: list[str]
    award: ShownAward | None


@dataclass(frozen=True, slots=True)
class RankedLot:
    table: LotTable
    lines: list[Ranked]


@dataclass(frozen=True, slots=True)
class Window:
    """Until when an appeal may be filed, and why; without a term in the table there is no last day."""

    until: str
    why: str
    is_over: bool


class ResultsPage:
    """The results by the decision in force, or by an earlier one that stays readable."""

    def __init__(
        self, competition: Competition, told: Mapping[str, Any], now: datetime, number: int | None = None
    ) -> None:
        self.competition = competition
        self.now = now
        self.all: list[AwardDecision] = told["decisions"]
        self.last: AwardDecision = told["decision"]
        self.is_annulled: bool = told["is_annulled"]
        self.decision = next((one for one in self.all if one.number == number), self.last)
        for one in self.all:
            # rows of one query know the competition that they were asked for
            one.competition = one.round.competition = competition
            one.minutes.round = one.round
        self.minutes = self.decision.minutes
        self.content: Mapping[str, Any] = self.minutes.content
        self.names = names_of(self.content)

    @property
    def is_in_force(self) -> bool:
        return self.decision.pk == self.last.pk and not self.is_annulled

    @property
    def decided_at(self) -> int:
        """The entry of the decision log that published the last decision."""
        return self.last.log_seq or 0

    # --- the outcome -------------------------------------------------------------------------------------------------

    @property
    def has_winner(self) -> bool:
        return self.decision.outcome == AwardOutcome.AWARD

    @cached_property
    def awards(self) -> list[ShownAward]:
        return [ShownAward(one) for one in self.decision.awards.all()]

    @property
    def outcome(self) -> list[str]:
        """The outcome in plain sentences, one for each award."""
        if not self.has_winner:
            return [_("Nobody has won.")]
        return [self._won(one) for one in self.awards]

    def _won(self, one: ShownAward) -> str:
        number = one.award.lot.number
        line = next((found for lot in self.lots if (found := _line_for(lot, one))), None)
        words = {
            "name": one.name,
            "lot": _("Lot %(number)s: ") % {"number": number} if len(self.lots) > 1 else "",
            "points": _(" with %(total)s points") % {"total": line.total_words} if line else "",
            "sum": _(", %(sum)s") % {"sum": one.sum} if one.sum else "",
        }
        return _("%(lot)s%(name)s has won%(points)s%(sum)s.") % words

    # --- the ranking -------------------------------------------------------------------------------------------------

    @cached_property
    def texts(self) -> dict[str, str]:
        return decision_texts(self.decision)

    @cached_property
    def lots(self) -> list[LotTable]:
        texts = {name.partition(".")[0]: text for name, text in self.texts.items()}
        found = lot_tables(texts, self.names, reasons_of(self.content), notes_of(self.content))
        # where nobody was admitted there is nothing to be ranked
        return found if any(lot.lines for lot in found) else []

    @cached_property
    def ranked(self) -> list[RankedLot]:
        awards = {(one.award.lot.number, one.award.proposal.number): one for one in self.awards}
        return [
            RankedLot(lot, [Ranked(line, why(line, lot), awards.get((lot.number, line.number))) for line in lot.lines])
            for lot in self.lots
        ]

    @property
    def is_ranked_anew(self) -> bool:
        """Say whether the decision rests on another ranking than the minutes', made with the failed winners aside."""
        return self.decision.ranking != self.minutes.ranking

    # --- the minutes -------------------------------------------------------------------------------------------------

    @cached_property
    def paper(self) -> MinutesPaper:
        """The minutes as they are read: admission, commission, sittings, recusals, signatures."""
        return MinutesPaper.of(self.minutes)

    @cached_property
    def rejected(self) -> list[dict[str, Any]]:
        return [one for one in self.paper.bids.admissions if not one["is_admitted"]]

    @cached_property
    def clarified(self) -> list[dict[str, Any]]:
        return [one for one in self.paper.bids.admissions if one["clarification"]]

    @property
    def uncounted(self) -> list[dict[str, Any]]:
        """Sheets that do not count, and those that were given back before they were filed anew."""
        return [one for one in self.paper.scores.sheets if one["why_not"] or one["earlier"]]

    # --- what came of it ---------------------------------------------------------------------------------------------

    @cached_property
    def decisions(self) -> list[ShownDecision]:
        return shown_decisions(self.all)

    @cached_property
    def appeals(self) -> list[ShownAppeal]:
        return shown_appeals(self.competition, names_applicants=True)

    @cached_property
    def window(self) -> Window:
        until, reasons = appeal_window(self.competition)
        return Window(in_words(until), reasons, until is not None and until < day_of(self.now))

    # --- to check it -------------------------------------------------------------------------------------------------

    @property
    def files(self) -> list[PublishedFile]:
        """The files from which anybody makes the ranking again, as this decision rests on them."""
        about = {
            "scores.csv": _("points of each member for each criterion"),
            "rubric.json": _("criteria, weights, thresholds, tie path, rounding"),
            "ranking.csv": _("the ranking that follows from the two"),
        }
        return [
            PublishedFile(name, self._address(name), sha256(text.encode()).hexdigest(), about[name])
            for name, text in self.texts.items()
        ]

    def _address(self, name: str) -> str:
        """Return the fixed address of a file of the decision in force, or where an earlier one has it."""
        if self.decision.pk == self.last.pk:
            return reverse(_FIXED[name], args=[self.competition.number])
        return reverse("procurement:decision_file", args=[self.competition.number, self.decision.number, name])

    @property
    def logged(self) -> list[tuple[str, str, int | None]]:
        """What the decision log has the digests of, with the numbers of the entries."""
        sheets = [one for one in self.paper.scores.sheets if one["digest"]]
        return [
            (_("Decision"), self.decision.digest, self.decision.log_seq),
            (_("Minutes"), self.minutes.digest, self.minutes.log_seq),
            *((_("Score sheet: %(member)s") % one, one["digest"], one["log_seq"]) for one in sheets),
        ]


def _line_for(lot: LotTable, one: ShownAward) -> RankLine | None:
    return lot.line_of(one.award.proposal.number or 0) if lot.number == one.award.lot.number else None


def page_of(competition: Competition, now: datetime, number: int | None = None) -> ResultsPage | None:
    """Return the results, or those by decision `number`; None where nothing is published, or there is no such one."""
    if competition.state not in CompetitionState.public:
        return None
    told = results_of(competition)
    if told is None or (number is not None and all(one.number != number for one in told["decisions"])):
        return None
    return ResultsPage(competition, told, now, number)
