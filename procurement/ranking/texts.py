"""scores.csv, rubric.json and ranking.csv as texts: written in one way only, read back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from procurement.ranking.model import Bid, Table, lot_from, rubric_from

SCORES: Final = ("lot", "proposal", "asked", "submitted_at", "standing", "casting", "member", "criterion", "points")
_BEFORE: Final = ("lot", "place", "proposal", "total")
_AFTER: Final = ("asked", "outcome", "tie")
# a criterion has none of these for its code, or ranking.csv would have a column twice
COLUMNS: Final = frozenset((*_BEFORE, *_AFTER))
_UTF8: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of ranking.csv."""

    lot: int
    place: int
    proposal: int
    total: Decimal
    values: Mapping[str, Decimal]
    # a decimal text, or empty
    asked: str
    outcome: str
    # the step that told it from an equal neighbour: `criterion:<code>`, `asked`, `earlier`, `casting`
    tie: str


@dataclass(slots=True)
class _Rows:
    first: Mapping[str, str]
    points: dict[str, dict[str, Decimal]] = field(default_factory=dict)


def write_scores(rows: Iterable[Mapping[str, Any]]) -> str:
    """Write rows of `SCORES` as scores.csv; spaces in names are made single, so that a row is a line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SCORES)
    writer.writerows([" ".join(str(row[name]).split()) for name in SCORES] for row in rows)
    return out.getvalue()


def write_rubric(competition: str, definition: Mapping[str, Any], lots: Sequence[Mapping[str, Any]]) -> str:
    """Write rubric.json; a lot has `number`, `title` and `budget`, a decimal text or null."""
    return _UTF8.encode({"competition": competition, "rubric": definition, "lots": lots}) + "\n"


def write_ranking(rows: Iterable[Placed], codes: Sequence[str]) -> str:
    """Write ranking.csv, the criteria in the order of the rubric."""
    lines = [(*_BEFORE, *codes, *_AFTER)]
    for row in rows:
        values = [f"{row.values[code]:f}" for code in codes]
        before = (str(row.lot), str(row.place), str(row.proposal), f"{row.total:f}")
        lines.append((*before, *values, row.asked, row.outcome, row.tie))
    return "".join(",".join(line) + "\n" for line in lines)


def read_table(scores: str, rubric: str) -> Table:
    """Read the two inputs of a ranking."""
    document = json.loads(rubric)
    found: dict[tuple[int, int], _Rows] = {}
    known: dict[str, Decimal] = {}
    members: dict[str, None] = {}
    for row in csv.DictReader(io.StringIO(scores, newline="")):
        bid = found.setdefault((int(row["lot"]), int(row["proposal"])), _Rows(row))
        members[row["member"]] = None
        if text := row["points"]:
            points = known.get(text)
            if points is None:
                points = known[text] = Decimal(text)
            bid.points.setdefault(row["criterion"], {})[row["member"]] = points
    return Table(
        rubric=rubric_from(document["rubric"]),
        lots=tuple(lot_from(row) for row in document["lots"]),
        bids=tuple(_bid(lot, number, rows) for (lot, number), rows in found.items()),
        members=tuple(members),
    )


def _bid(lot: int, number: int, rows: _Rows) -> Bid:
    first = rows.first
    return Bid(
        lot=lot,
        number=number,
        asked=first["asked"],
        submitted_at=first["submitted_at"],
        standing=first["standing"],
        casting=int(first["casting"]) if first["casting"] else None,
        points=rows.points,
    )


def read_ranking(ranking: str) -> list[Placed]:
    """Read ranking.csv, as minutes, results and decisions show it."""
    rows = csv.DictReader(io.StringIO(ranking, newline=""))
    codes = [name for name in rows.fieldnames or () if name not in COLUMNS]
    return [
        Placed(
            lot=int(row["lot"]),
            place=int(row["place"]),
            proposal=int(row["proposal"]),
            total=Decimal(row["total"]),
            values={code: Decimal(row[code]) for code in codes},
            asked=row["asked"],
            outcome=row["outcome"],
            tie=row["tie"],
        )
        for row in rows
    ]
