"""A form as its definition says it: sections, fields, columns; read once, and composed with what the notice asks for.

The language is described in procurement/reference/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.kernel.models.reference import in_language

NUMERIC: Final = frozenset({"number", "money", "calculated"})
COLUMN_KINDS: Final = frozenset({"text", "long_text", "number", "money", "date", "yes_no", "choice", "calculated"})
KINDS: Final = COLUMN_KINDS | {"choices", "table", "document", "statement"}

# what the register of projects says of a funded project; a field of the form says which of them it is
REGISTERED: Final = ("name", "goal", "group", "people", "from", "to")

LOTS: Final = "lots"
DOCUMENTS: Final = "documents"
# rows that people add are 1, 2, …; a page marks those it offers with its owner, so that two people never mean one row
ROW: Final = re.compile(r"[1-9][0-9]{0,3}(?:[a-z][a-z0-9]{0,5})?")
MOST_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a section, or a column of a table; `path` is where its value stands, a column's without the row."""

    path: str
    kind: str
    spec: Mapping[str, Any]
    columns: tuple[Field, ...] = ()

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def section(self) -> str:
        return self.path.partition("/")[0]

    @property
    def label(self) -> str:
        return self._text("label")

    @property
    def hint(self) -> str:
        return self._text("hint")

    @property
    def is_required(self) -> bool:
        return bool(self.spec.get("required")) or self.kind == "statement"

    @property
    def is_money(self) -> bool:
        return self.kind == "money" or (self.kind == "calculated" and self.spec.get("result", "money") == "money")

    @property
    def of_lots(self) -> bool:
        """Say whether the table has a row for each lot that is chosen, and none else."""
        return self.spec.get("rows") == LOTS

    @property
    def options(self) -> dict[str, str]:
        return {
            one["code"]: in_language(one["label_uk"], one.get("label_en", "")) for one in self.spec.get("options", ())
        }

    def column(self, name: str) -> Field | None:
        return next((one for one in self.columns if one.name == name), None)

    def cell(self, row: str, column: str) -> str:
        return f"{self.path}/{row}/{column}"

    def _text(self, name: str) -> str:
        return in_language(str(self.spec.get(f"{name}_uk", "")), str(self.spec.get(f"{name}_en", "")))


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    spec: Mapping[str, Any]
    fields: tuple[Field, ...]

    @property
    def title(self) -> str:
        return in_language(str(self.spec.get("title_uk", "")), str(self.spec.get("title_en", "")))

    @property
    def lead(self) -> str:
        return in_language(str(self.spec.get("lead_uk", "")), str(self.spec.get("lead_en", "")))


@dataclass(frozen=True, slots=True)
class Form:
    """What a bidder fills in: the sections of the definition, the lots where there is a choice, all documents."""

    sections: tuple[Section, ...]

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    def field(self, path: str) -> Field | None:
        return next((one for one in self.fields() if one.path == path), None)

    def section(self, code: str) -> Section | None:
        return next((one for one in self.sections if one.code == code), None)

    def find(self, path: str) -> tuple[Field, str] | None:
        """Return the field or column that a path of the content belongs to, and the row; nothing for no such path."""
        field = self.field(path)
        if field is not None:
            return None if field.kind in ("table", "calculated") else (field, "")
        above, _slash, name = path.rpartition("/")
        table, _slash, row = above.rpartition("/")
        owner = self.field(table)
        column = owner.column(name) if owner is not None and owner.kind == "table" else None
        if column is None or column.kind == "calculated" or not ROW.fullmatch(row):
            return None
        return column, row

    def table_of(self, column: Field) -> Field | None:
        return self.field(column.path.rpartition("/")[0])


def form_of(definition: Mapping[str, Any], facts: Mapping[str, Any]) -> Form:
    """Read a definition together with what the announcement itself asks for: the choice of lots, its documents."""
    sections = [_section(one) for one in definition.get("sections", ())]
    sections = _with_documents(sections, facts.get("documents") or ())
    if len(facts.get("lots") or {}) > 1:
        sections.insert(0, _lots(facts["lots"]))
    return Form(tuple(sections))


def _section(spec: Mapping[str, Any]) -> Section:
    return Section(spec["code"], spec, tuple(_field(spec["code"], one) for one in spec["fields"]))


def _field(above: str, spec: Mapping[str, Any]) -> Field:
    path = f"{above}/{spec['name']}"
    return Field(path, spec["kind"], spec, tuple(_field(path, one) for one in spec.get("columns", ())))


def _lots(lots: Mapping[str, Mapping[str, Any]]) -> Section:
    options = [{"code": number, "label_uk": f"{number}. {lot.get('title', '')}"} for number, lot in lots.items()]
    title = _("Lots")
    spec = {"label_uk": _("Lots that the proposal is for"), "required": True, "options": options}
    return Section(LOTS, {"title_uk": title}, (Field(LOTS, "choices", spec),))


def _with_documents(sections: list[Section], asked: Any) -> list[Section]:
    """Add the documents that the notice names to those of the form; what both name is required if either says so."""
    wanted = {f"{DOCUMENTS}/{one['code']}": one for one in asked}
    told = []
    for section in sections:
        fields = [
            replace(field, spec={**field.spec, "required": True})
            if (wanted.pop(field.path, {}) or {}).get("required")
            else field
            for field in section.fields
        ]
        told.append(replace(section, fields=tuple(fields)))
    extra = tuple(Field(path, "document", one) for path, one in wanted.items())
    if not extra:
        return told
    for place, section in enumerate(told):
        if section.code == DOCUMENTS:
            told[place] = replace(section, fields=(*section.fields, *extra))
            return told
    return [*told, Section(DOCUMENTS, {"title_uk": _("Documents")}, extra)]


def registered_paths(definition: Mapping[str, Any]) -> dict[str, str]:
    """Return where in the form stands what the register of projects says: `{"goal": "project/goal"}`."""
    return {
        field["register"]: f"{section['code']}/{field['name']}"
        for section in definition.get("sections", ())
        for field in section["fields"]
        if "register" in field
    }
