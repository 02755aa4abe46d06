"""The rows of a ranking.csv as decisions and minutes read them; cells stay the very texts of the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from procurement.enums import RankOutcome

Row = Mapping[str, str]


def table_of(text: str) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of a table, cell by cell as they are written."""
    rows = list(csv.reader(io.StringIO(text)))
    return (rows[0], rows[1:]) if rows else ([], [])


def ranked(text: str) -> list[Row]:
    """Return the rows of ranking.csv, or of scores.csv, by the names of their columns."""
    header, rows = table_of(text)
    return [dict(zip(header, row, strict=True)) for row in rows]


def winners(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["outcome"] == RankOutcome.WINNER]


def lots_undecided(rows: Iterable[Row]) -> list[int]:
    """Return the lots in which proposals are still equal where it matters for winning."""
    return sorted({int(row["lot"]) for row in rows if row["outcome"] == RankOutcome.UNDECIDED})


def amount_of(row: Row) -> Decimal | None:
    """Return the sum that the proposal asks for; nothing where none was told."""
    try:
        return Decimal(row["asked"]) if row["asked"] else None
    except InvalidOperation:
        return None


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a published file, as anybody computes it of the bytes."""
    return sha256(text.encode()).hexdigest()
