"""Rows that many tests begin with: made once by a process, afterwards put into the same tables as they were.

Who makes them through models asks the database hundreds of times, in thousands of tests, for the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
T = TypeVar("T")
TABLES = re.compile(r'(?:INTO|UPDATE|FROM|JOIN) "(\w+)"')
# what migrations made and no test changes: asked for, but not worth comparing
STANDING = {"auth_permission", "django_content_type"}


@dataclass(frozen=True)
class Kept:
    """Every row of each table that was asked or written to, as the database itself tells it, before and after."""

    before: dict[str, tuple[str, ...]]
    after: dict[str, tuple[str, ...]]

    @property
    def only_adds(self) -> bool:
        return all({*rows} <= {*self.after[table]} for table, rows in self.before.items())

    def put(self) -> None:
        """Add the rows; the keys they had are free, since nothing gives a key twice."""
        with connection.cursor() as cursor:
            for table, rows in self.after.items():
                known = {*self.before[table]}
                insert(cursor, table, [row for row in rows if row not in known])


def once(make: Callable[P, T]) -> Callable[P, None]:
    """Let a maker of rows that depend on nothing work once; it must make nothing more when it is called again.

    Only where the tables are as they were then (empty, mostly) are its rows put back: otherwise it works as written.
    """
    kept: list[Kept] = []

    @wraps(make)
    def maker(*args: P.args, **kwargs: P.kwargs) -> None:
        for one in kept:
            now = {table: told(table) for table in one.before}
            if now == one.after:
                return
            if now == one.before:
                one.put()
                return
        found = watched(lambda: make(*args, **kwargs))
        if found.only_adds:
            kept[:] = [found, *kept[:2]]

    return maker


def watched(make: Callable[[], Any]) -> Kept:
    before: dict[str, tuple[str, ...]] = {}

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        for table in {*TABLES.findall(sql)} - STANDING - before.keys():
            # it is asked for by the way itself that comes here
            before[table] = ()
            before[table] = told(table)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(look):
        make()
    return Kept(before, {table: told(table) for table in before})


@cache
def telling(table: str) -> str:
    if connection.vendor == "postgresql":
        return f'SELECT row_to_json(t)::text FROM "{table}" t'
    with connection.cursor() as cursor:
        cursor.execute(f'PRAGMA table_info("{table}")')
        columns = " || ',' || ".join(f'quote("{row[1]}")' for row in cursor.fetchall())
    return f'SELECT {columns} FROM "{table}"'


def told(table: str) -> tuple[str, ...]:
    """Return the rows of a table, each in words from which the database makes the same row again."""
    with connection.cursor() as cursor:
        cursor.execute(telling(table))
        return tuple(sorted(row[0] for row in cursor.fetchall()))


def insert(cursor: Any, table: str, rows: list[str]) -> None:
    if not rows:
        return
    if connection.vendor == "postgresql":
        sql = f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", %s)'
        cursor.execute(sql, [f"[{','.join(rows)}]"])
    else:
        # without parameters nothing in the statement is taken for one
        cursor.execute(f'INSERT INTO "{table}" VALUES {",".join(f"({row})" for row in rows)}')
