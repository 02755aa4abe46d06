"""The inputs of a round's ranking as the published texts, and the ranking that follows from them alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from procurement.models import Competition, EvaluationRound, TieBreak

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Frozen:
    """Texts as they are published: `scores` (scores.csv), `rubric` (rubric.json), `ranking` (ranking.csv); `digest` is of
    the two inputs.
    """

    scores: str
    rubric: str
    ranking: str
    digest: str


def freeze_ranking(round_: EvaluationRound, *, standings: Mapping[tuple[int, int], str] | None = None) -> Frozen:
    """Return the ranking of the filed sheets of able members; `standings` by (lot, proposal) name those that may not win
    any more (`refused`, `lapsed`, `excluded`). Members stand under their names, or as «Член 1» where the policy does not
    name them.
    """
    raise NotImplementedError


def spreads_of(round_: EvaluationRound) -> list[Any]:
    """Return for every lot, proposal and criterion the lowest, highest and mean points, the spread, whether it asks for a
    consensus note (rubric `consensus_spread`), and how each member lies against the mean (severity).
    """
    raise NotImplementedError


def record_tie_break(
    *, round_id: int, lot: int, kind: str, order: Collection[int], reason: str, user: User, now: datetime
) -> TieBreak:
    """Record the chair's casting vote or a drawing between exactly those proposals that are still equal in a lot."""
    raise NotImplementedError


def asked_of(competition: Competition) -> Mapping[tuple[int, int], Any]:
    """Return the sum asked for by (lot, proposal number), read from the opened contents at the policy's `asked_path`."""
    raise NotImplementedError
