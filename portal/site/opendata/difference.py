"""What changed in the tables since another snapshot: counted and named row by row, on disk and not in memory."""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from portal.site.opendata.manifest import read_manifest
from portal.site.opendata.tables import TABLES, Table, feed
from portal.site.opendata.tables.writing import csv_name

NAME: Final = "difference.json"
# so many keys of each kind are named; all are counted
NAMED: Final = 1_000
_ADDED: Final = "now IS NOT NULL AND before IS NULL"
_REMOVED: Final = "now IS NULL"
_CHANGED: Final = "now IS NOT NULL AND before IS NOT NULL AND now <> before"
_KINDS: Final = {"added": _ADDED, "removed": _REMOVED, "changed": _CHANGED}
# the feed tells the same once more
COMPARED: Final = tuple(table for table in TABLES if table.group != feed.GROUP)
csv.field_size_limit(2**31 - 1)


def difference(root: Path, previous: Path, digests: dict[str, str]) -> dict[str, Any]:
    """Return the difference of a snapshot that is being written to a whole one; `digests` of files by their names."""
    before = read_manifest(previous)
    earlier = {one["name"]: one["sha256"] for one in before["files"]}
    told = {
        table.name: _of_table(root, previous, table)
        for table in COMPARED
        if digests[csv_name(table)] != earlier.get(csv_name(table))
    }
    sums = {kind: sum(one[kind] for one in told.values()) for kind in _KINDS}
    names = {csv_name(table) for table in TABLES}
    return {
        "previous": {name: before[name] for name in ("digest", "moment", "revision", "log")},
        **sums,
        "tables": told,
        "tables_gone": sorted(
            name for name in earlier if name.startswith("tables/") and name.endswith(".csv") and name not in names
        ),
    }


def _of_table(root: Path, previous: Path, table: Table) -> dict[str, Any]:
    """Compare one table; where its columns have changed, rows are compared by the columns that both have."""
    name = csv_name(table)
    with tempfile.TemporaryDirectory() as scratch, sqlite3.connect(Path(scratch) / "rows") as rows:
        rows.execute("PRAGMA journal_mode = OFF")
        rows.execute("CREATE TABLE row (key BLOB PRIMARY KEY, before BLOB, now BLOB) WITHOUT ROWID")
        both = set(_header(root / name)) & set(_header(previous / name))
        _fill(rows, "before", _rows(previous / name, table.key, both))
        _fill(rows, "now", _rows(root / name, table.key, both))
        told: dict[str, Any] = {
            kind: rows.execute(f"SELECT count(*) FROM row WHERE {condition}").fetchone()[0]  # noqa: S608 our own words
            for kind, condition in _KINDS.items()
        }
        told["keys"] = {kind: _keys(rows, condition) for kind, condition in _KINDS.items() if told[kind]}
        told["columns_changed"] = sorted(set(_header(root / name)) ^ set(_header(previous / name)))
    rows.close()
    return told


def _keys(rows: sqlite3.Connection, condition: str) -> list[list[str]]:
    found = rows.execute(f"SELECT key FROM row WHERE {condition} ORDER BY key LIMIT {NAMED}")  # noqa: S608 our own words
    return [orjson.loads(key) for (key,) in found]


def _fill(rows: sqlite3.Connection, column: str, found: Iterator[tuple[bytes, bytes]]) -> None:
    statement = f"INSERT INTO row (key, {column}) VALUES (?, ?) ON CONFLICT DO UPDATE SET {column} = excluded.{column}"  # noqa: S608
    rows.executemany(statement, found)


def _header(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file), ()))


def _rows(path: Path, key: tuple[str, ...], both: set[str]) -> Iterator[tuple[bytes, bytes]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        keys = [header.index(name) for name in key if name in header]
        shared = [header.index(name) for name in sorted(both)]
        for row in reader:
            told = orjson.dumps([row[place] for place in shared])
            yield orjson.dumps([row[place] for place in keys]), sha256(told).digest()
