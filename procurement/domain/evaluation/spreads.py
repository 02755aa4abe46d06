"""How far the members' points lie apart, and how each member lies against the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from portal.kernel.models.reference import in_language
from procurement.domain.evaluation.score_rows import Points, admitted_of, member_labels, points_of
from procurement.domain.evaluation.steps import rubric_of
from procurement.models import EvaluationRound
from procurement.ranking.model import Rounding

# for reading: nothing is computed from what is rounded here
_SHOWN: Final = Rounding("half_up", 2)


@dataclass(frozen=True, slots=True)
class Spread:
    """The points of all members for a criterion of a proposal in a lot; none where it is not applicable to all.

    `points` and `deviations` (from the mean) are by the member's key, without those who gave none.
    """

    lot: int
    proposal: int
    criterion: str
    name: str
    points: Mapping[int, Decimal]
    deviations: Mapping[int, Decimal]
    lowest: Decimal | None
    highest: Decimal | None
    mean: Decimal | None
    spread: Decimal | None
    # the rubric asks for a consensus note
    needs_note: bool


@dataclass(frozen=True, slots=True)
class Severity:
    """How a member lies against the means on the average of all that the member scored: below zero is severe."""

    member_id: int
    label: str
    average: Decimal
    count: int


def spreads_of(round_: EvaluationRound) -> list[Spread]:
    """Return the spread for every lot, proposal and criterion, in this order.

    A note is asked for from the rubric's `consensus_spread` on; where it is null, none is.
    """
    rubric, points, labels = rubric_of(round_.competition), points_of(round_), member_labels(round_)
    limit = Decimal(rubric["consensus_spread"]) if rubric.get("consensus_spread") else None
    names = {one["code"]: in_language(one["name_uk"], one.get("name_en") or "") for one in rubric.get("criteria", ())}
    return [
        _spread((*place, code), name, _told(points, labels, (*place, code)), limit)
        for place in [(lot.number, proposal.number or 0) for lot, proposal in admitted_of(round_)]
        for code, name in names.items()
    ]


def severity_of(round_: EvaluationRound) -> list[Severity]:
    """Return how severe each member was, in the order of `member_labels`; who gave no points is left out."""
    exact: defaultdict[int, list[Fraction]] = defaultdict(list)
    for spread in spreads_of(round_):
        for member, points in spread.points.items():
            exact[member].append(Fraction(points) - _mean(spread.points))
    return [
        Severity(member, label, _shown(sum(exact[member], Fraction(0)) / len(exact[member])), len(exact[member]))
        for member, label in member_labels(round_).items()
        if exact[member]
    ]


def _told(points: Points, labels: Mapping[int, str], place: tuple[int, int, str]) -> dict[int, Decimal]:
    lot, proposal, code = place
    found = {member: points.get((lot, proposal, member, code)) for member in labels}
    return {member: given for member, given in found.items() if given is not None}


def _spread(place: tuple[int, int, str], name: str, points: Mapping[int, Decimal], limit: Decimal | None) -> Spread:
    if not points:
        return Spread(*place, name, {}, {}, None, None, None, None, needs_note=False)
    lowest, highest, mean = min(points.values()), max(points.values()), _mean(points)
    return Spread(
        *place,
        name,
        points=points,
        deviations={member: _shown(Fraction(given) - mean) for member, given in points.items()},
        lowest=lowest,
        highest=highest,
        mean=_shown(mean),
        spread=highest - lowest,
        needs_note=limit is not None and highest - lowest >= limit,
    )


def _mean(points: Mapping[int, Decimal]) -> Fraction:
    return Fraction(sum(points.values())) / len(points)


def _shown(value: Fraction) -> Decimal:
    """Round half away from zero, so that those above and below the mean are read alike."""
    return _SHOWN(value) if value >= 0 else -_SHOWN(-value)
