"""How much a ranking hangs on one member or one criterion: what would win without each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from procurement.ranking.model import Bid, Criterion, RankedLot, Rubric, Table
from procurement.ranking.placing import groups_of, place
from procurement.ranking.texts import Placed, read_table

Won = dict[int, dict[str, list[int]]]
_OUTCOMES: Final = {"winners": "winner", "undecided": "undecided"}


def sensitivity(scores: str, rubric: str) -> dict[str, Any]:
    """Return who wins, and whether that changes without any one member, without any one criterion.

    `{"lots": [{"lot", "winners", "undecided"}], "members": [{"left_out", "changes", "lots": [… with "changes"]}],
    "criteria": [as members]}`; what stands alone cannot be left out and is not in the list.

    Without a criterion the threshold of the total is lowered in the proportion of the greatest total that is left, its
    step of the tie path falls away. A recorded casting vote counts only where it was between the same equals.
    """
    table = read_table(scores, rubric)
    won, cast = _won(table, place(table)), _cast(table)
    members = table.members if len(table.members) > 1 else ()
    criteria = table.rubric.criteria if len(table.rubric.criteria) > 1 else ()
    return {
        "lots": [{"lot": lot, **told} for lot, told in won.items()],
        "members": [_change(name, won, _without_member(table, name), cast) for name in members],
        "criteria": [_change(one.code, won, _without_criterion(table, one), cast) for one in criteria],
    }


def equals_of(scores: str, rubric: str) -> dict[int, list[list[int]]]:
    """Return by lot the proposals that may win and that nothing but a casting vote or a drawing tells apart."""
    table = read_table(scores, rubric)
    return {lot.number: _equals(table, lot) for lot in table.lots}


def _equals(table: Table, lot: RankedLot) -> list[list[int]]:
    groups = groups_of(table, lot, with_casting=False)
    able = [[one.bid.number for one in group if one.is_able] for group in groups]
    return [numbers for numbers in able if len(numbers) > 1]


def _won(table: Table, placed: Iterable[Placed]) -> Won:
    won: Won = {lot.number: {name: [] for name in _OUTCOMES} for lot in table.lots}
    for line in placed:
        for name, outcome in _OUTCOMES.items():
            if line.outcome == outcome:
                won[line.lot][name].append(line.proposal)
    return {lot: {name: sorted(numbers) for name, numbers in told.items()} for lot, told in won.items()}


def _change(left_out: str, won: Won, table: Table, cast: set[tuple[int, frozenset[int]]]) -> dict[str, Any]:
    table = replace(table, bids=_with_casting_between(table, cast))
    without = _won(table, place(table))
    lots = [{"lot": lot, **told, "changes": told != won[lot]} for lot, told in without.items()]
    return {"left_out": left_out, "changes": any(one["changes"] for one in lots), "lots": lots}


def _without_member(table: Table, name: str) -> Table:
    return replace(table, bids=tuple(replace(bid, points=_points_without(bid, name)) for bid in table.bids))


def _points_without(bid: Bid, name: str) -> Mapping[str, Mapping[str, Decimal]]:
    return {code: {who: one for who, one in by.items() if who != name} for code, by in bid.points.items()}


def _without_criterion(table: Table, left_out: Criterion) -> Table:
    rubric = table.rubric
    criteria = tuple(one for one in rubric.criteria if one is not left_out)
    kept: Rubric = replace(
        rubric, criteria=criteria, ties=tuple(step for step in rubric.ties if step.criterion != left_out.code)
    )
    return replace(table, rubric=replace(kept, threshold=rubric.threshold * Fraction(kept.most, rubric.most)))


# --- recorded casting votes ------------------------------------------------------------------------------------------


def _cast(table: Table) -> set[tuple[int, frozenset[int]]]:
    """Return the sets of equals between which a casting vote or a drawing stands in the table."""
    cast = {(bid.lot, bid.number) for bid in table.bids if bid.casting is not None}
    equals = [(lot.number, frozenset(group)) for lot in table.lots for group in _equals(table, lot)]
    return {(lot, group) for lot, group in equals if all((lot, number) in cast for number in group)}


def _with_casting_between(table: Table, cast: set[tuple[int, frozenset[int]]]) -> tuple[Bid, ...]:
    """Return the proposals of a changed table, recorded places kept where the equals are still the same."""
    if all(bid.casting is None for bid in table.bids):
        return table.bids
    equals = [(lot.number, frozenset(group)) for lot in table.lots for group in _equals(table, lot)]
    kept = {(lot, number) for lot, group in equals if (lot, group) in cast for number in group}
    return tuple(bid if (bid.lot, bid.number) in kept else replace(bid, casting=None) for bid in table.bids)
