"""What a table of the open data is: columns with their meaning, a key, links to other tables, rows piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from portal.site.opendata.state import State

CHUNK: Final = 500
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `type` is one of the Table Schema: string, integer, number, boolean, date, datetime."""

    name: str
    type: str
    about: str | Promise


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key: these columns of the table name a row of another one by its key.

    Columns of which some may be empty are none: readers of data packages look for the empty one too.
    """

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `rows` yields values in the order of the columns, sorted the same at every reading."""

    name: str
    group: str
    title: str | Promise
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[State], Iterator[Row]]
    links: tuple[Link, ...] = ()

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def in_chunks(rows: QuerySet[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Yield the rows in the order of their keys, some at a time; what is prefetched is prefetched for each time."""
    ordered, after = rows.order_by("pk"), None
    while True:
        found = list((ordered if after is None else ordered.filter(pk__gt=after))[:size])
        if not found:
            return
        yield found
        after = found[-1].pk


def each(rows: QuerySet[Any], size: int = CHUNK) -> Iterator[Any]:
    """Yield every row, read some at a time."""
    for found in in_chunks(rows, size):
        yield from found


def values(rows: QuerySet[Any], *names: str, size: int = CHUNK) -> Iterator[Row]:
    """Yield these values of every row, in the order of the keys, without making objects of them."""
    after = 0
    while True:
        found = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", *names)[:size])
        if not found:
            return
        for row in found:
            yield row[1:]
        after = found[-1][0]


def keys_in_chunks(rows: QuerySet[Any], size: int) -> Iterator[list[int]]:
    """Yield the keys in ascending order, some at a time."""
    after = 0
    while True:
        found = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])
        if not found:
            return
        yield found
        after = found[-1]


def joined(values: Iterable[Any]) -> str:
    """Write a list into a cell as the register's files do: parted by a bar."""
    return " | ".join(str(value) for value in values)


def fields(thing: Model, names: Iterable[str]) -> Row:
    return tuple(getattr(thing, name) for name in names)
