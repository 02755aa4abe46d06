"""Column maps: how a foreign file says what our columns say. Each is a JSON file of `registry/reference/column_maps/`.

A map names the headers it is recognised by, the column each header becomes (with other values where they differ),
the headers left aside, constants for every row, and readers: functions of this package for cells that hold several
things at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.kernel.languages import reader_language
from registry.interfaces.importing import foreign
from registry.interfaces.importing.books import REFERENCE, fold
from registry.interfaces.importing.columns import BY_NAME, HEADERS
from registry.interfaces.importing.report import FileFault

FOLDER: Final[Path] = REFERENCE / "column_maps"
READERS: Final[dict[str, Callable[[Mapping[str, str]], dict[str, str]]]] = {
    "nhsu_address": foreign.nhsu_address,
    "cnap_address": foreign.cnap_address,
    "cnap_reference": foreign.cnap_reference,
    "cnap_access": foreign.cnap_access,
    "legal_form": foreign.legal_form,
    "website": foreign.website,
}
KEYS: Final = ("edrpou", "rnokpp", "external_ref", "number")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Turns a row of the file into a row of our columns; `columns` are those it can fill."""

    name: str
    columns: tuple[str, ...]
    lenient: bool = False
    # header → column, and header → value in the file → values of our columns
    direct: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    readers: tuple[str, ...] = ()
    # our column → the header to name in a report
    named: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def row(self, cells: Mapping[str, str]) -> dict[str, str]:
        told = dict(self.constants)
        for header, column in self.direct.items():
            told[column] = cells.get(header, "")
        for header, values in self.values.items():
            told |= values.get(cells.get(header, "").strip(), {})
        for reader in self.readers:
            told |= READERS[reader](cells)
        return told


def find_map(header: Sequence[str], *, name: str | None = None, ignored: Sequence[str] = ()) -> ColumnMap:
    """Return the map for this header: the one asked for, else the one that recognises it, else our own columns.

    `ignored` are headers that our own exports have and imports leave aside. Raises `FileFault`.
    """
    _refuse_bad_header(header)
    described = _described()
    if name and name not in described:
        raise FileFault(
            "map.unknown",
            _("There is no column map “%(name)s”. There are: %(known)s.")
            % {"name": name, "known": ", ".join(sorted(described))},
        )
    if name is None:
        name = next((key for key, one in described.items() if set(one["recognised_by"]) <= set(header)), None)
    return _foreign_map(described[name], header) if name else _own_map(header, ignored)


def map_names() -> list[str]:
    return sorted(_described())


@cache
def _described() -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def _refuse_bad_header(header: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for text in header:
        if not text:
            raise FileFault("header.empty", _("A column has no header."), row=1)
        if fold(text) in seen:
            raise FileFault("header.twice", _("Two columns have the same header."), row=1, column=text, value=text)
        seen[fold(text)] = text


def _own_map(header: Sequence[str], ignored: Sequence[str]) -> ColumnMap:
    direct: dict[str, str] = {}
    aside: list[str] = []
    for text in header:
        column = HEADERS.get(fold(text))
        if column is None:
            if text.strip().casefold() not in ignored:
                raise FileFault(
                    "header.unknown",
                    _("There is no such column. The columns are described on the page “Data dictionary”."),
                    row=1,
                    column=text,
                    value=text,
                )
            aside.append(text)
        elif column in direct.values():
            raise FileFault("header.twice", _("Two columns have the same meaning."), row=1, column=text, value=text)
        else:
            direct[text] = column
    if not set(KEYS) & set(direct.values()):
        raise FileFault(
            "header.missing",
            _("A required column is missing: one of %(columns)s.") % {"columns": ", ".join(KEYS)},
            row=1,
            column="edrpou",
        )
    notes = (_("Left aside, since an import does not change them: %(columns)s.") % {"columns": ", ".join(aside)},)
    return ColumnMap(
        "",
        tuple(column for column in BY_NAME if column in direct.values()),
        direct=direct,
        named={column: text for text, column in direct.items()},
        notes=notes if aside else (),
    )


def _foreign_map(described: dict[str, Any], header: Sequence[str]) -> ColumnMap:
    missing = sorted(set(described["recognised_by"]) - set(header))
    if missing:
        raise FileFault(
            "header.missing",
            _("A required column is missing: one of %(columns)s.") % {"columns": ", ".join(missing)},
            row=1,
            column=missing[0],
        )
    known = {*described["columns"], *described["ignored"], *described.get("read", ())}
    for text in header:
        if text not in known:
            raise FileFault(
                "header.unknown", _("The column map does not know this column."), row=1, column=text, value=text
            )
    title = described[f"title_{reader_language()}"]
    direct = {key: value for key, value in described["columns"].items() if isinstance(value, str)}
    values = {key: value["values"] for key, value in described["columns"].items() if not isinstance(value, str)}
    return ColumnMap(
        described["name"],
        tuple(column for column in BY_NAME if column in set(described["fills"])),
        lenient=described.get("places") == "lenient",
        direct=direct,
        values=values,
        constants=described["constants"],
        readers=tuple(described["readers"]),
        named={column: text for text, column in direct.items()} | described.get("named", {}),
        notes=(_("The columns were read by the map “%(name)s”.") % {"name": title},),
    )
