"""From the inputs to the places and outcomes: by total, by the path of ties, by what the award allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any

from procurement.ranking.model import ABLE, Bid, RankedLot, Rubric, Table
from procurement.ranking.texts import Placed


@dataclass(slots=True)
class Standing:
    """A proposal while its lot is ranked; equal keys are equals."""

    bid: Bid
    total: Decimal
    values: dict[str, Decimal]
    outcome: str
    key: tuple[Any, ...] = field(default=())

    @property
    def is_able(self) -> bool:
        return self.outcome == ABLE


Group = list[Standing]


def place(table: Table) -> list[Placed]:
    """Return the lines of the ranking, lot after lot, the first place first."""
    return [line for lot in table.lots for line in _lines(table.rubric, _decided(table, lot))]


def groups_of(table: Table, lot: RankedLot, *, with_casting: bool = True) -> list[Group]:
    """Return the proposals of a lot from the first place on, those that nothing tells apart together."""
    rubric = table.rubric
    standing = [_standing(rubric, bid) for bid in table.bids if bid.lot == lot.number]
    for one in standing:
        one.key = (-one.total, *_path(rubric, one, with_casting=with_casting))
    standing.sort(key=lambda one: (one.key, one.bid.number))
    return [list(group) for _key, group in groupby(standing, attrgetter("key"))]


def _decided(table: Table, lot: RankedLot) -> list[Group]:
    groups = groups_of(table, lot)
    if table.rubric.by_budget:
        _fill(groups, lot.budget or Fraction(0), stops=table.rubric.stops)
    else:
        _take_first(groups)
    return groups


# --- one proposal ----------------------------------------------------------------------------------------------------


def _standing(rubric: Rubric, bid: Bid) -> Standing:
    """Return the proposal with its values and total, each rounded once, and whether it may win at all."""
    exact = {one.code: _value(rubric, bid, one.code) for one in rubric.criteria}
    total = rubric.rounding(sum((one.weight * exact[one.code] for one in rubric.criteria), Fraction(0)))
    values = {code: rubric.rounding(value) for code, value in exact.items()}
    return Standing(bid, total, values, bid.standing or _outcome(rubric, bid, total, values))


def _value(rubric: Rubric, bid: Bid, code: str) -> Fraction:
    """Return the mean or the sum of the points given; none of them counts nothing."""
    points = bid.points.get(code)
    if not points:
        return Fraction(0)
    return Fraction(sum(points.values())) / (len(points) if rubric.is_mean else 1)


def _outcome(rubric: Rubric, bid: Bid, total: Decimal, values: dict[str, Decimal]) -> str:
    limits = [(values[one.code], one.threshold) for one in rubric.criteria]
    if any(limit is not None and Fraction(value) < limit for value, limit in [(total, rubric.threshold), *limits]):
        return "below_threshold"
    return "over_budget" if rubric.by_budget and not bid.asked else ABLE


def _path(rubric: Rubric, one: Standing, *, with_casting: bool) -> Iterator[Any]:
    for step in rubric.ties:
        match step.by:
            case "criterion":
                yield -one.values[step.criterion]
            case "asked":
                yield (not one.bid.asked, Decimal(one.bid.asked or 0))
            case "earlier":
                yield one.bid.submitted_at
            case "casting":
                cast = one.bid.casting if with_casting else None
                yield (cast is None, cast or 0)


# --- who wins --------------------------------------------------------------------------------------------------------


def _take_first(groups: Sequence[Group]) -> None:
    """Let the first that may win do so; equals there are undecided."""
    for group in groups:
        able = [one for one in group if one.is_able]
        for one in able:
            one.outcome = "winner" if len(able) == 1 else "undecided"
        if able:
            return


def _fill(groups: Sequence[Group], budget: Fraction, *, stops: bool) -> None:
    """Let those win that fit into the budget from the top; equals of which only some can are undecided.

    Whoever does not fit is passed over, or, where the rubric `stops`, ends it for all below.
    """
    left, is_over = budget, False
    for group in groups:
        able = [(one, Fraction(one.bid.asked)) for one in group if one.is_able]
        fitting = [] if is_over else [(one, need) for one, need in able if need <= left]
        needed = sum((need for _one, need in fitting), Fraction(0))
        if needed > left or (stops and fitting and len(fitting) < len(able)):
            _leave_undecided(able, able if stops else fitting)
            return
        for one, _need in able:
            one.outcome = "over_budget"
        for one, _need in fitting:
            one.outcome = "winner"
        left -= needed
        is_over = is_over or (stops and len(fitting) < len(able))


def _leave_undecided(able: list[tuple[Standing, Fraction]], open_: list[tuple[Standing, Fraction]]) -> None:
    for one, _need in able:
        one.outcome = "over_budget"
    for one, _need in open_:
        one.outcome = "undecided"


# --- the lines -------------------------------------------------------------------------------------------------------


def _lines(rubric: Rubric, groups: Sequence[Group]) -> Iterator[Placed]:
    taken = 0
    for index, group in enumerate(groups):
        above, under = groups[index - 1] if index else None, groups[index + 1] if index + 1 < len(groups) else None
        tie = _told_apart(rubric, group, above) or _told_apart(rubric, group, under)
        for one in group:
            yield Placed(
                lot=one.bid.lot,
                place=taken + 1,
                proposal=one.bid.number,
                total=one.total,
                values=one.values,
                asked=one.bid.asked,
                outcome=one.outcome,
                tie=tie,
            )
        taken += len(group)


def _told_apart(rubric: Rubric, group: Group, neighbour: Group | None) -> str:
    """Name the step by which two groups of an equal total differ; nothing where the totals tell them apart."""
    if neighbour is None or neighbour[0].total != group[0].total:
        return ""
    pairs = zip(rubric.ties, group[0].key[1:], neighbour[0].key[1:], strict=True)
    return next(step.name for step, own, other in pairs if own != other)
