"""A cell of the comparison: what is known of one service in one respect, or that nothing is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of text with a remark (a date, as a rule). A cell without lines says "no data", in words.

    `state` is "yes", "no" or "unknown" for what is looked up at a glance; `told` is what cells are compared by.
    """

    lines: tuple[str, ...] = ()
    note: str = ""
    state: str = ""
    phone: str = ""
    url: str = ""
    # the language of the lines where it is not the page's
    language: str = ""
    told: object = None

    @property
    def is_empty(self) -> bool:
        return not self.lines

    @property
    def compared_by(self) -> object:
        return self.told if self.told is not None else self.lines


NOTHING = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        """Whether the services differ here; one that is known and one that is not differ."""
        return any(cell.compared_by != self.cells[0].compared_by for cell in self.cells[1:])

    @property
    def is_same(self) -> bool:
        """Whether every word is the same, dates among them: a phone shows such a row once."""
        return len(self.cells) > 1 and all(cell == self.cells[0] for cell in self.cells[1:])

    @property
    def is_known(self) -> bool:
        return any(not cell.is_empty for cell in self.cells)


@dataclass(slots=True)
class Part:
    """Rows under a heading of their own."""

    name: str
    rows: list[Row] = field(default_factory=list)


def text(*lines: str, note: str = "", language: str = "", told: object = None) -> Cell:
    """Return a cell of the lines that say something."""
    return Cell(tuple(line for line in lines if line), note, language=language, told=told)


def answer(state: bool | None, note: str = "") -> Cell:
    """Return a cell that says yes or no; unknown is no data."""
    if state is None:
        return NOTHING
    return Cell((_("yes") if state else _("no"),), note, state="yes" if state else "no")


def row(name: str, of: Callable[[Thing], Cell], things: Iterable[Thing]) -> Row:
    return Row(str(name), [of(thing) for thing in things])
