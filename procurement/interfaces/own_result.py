"""What became of one bidder's proposal: won or not, why, by what points, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from procurement import rules
from procurement.enums import AwardState
from procurement.interfaces.result_parts import ShownAppeal, ShownAward
from procurement.interfaces.result_tables import CriterionLine, LotTable, RankLine, written
from procurement.interfaces.results import Ranked, ResultsPage, Window, page_of
from procurement.models import Proposal

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Against:
    """One criterion of the own proposal beside the winner's."""

    own: CriterionLine
    best: CriterionLine | None

    @property
    def gap(self) -> str:
        """How many points the winner is ahead; nothing where it is not."""
        if self.best is None:
            return ""
        ahead = (self.best.value or Decimal(0)) - (self.own.value or Decimal(0))
        return written(ahead) if ahead > 0 else ""


@dataclass(frozen=True, slots=True)
class OwnLot:
    """The own proposal in a lot: its line, the line of the last winner above it, criterion by criterion."""

    table: LotTable
    ranked: Ranked

    @property
    def line(self) -> RankLine:
        return self.ranked.line

    @property
    def winner(self) -> RankLine | None:
        if self.line.has_won:
            return None
        # a winner below it has fewer points and only asked for less money
        above = takewhile(lambda one: one.number != self.line.number, self.table.lines)
        return next((one for one in reversed(list(above)) if one.has_won), None)

    @property
    def rows(self) -> list[Against]:
        others = self.winner.criteria if self.winner else ()
        return [Against(own, others[place] if others else None) for place, own in enumerate(self.line.criteria)]


class OwnResult:
    """The result of one proposal by the decision in force; `may_sign` may appeal and answer an award."""

    def __init__(self, proposal: Proposal, results: ResultsPage, user: User) -> None:
        self.proposal = proposal
        self.results = results
        self.may_sign = rules.can_submit_proposal(user, proposal)

    @cached_property
    def lots(self) -> list[OwnLot]:
        return [
            OwnLot(lot.table, row)
            for lot in self.results.ranked
            for row in lot.lines
            if row.line.number == self.proposal.number
        ]

    @cached_property
    def rejection(self) -> dict[str, Any] | None:
        """The admission that let the proposal not to scoring; nothing where it was scored."""
        own = (one for one in self.results.rejected if one["number"] == self.proposal.number)
        return next(own, None)

    @cached_property
    def clarification(self) -> dict[str, Any] | None:
        own = (one for one in self.results.clarified if one["number"] == self.proposal.number)
        found = next(own, None)
        return found["clarification"] if found else None

    @cached_property
    def awards(self) -> list[ShownAward]:
        return [one for one in self.results.awards if one.award.proposal.pk == self.proposal.pk]

    @property
    def has_won(self) -> bool:
        return bool(self.awards)

    @property
    def waits_for_answer(self) -> bool:
        return self.results.is_in_force and any(one.award.state == AwardState.OFFERED for one in self.awards)

    @property
    def headline(self) -> str:
        if self.rejection:
            return _("Your proposal was not admitted to scoring")
        if not self.awards:
            return _("Your proposal has not won")
        if len(self.results.lots) > 1:
            lots = ", ".join(str(one.award.lot.number) for one in self.awards)
            return _("Your proposal has won: lot %(lots)s") % {"lots": lots}
        return _("Your proposal has won")

    @property
    def window(self) -> Window:
        return self.results.window

    @property
    def may_appeal(self) -> bool:
        return self.may_sign and not self.window.is_over

    @cached_property
    def appeals(self) -> list[ShownAppeal]:
        """The bidder's own appeals."""
        own = self.proposal.organisation_id
        return [one for one in self.results.appeals if one.appeal.organisation_id == own]


def own_result(proposal: Proposal, user: User, now: datetime) -> OwnResult | None:
    """Return the result of a proposal; None before anything is decided."""
    results = page_of(proposal.competition, now)
    return OwnResult(proposal, results, user) if results else None
