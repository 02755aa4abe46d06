"""A member's sheet as its pages show it: one proposal at a time, and all of it as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from procurement.domain.evaluation.scale import NOT_APPLICABLE, Criterion, criteria_of
from procurement.domain.evaluation.score_cells import EMPTY, Told, is_complete, told_by
from procurement.domain.evaluation.steps import rubric_of
from procurement.domain.forms.words import amount_words
from procurement.models import Score, ScoreSheet
from procurement.queries.scoring import Cell, Item, items_of, scores_by_cell
from registry.domain.draft_saving import Conflict
from registry.interfaces.disagreements import Disagreement

# what the fields of a page began with: the version they were read at, and the value
Base = dict[Cell, tuple[int, Any]]
_PAIR: Final = 2


@dataclass(slots=True)
class ScoreControl:
    """One criterion of one proposal as it is drawn: `options` are value, how it is written, what it means, chosen."""

    path: Cell
    criterion: Criterion
    told: Told
    error: str = ""

    @property
    def options(self) -> list[tuple[str, str, str, bool]]:
        chosen, meanings = self.told["points"], self.criterion.meanings
        return [
            (value, amount_words(Decimal(value), is_money=False), meanings.get(value, ""), value == chosen)
            for value in self.criterion.values
        ]

    @property
    def is_none(self) -> bool:
        return self.told["points"] == NOT_APPLICABLE

    @property
    def typed(self) -> str:
        """What stands in the field of a criterion whose values are too many to list."""
        return "" if self.is_none else self.told["points"].replace(".", ",")

    @property
    def shown(self) -> str:
        """The points as a table has them: a dash for none given, nothing else for not applicable than its sign."""
        if self.is_none:
            return _("n/a")
        read = self.criterion.read(self.told["points"])
        return amount_words(read, is_money=False) if read is not None else ""

    @property
    def is_complete(self) -> bool:
        return is_complete(self.told)


@dataclass(slots=True)
class ItemLine:
    """A proposal in a lot with its criteria."""

    item: Item
    controls: list[ScoreControl]

    @property
    def given(self) -> int:
        return sum(1 for one in self.controls if one.is_complete)

    @property
    def is_complete(self) -> bool:
        return self.given == len(self.controls)

    @property
    def key(self) -> tuple[int, int]:
        return self.item.lot.number, self.item.proposal.number or 0


@dataclass(slots=True)
class SheetPage:
    """The whole sheet; `version` is what a page of it is made from."""

    sheet: ScoreSheet
    criteria: list[Criterion]
    lines: list[ItemLine]
    rows: Mapping[Cell, Score] = field(repr=False)

    @property
    def given(self) -> int:
        return sum(line.given for line in self.lines)

    @property
    def count(self) -> int:
        return len(self.lines) * len(self.criteria)

    @property
    def is_complete(self) -> bool:
        return self.given == self.count

    @property
    def lots(self) -> int:
        return len({line.item.lot.pk for line in self.lines})

    @property
    def next(self) -> ItemLine | None:
        """The first proposal that is not scored in full."""
        return next((one for one in self.lines if not one.is_complete), None)

    @property
    def table(self) -> list[tuple[Criterion, list[ScoreControl]]]:
        """All of it, criterion by criterion."""
        return [(one, [line.controls[place] for line in self.lines]) for place, one in enumerate(self.criteria)]

    def line(self, lot: int, proposal: int) -> ItemLine | None:
        return next((one for one in self.lines if one.key == (lot, proposal)), None)

    def beside(self, line: ItemLine) -> tuple[ItemLine | None, ItemLine | None]:
        """Return the proposal before and the one after, where there are such."""
        place = self.lines.index(line)
        after = self.lines[place + 1] if place + 1 < len(self.lines) else None
        return (self.lines[place - 1] if place else None), after

    def base_json(self, line: ItemLine, base: Base | None = None) -> str:
        """Write down what the fields of a page begin with, for saving and for the page's script."""
        known = base or {}
        told = {
            one.path: list(known[one.path]) if one.path in known else [self.sheet.version, one.told]
            for one in line.controls
        }
        return json.dumps(told, ensure_ascii=False)

    def label(self, path: Cell) -> str:
        """Name a place of the sheet."""
        for line in self.lines:
            for one in line.controls:
                if one.path == path:
                    number = {"number": line.item.proposal.number, "criterion": one.criterion.name}
                    return _("Proposal %(number)s, “%(criterion)s”") % number
        return path[:100]


def sheet_page(sheet: ScoreSheet) -> SheetPage:
    """Read the sheet with all its places, in a fixed number of queries."""
    criteria, rows = criteria_of(rubric_of(sheet.round.competition)), scores_by_cell(sheet)
    lines = [
        ItemLine(item, [_control(item.cell(one.code), one, rows) for one in criteria]) for item in items_of(sheet.round)
    ]
    return SheetPage(sheet, criteria, lines, rows)


def _control(cell: Cell, criterion: Criterion, rows: Mapping[Cell, Score]) -> ScoreControl:
    return ScoreControl(cell, criterion, told_by(rows.get(cell)))


# --- what comes in ---------------------------------------------------------------------------------------------------


def read_posted(line: ItemLine, data: QueryDict) -> dict[Cell, Told]:
    """Return what a page of one proposal sent."""
    return {one.path: _read(one.path, data) for one in line.controls}


def read_sent(fields: Mapping[str, Any]) -> dict[Cell, Told]:
    """Return what the page's script sent: under each cell the names and values of its controls."""
    told = {}
    for cell, pairs in fields.items():
        data = QueryDict(mutable=True)
        for pair in pairs if isinstance(pairs, list) else ():
            if isinstance(pair, list) and len(pair) == _PAIR:
                data.appendlist(str(pair[0]), str(pair[1]))
        told[str(cell)] = _read(str(cell), data)
    return told


def _read(cell: Cell, data: QueryDict) -> Told:
    none = data.get(f"{cell}/none") == NOT_APPLICABLE
    points = NOT_APPLICABLE if none else data.get(f"{cell}/points", "")
    reason = data.get(f"{cell}/reason", "").replace("\r\n", "\n")
    return {"points": points.replace("\x00", "").strip()[:20], "reason": reason.replace("\x00", "").strip()}


def changed(told: Mapping[Cell, Told], base: Base) -> dict[Cell, Told]:
    """Return what differs from what the page began with."""
    return {cell: one for cell, one in told.items() if cell not in base or base[cell][1] != one}


def disagreements_of(page: SheetPage, conflicts: list[Conflict]) -> list[Disagreement]:
    """Return the contested places in words."""
    return [
        Disagreement(
            one.path, page.label(one.path), _words(one.mine), _words(one.theirs), one.mine, one.theirs, one.by, one.at
        )
        for one in conflicts
    ]


def _words(told: Any) -> str:
    read = told if isinstance(told, dict) else EMPTY
    points = _("not applicable") if read.get("points") == NOT_APPLICABLE else read.get("points") or _("(empty)")
    return f"{points}\n{read.get('reason', '')}".strip()
