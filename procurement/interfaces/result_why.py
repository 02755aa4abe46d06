"""Why a proposal won or did not, in short sentences that need no knowledge of the rubric."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from procurement.enums import RankOutcome
from procurement.interfaces.result_tables import LotTable, RankLine, tie_words, written
from registry.templatetags.register import money

# so many criteria are read at a glance
_FEW: Final = 3


def why(line: RankLine, lot: LotTable) -> list[str]:
    """Say in short sentences what decided about a proposal: the reason first, then what it lacked."""
    said = {
        RankOutcome.WINNER: _won,
        "reserve": _outscored,
        "below_threshold": _below,
        "over_budget": _over_budget,
        "undecided": _equal,
    }.get(line.outcome)
    return list(said(line, lot)) if said else [_STOOD_ASIDE.get(line.outcome, lambda: line.outcome_words)()]


_STOOD_ASIDE: Final[dict[str, Callable[[], str]]] = {
    "refused": lambda: _("It won, and the winner refused; the next one in the ranking takes its place."),
    "lapsed": lambda: _("It won, and the contract was not signed in time; the next one takes its place."),
    "excluded": lambda: _("It was excluded after the scoring: see the decision."),
}


def _won(line: RankLine, lot: LotTable) -> Iterator[str]:
    words = {"total": line.total_words, "step": tie_words(line, lot)}
    if len(lot.lines) == 1:
        yield (
            _("It has %(total)s points. It is the only proposal that was scored, and it reaches the threshold.") % words
        )
    elif line.tie:
        yield _("It has %(total)s points, as many as another one. What told them apart: %(step)s.") % words
    elif len(lot.winners) > 1:
        yield _("It has %(total)s points, and what it asks for fits into the budget.") % words
    else:
        yield _("It has %(total)s points, more than the others that may win.") % words


def _outscored(line: RankLine, lot: LotTable) -> Iterator[str]:
    if not lot.winners:
        return
    last = lot.winners[-1]
    words = {"total": line.total_words, "winner": last.name, "best": last.total_words}
    if line.total == last.total:
        step = tie_words(line, lot) or tie_words(last, lot)
        yield _("It has %(total)s points, as many as %(winner)s.") % words
        if step:
            yield _("What told them apart: %(step)s.") % {"step": step}
        return
    yield _("It has %(total)s points; the winner, %(winner)s, has %(best)s.") % words
    if lacks := _lacks(line, last):
        all_told = len(lacks) <= _FEW
        sentence = (
            _("Where the winner got more: %(criteria)s.") if all_told else _("Most of all it lacks: %(criteria)s.")
        )
        yield sentence % {"criteria": "; ".join(lacks[:_FEW])}


def _lacks(line: RankLine, winner: RankLine) -> list[str]:
    """Return the criteria by which the winner is ahead, the widest gap first."""
    pairs = zip(line.criteria, winner.criteria, strict=True)
    gaps = [((best.value or Decimal(0)) - (own.value or Decimal(0)), own, best) for own, best in pairs]
    ahead = sorted((gap for gap in gaps if gap[0] > 0), key=lambda gap: -gap[0])
    return [
        _("%(name)s (%(own)s against %(best)s)") % {"name": own.criterion.name, "own": own.words, "best": best.words}
        for _gap, own, best in ahead
    ]


def _below(line: RankLine, lot: LotTable) -> Iterator[str]:
    if lot.threshold is not None and line.total < lot.threshold:
        words = {"total": line.total_words, "least": written(lot.threshold)}
        yield _("It has %(total)s points, at least %(least)s are needed to win.") % words
    for row in line.criteria:
        if row.is_below and row.criterion.threshold is not None:
            words = {"name": row.criterion.name, "own": row.words, "least": written(row.criterion.threshold)}
            yield _("For “%(name)s” it has %(own)s points, at least %(least)s are needed.") % words


def _over_budget(line: RankLine, lot: LotTable) -> Iterator[str]:
    if line.asked is None:
        yield _("It reaches the threshold, but it does not say how much money it asks for.")
        return
    words = {"asked": money(line.asked), "budget": money(lot.budget) if lot.budget is not None else _("not stated")}
    yield _("It reaches the threshold, but those above it take up the budget: it asks for %(asked)s of %(budget)s.") % (
        words
    )


def _equal(line: RankLine, lot: LotTable) -> Iterator[str]:
    del lot
    yield _("It has %(total)s points, as many as another one, and nothing tells them apart yet.") % {
        "total": line.total_words
    }
