"""One page of a proposal: every field of a section as it is drawn, with what is wrong and what the page began with."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.text import slugify
from django.utils.translation import gettext as _

from procurement.domain.forms.definition import MOST_ROWS
from procurement.domain.forms.proposal_forms import Field, Section
from procurement.domain.forms.reading import row_number
from procurement.domain.forms.values import number_of
from procurement.domain.forms.words import amount_words
from procurement.interfaces.proposal_reading import Draft, paths_of
from procurement.interfaces.proposal_words import answer_words, shown_in_control

Base = dict[str, tuple[int, Any]]
_SHORT: Final = frozenset({"number", "money", "date"})
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONG_LIST: Final = 6


@dataclass(slots=True)
class Control:
    """A field as the page draws it; `value` is what stands in it, of a document the identifier of the file."""

    path: str
    field: Field
    value: Any
    error: str = ""
    is_asked: bool = True
    file: Mapping[str, Any] | None = None
    computed: str = ""

    @property
    def kind(self) -> str:
        return self.field.kind

    @property
    def is_short(self) -> bool:
        return self.kind in _SHORT

    @property
    def input_mode(self) -> str:
        return {"number": "decimal", "money": "decimal", "date": "numeric"}.get(self.kind, "")

    @property
    def max_length(self) -> int:
        return int(self.field.spec.get("max_length", 0)) if self.kind in ("text", "long_text") else 0

    @property
    def rows(self) -> int:
        return 3 if 0 < self.max_length <= 1000 else 6  # noqa: PLR2004 a short note

    @property
    def options(self) -> list[tuple[str, str, bool, str]]:
        """The choices: code, words, whether it is chosen, and what tells its control from the others'."""
        told = self.value if isinstance(self.value, list) else [self.value]
        listed = {"yes": _("yes"), "no": _("no")} if self.kind == "yes_no" else self.field.options
        return [(code, words, code in told, f"f-{self.path}-{slugify(code)}") for code, words in listed.items()]

    @property
    def is_long_list(self) -> bool:
        return len(self.field.options) > _LONG_LIST


@dataclass(slots=True)
class RowBlock:
    """A row of a table: its key, what it is called, what is known of its lot, its cells."""

    key: str
    title: str
    cells: list[Control]
    is_offered: bool = False
    note: str = ""


@dataclass(slots=True)
class TableBlock:
    """A table as the page draws it; `totals` are name, path and sum."""

    path: str
    field: Field
    rows: list[RowBlock]
    totals: list[tuple[str, str, str]]
    error: str = ""
    is_asked: bool = True
    kind: str = "table"


@dataclass(slots=True)
class Sheet:
    """A section of a proposal on its page."""

    draft: Draft
    section: Section
    blocks: list[Control | TableBlock]
    base: Base
    version: int
    # path and reason, for the summary above the page
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def base_json(self) -> str:
        return json.dumps(self.base, ensure_ascii=False, sort_keys=True)

    @property
    def takes_files(self) -> bool:
        return any(block.kind == "document" for block in self.blocks)


def row_mark(owner: int) -> str:
    """Return what marks the rows that a page offers this person, so that two people never fill the same one."""
    told = ""
    while owner:
        owner, digit = divmod(owner, len(_DIGITS))
        told = _DIGITS[digit] + told
    return f"u{told[-5:]}"


def rows_of(draft: Draft, section: Section, owner: int) -> dict[str, list[str]]:
    """Return the rows of each table on the page: those there are, and an empty one where more may be added."""
    found: dict[str, list[str]] = {}
    for table in section.fields:
        if table.kind != "table":
            continue
        rows = draft.reading.rows(table)
        room = int(table.spec.get("max_rows", MOST_ROWS)) - len(rows)
        if not table.of_lots and room > 0:
            after = max((row_number(row) for row in rows), default=0)
            rows = [*rows, f"{after + 1}{row_mark(owner)}"]
        found[table.path] = rows
    return found


