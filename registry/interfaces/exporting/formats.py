"""The register as CSV, XLSX and JSON, piece by piece."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson
from django.utils.translation import override

from registry.interfaces.exporting.columns import COLUMNS, cells_of, guarded, row_of
from registry.interfaces.exporting.gather import Gatherer
from registry.interfaces.exporting.nested import Nester
from registry.interfaces.patience import seldom_collecting

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

CHUNK: Final = 2_000
LONGEST_CELL: Final = 32_767
_PIECE: Final = 64 * 1024
_FIRST_TEXT: Final = "\ufeff"
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Export:
    """What to export: keys of entries in chunks, the address of cards, and facts about the export itself."""

    chunks: Iterable[list[int]]
    base: str
    about: dict[str, Any]


class Format(Protocol):
    content_type: str

    def pieces(self, export: Export) -> Iterator[bytes]: ...


class _Lines:
    """A file for `csv.writer` that hands out what was written."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        self._parts.append(text)

    def take(self) -> bytes:
        text = "".join(self._parts).encode()
        self._parts.clear()
        return text


def csv_pieces(export: Export) -> Iterator[bytes]:
    """Yield UTF-8 with a byte order mark, without which Excel shows wrong letters."""
    lines = _Lines()
    writer = csv.writer(lines)
    lines.write(_FIRST_TEXT)
    writer.writerow([column.name for column in COLUMNS])
    yield lines.take()
    names = Gatherer(in_full=False)
    with seldom_collecting():
        for keys in export.chunks:
            writer.writerows([cells_of(row_of(provider, names, export.base)) for provider in names.providers(keys)])
            yield lines.take()


def json_pieces(export: Export) -> Iterator[bytes]:
    """Yield one document: what it is, then every provider with services, addresses and contacts inside."""
    names = Gatherer(in_full=True)
    nested = Nester(names, export.base)
    yield orjson.dumps(export.about)[:-1] + b',"providers":['
    first = True
    with seldom_collecting():
        for keys in export.chunks:
            texts = [orjson.dumps(nested(provider)) for provider in names.providers(keys)]
            if texts:
                yield (b"\n" if first else b",\n") + b",\n".join(texts)
                first = False
    yield b"\n]}\n"


def xlsx_pieces(export: Export) -> Iterator[bytes]:
    """Write the workbook to a temporary file, row by row, and yield it."""
    # a worker that serves pages alone has no need of it in memory
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("providers")
    sheet.freeze_panes = "B2"
    for index, column in enumerate(COLUMNS):
        sheet.column_dimensions[_letters(index)].width = 40 if column.name in {"name", "services"} else 16
    sheet.append(_bold(sheet, [column.name for column in COLUMNS]))
    names = Gatherer(in_full=False)
    for keys in export.chunks:
        for provider in names.providers(keys):
            sheet.append([_for_excel(cell) for cell in cells_of(row_of(provider, names, export.base))])
    _append_dictionary(book)
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _append_dictionary(book: Workbook) -> None:
    sheet = book.create_sheet("dictionary")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["C"].width = 24, 80
    sheet.append(_bold(sheet, ["column", "type", "meaning", "example"]))
    with override("uk"):
        for column in COLUMNS:
            sheet.append([column.name, column.type, str(column.meaning), guarded(column.example)])


def _bold(sheet: Any, texts: list[str]) -> list[WriteOnlyCell]:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    cells = [WriteOnlyCell(sheet, value=text) for text in texts]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _letters(index: int) -> str:
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)  # noqa: PLR2004 the alphabet


def _for_excel(cell: Any) -> Any:
    """Return the cell without what XML cannot hold, at most as long as Excel takes it."""
    return _NOT_IN_XML.sub("", cell)[:LONGEST_CELL] or None if isinstance(cell, str) else cell


FORMATS: Final[dict[str, tuple[str, Callable[[Export], Iterator[bytes]]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_pieces),
    "json": ("application/json", json_pieces),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_pieces),
}
