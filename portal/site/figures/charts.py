"""A chart as figures: the page draws it, its table tells it and its file hands it out, all from the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from registry.templatetags.register import amount, money

# width of the longest bar in its picture
FULL: Final = 1000
_TENTH: Final = Decimal("0.1")
Value = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: `name` heads it in the file; `kind` is count, money, share or days."""

    name: str
    label: str
    kind: str = "count"

    def written(self, value: Value) -> str:
        if value is None:
            return pgettext("figure", "not known") if self.kind == "money" else "–"
        if self.kind == "money":
            return money(Decimal(value))
        if self.kind == "share":
            return f"{number_format(value, 1)} %"
        if self.kind == "days":
            words = number_format(value, 0 if value == int(value) else 1)
            return ngettext("%(number)s day", "%(number)s days", int(value)) % {"number": words}
        return amount(int(value))


@dataclass(frozen=True, slots=True)
class Row:
    """A line: `url` leads to the list that makes it; `under` is a second line of its name."""

    key: str
    label: str
    values: tuple[Value, ...]
    url: str = ""
    under: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a bar in thousandths of the longest one: where it begins, how long it is, which piece it is."""

    x: int
    width: int
    part: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row as it is drawn: figures with the names of their columns, and its bar."""

    row: Row
    cells: list[tuple[str, str]]
    bars: list[Bar]


@dataclass(slots=True)
class Chart:
    """One picture with its table. `parts` are the columns that a bar is put together of, with their words."""

    name: str
    title: str
    source: str
    first: str
    columns: tuple[Column, ...]
    rows: list[Row]
    parts: tuple[tuple[Callable[[Row], Value], str], ...]
    total: Row | None = None
    note: str = ""
    # beyond this many rows the table of the page stops; the file has them all
    shown: int | None = None
    query: str = ""
    empty: str = field(default_factory=lambda: _("There is nothing to count yet."))

    @property
    def drawn(self) -> list[Drawn]:
        rows = self.rows[: self.shown] if self.shown else self.rows
        longest = max((sum(self._lengths(row)) for row in rows), default=Decimal(0))
        return [Drawn(row, self._cells(row), list(self._bars(row, longest))) for row in rows]

    @property
    def total_cells(self) -> list[tuple[str, str]]:
        return self._cells(self.total) if self.total else []

    @property
    def legend(self) -> list[tuple[int, str]]:
        return [(place, words) for place, (_value, words) in enumerate(self.parts, 1)]

    @property
    def left_out(self) -> int:
        return max(len(self.rows) - self.shown, 0) if self.shown else 0

    def _cells(self, row: Row) -> list[tuple[str, str]]:
        return [(column.label, column.written(value)) for column, value in zip(self.columns, row.values, strict=True)]

    def _lengths(self, row: Row) -> list[Decimal]:
        return [Decimal(value(row) or 0) for value, _words in self.parts]

    def _bars(self, row: Row, longest: Decimal) -> Iterator[Bar]:
        if not longest:
            return
        at = Decimal(0)
        for place, length in enumerate(self._lengths(row), 1):
            if length:
                x, end = int(at * FULL / longest), int((at + length) * FULL / longest)
                # what is there is seen
                yield Bar(x, max(end - x, 3), place)
            at += length

    # --- the file ----------------------------------------------------------------------------------------------------

    @property
    def head(self) -> tuple[str, ...]:
        return ("key", "name", *(column.name for column in self.columns), "is_demo", "list")

    def table(self, absolute: Callable[[str], str]) -> Iterable[Sequence[Any]]:
        """Return the rows of the file, the line for all of them last."""
        for row in self.rows:
            yield self._line(row, absolute, is_demo=row.is_demo)
        if self.total:
            # a sum with something invented in it is no figure of the country
            yield self._line(self.total, absolute, is_demo=any(row.is_demo for row in self.rows))

    @staticmethod
    def _line(row: Row, absolute: Callable[[str], str], *, is_demo: bool) -> Sequence[Any]:
        name = f"{row.label}, {row.under}" if row.under else row.label
        return (row.key, name, *row.values, is_demo, absolute(row.url) if row.url else "")


def at(place: int) -> Callable[[Row], Value]:
    """Return a function that reads the so-manieth figure of a row."""
    return lambda row: row.values[place]


def percent(part: int, whole: int) -> Decimal | None:
    """Return a share in per cent to a tenth, half up; None of nothing."""
    return (Decimal(part) * 100 / whole).quantize(_TENTH, ROUND_HALF_UP) if whole else None
