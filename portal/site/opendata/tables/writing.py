"""A table as CSV and as JSON, both in one reading, row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from portal.kernel.pieces import pieces
from portal.site.opendata.files import Output, Stream, compact
from portal.site.opendata.state import State
from portal.site.opendata.tables.table import CHUNK, Table
from registry.interfaces.exporting.columns import guarded
from registry.interfaces.exporting.csv_text import csv_text

FOLDER: Final = "tables"
Progress = Callable[[int], object]


def csv_name(table: Table) -> str:
    return f"{FOLDER}/{table.name}.csv"


def json_name(table: Table) -> str:
    return f"{FOLDER}/{table.name}.json"


def write_table(output: Output, table: Table, state: State, progress: Progress | None = None) -> None:
    """Write both files; `progress` is told how many rows each step added."""
    count = 0
    with output.stream(csv_name(table)) as lines, output.stream(json_name(table)) as objects:
        lines.write(csv_text([table.names]).encode())
        objects.write(b"[")
        for rows in pieces(table.rows(state), CHUNK):
            told = [[_told(cell) for cell in row] for row in rows]
            lines.write(csv_text([[_cell(cell) for cell in row] for row in told]).encode())
            _write_objects(objects, table, told, is_first=count == 0)
            count += len(rows)
            if progress:
                progress(len(rows))
        objects.write(b"\n]\n")
    output.counted(csv_name(table), count)
    output.counted(json_name(table), count)


def _write_objects(objects: Stream, table: Table, rows: list[list[Any]], *, is_first: bool) -> None:
    typed = [column.type == "string" for column in table.columns]
    texts = [
        compact({name: _value(cell, is_text) for name, cell, is_text in zip(table.names, row, typed, strict=True)})
        for row in rows
    ]
    objects.write((b"\n" if is_first else b",\n") + b",\n".join(texts))


def _told(value: Any) -> Any:
    """Return what both files say: days, moments and sums as text, so that no reader rounds or shifts them."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def _value(cell: Any, is_text: bool) -> Any:
    return None if cell == "" and not is_text else cell


def _cell(value: Any) -> str:
    """Return the cell of a CSV file; no text of it is a formula to a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return value if _is_number(value) else guarded(value)


def _is_number(text: str) -> bool:
    """Say whether it is a number: a sum below zero begins as a formula does, and is none."""
    return text[:1] == "-" and text[1:].replace(".", "", 1).isdecimal()
