"""The discussion of scores as its pages have it: the comparison, equal proposals, what follows for now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from procurement import rules
from procurement.domain.evaluation.ranked import ranked
from procurement.domain.evaluation.rankings import freeze_ranking, standings_of
from procurement.domain.forms.words import amount_words
from procurement.enums import MemberRole, MinutesState, RankOutcome, RoundState, TieKind
from procurement.interfaces.score_comparison import Comparison, comparison_of
from procurement.models import EvaluationRound, TieBreak
from procurement.ranking import sensitivity

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(slots=True)
class Equals:
    """Proposals between whom nothing but a vote or a drawing decides: number, name, the place that was typed."""

    lot: int
    proposals: list[tuple[int, str, str]]
    kind: str = ""
    reason: str = ""
    error: str = ""

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        return [(value, str(label), value == self.kind) for value, label in TieKind.choices]

    @property
    def places(self) -> list[str]:
        return [str(place) for place in range(1, len(self.proposals) + 1)]


@dataclass(slots=True)
class Discussion:
    """All that a page of the discussion shows; what may be done there by whom looks on it."""

    comparison: Comparison
    may_note: bool = False
    may_preside: bool = False
    equals: list[Equals] = field(default_factory=list)
    tie_breaks: list[TieBreak] = field(default_factory=list)
    ranking: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    # what came back from a form: the sheet whose return was refused, why, and what was typed
    refused_return: int = 0
    error: str = ""
    typed: str = ""


def discussion_of(round_: EvaluationRound, user: User, *, blind: bool) -> Discussion:
    """Return the discussion for who sees the scores (`rules.can_see_scores`, which the caller has asked)."""
    told = Discussion(comparison_of(round_, blind=blind))
    if round_.state not in RoundState.compared:
        return told
    has_minutes = round_.minutes.exclude(state=MinutesState.WITHDRAWN).exists()
    is_open = round_.state == RoundState.DISCUSSION and not has_minutes
    told.may_note = is_open
    member = rules.membership(user, round_.competition)
    presides = member is not None and member.role in MemberRole.presiding
    told.may_preside = is_open and (presides or bool(rules.can_run_competition(user, round_.competition)))
    told.tie_breaks = list(round_.tie_breaks.select_related("lot"))
    _follow(told, round_, is_open=is_open)
    return told


def _follow(told: Discussion, round_: EvaluationRound, *, is_open: bool) -> None:
    """Add what follows from the filed sheets as they stand: places, equals, how much hangs on one member."""
    names = {(one.item.lot.number, one.item.proposal.number): one.name for one in told.comparison.items}
    frozen = freeze_ranking(round_, standings=standings_of(round_))
    rows = ranked(frozen.ranking)
    told.ranking = [
        (names.get((int(row["lot"]), int(row["proposal"])), ""), {**row, "total": _total(row["total"])}) for row in rows
    ]
    if not told.ranking or not is_open:
        return
    told.changes = _changes(sensitivity(frozen.scores, frozen.rubric), told.comparison)
    equals: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        if row["outcome"] == RankOutcome.UNDECIDED:
            equals.setdefault((int(row["lot"]), row["place"]), []).append(int(row["proposal"]))
    told.equals = [
        Equals(lot, [(number, names.get((lot, number), str(number)), "") for number in sorted(numbers)])
        for (lot, _place), numbers in equals.items()
    ]


def _total(text: str) -> str:
    return amount_words(Decimal(text), is_money=False) if text else ""


def _changes(found: Mapping[str, Any], comparison: Comparison) -> list[str]:
    """Say without whom, and without which criterion, another proposal would win."""
    names = {one.code: one.name for one in (row.criterion for item in comparison.items for row in item.rows)}
    told = [
        _("Without %(member)s another proposal would win.") % {"member": one["left_out"]}
        for one in found["members"]
        if one["changes"]
    ]
    told += [
        _("Without the criterion “%(criterion)s” another proposal would win.")
        % {"criterion": names.get(one["left_out"], one["left_out"])}
        for one in found["criteria"]
        if one["changes"]
    ]
    return told