def sheet_of(
    draft: Draft,
    section: Section,
    owner: int,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    lacking: Collection[str] = (),
    base: Base | None = None,
) -> Sheet:
    """Draw the section: what is kept, or over it what was typed and not taken, with the reasons.

    Beside a field that is merely `lacking` its name is not said once more.
    """
    told, wrong = typed or {}, {**(errors or {}), **dict.fromkeys(lacking, _("An answer is needed here."))}
    rows = rows_of(draft, section, owner)
    for path in told:
        table, row = _table_and_row(path)
        if table in rows and row not in rows[table]:
            rows[table].append(row)
    began = {path: (draft.proposal.draft_version, draft.content.get(path)) for path in _based(section, rows)}
    blocks = [
        _table(draft, one, rows[one.path], told, wrong) if one.kind == "table" else _control(draft, one, told, wrong)
        for one in section.fields
    ]
    version = draft.proposal.draft_version
    return Sheet(draft, section, blocks, {**began, **(base or {})}, version, errors=dict(errors or {}))


def _based(section: Section, rows: Mapping[str, list[str]]) -> list[str]:
    return [*paths_of(section, rows), *(one.path for one in section.fields if one.kind == "document")]


def _table_and_row(path: str) -> tuple[str, str]:
    above, _slash, _column = path.rpartition("/")
    table, _slash, row = above.rpartition("/")
    return table, row


def _control(draft: Draft, one: Field, typed: Mapping[str, Any], wrong: Mapping[str, str], row: str = "") -> Control:
    table = one.path.rpartition("/")[0]
    path = f"{table}/{row}/{one.name}" if row else one.path
    kept = draft.reading.value(one, row)
    value = typed[path] if path in typed else shown_in_control(one, kept)
    control = Control(path, one, value, wrong.get(path, ""), row != "" or draft.reading.applies(one))
    if one.kind == "calculated":
        control.computed = answer_words(one, kept, {})
    if one.kind == "document" and isinstance(kept, str):
        control.file = draft.copy.files.get(kept)
    return control


def _table(
    draft: Draft, table: Field, rows: list[str], typed: Mapping[str, Any], wrong: Mapping[str, str]
) -> TableBlock:
    there = draft.reading.rows(table)
    blocks = [
        RowBlock(
            row,
            row_title(draft, table, row, number),
            [_control(draft, column, typed, wrong, row) for column in table.columns],
            row not in there,
            _lot_note(draft, row) if table.of_lots else "",
        )
        for number, row in enumerate(rows, 1)
    ]
    error = wrong.get(table.path, "")
    return TableBlock(table.path, table, blocks, totals_of(draft, table), error, draft.reading.applies(table))


def row_title(draft: Draft, table: Field, row: str, number: int) -> str:
    """Name a row: of lots by the lot, else by its place."""
    if not table.of_lots:
        return _("Row %(number)d") % {"number": number}
    lot = draft.reading.facts["lots"].get(row, {})
    return _("Lot %(number)s. %(title)s") % {"number": row, "title": lot.get("title", "")}


def _lot_note(draft: Draft, row: str) -> str:
    """Say what the announcement asks of a lot in numbers."""
    lot = draft.reading.facts["lots"].get(row, {})
    ceiling, recipients = number_of(lot.get("ceiling")), number_of(lot.get("recipients"))
    told = []
    if ceiling is not None:
        told.append(_("Price ceiling: %(amount)s UAH.") % {"amount": amount_words(ceiling, is_money=True)})
    if recipients is not None:
        told.append(_("Recipients: %(number)s.") % {"number": amount_words(recipients, is_money=False)})
    return " ".join(told)


def totals_of(draft: Draft, table: Field) -> list[tuple[str, str, str]]:
    found = []
    for name in table.spec.get("totals", ()):
        column = table.column(name)
        total = draft.reading.total(table, column) if column is not None else None
        if column is not None:
            words = "" if total is None else amount_words(total, is_money=column.is_money)
            found.append((column.label, f"{table.path}/total/{name}", words))
    return found


def sums_of(draft: Draft, section: Section) -> dict[str, str]:
    """Return everything on the page of a section that is computed, by its path, for the script to write in."""
    found: dict[str, str] = {}
    for one in section.fields:
        if one.kind == "calculated":
            found[one.path] = answer_words(one, draft.reading.value(one), {})
        for row in draft.reading.rows(one) if one.kind == "table" else ():
            found |= {
                one.cell(row, column.name): answer_words(column, draft.reading.value(column, row), {})
                for column in one.columns
                if column.kind == "calculated"
            }
        if one.kind == "table":
            found |= {path: words for _label, path, words in totals_of(draft, one)}
    return found


def asked_of(draft: Draft, section: Section) -> dict[str, bool]:
    """Return which fields with a condition are asked now."""
    return {one.path: draft.reading.applies(one) for one in section.fields if one.spec.get("when")}
