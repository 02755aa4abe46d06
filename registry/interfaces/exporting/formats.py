"""The register as CSV, XLSX and JSON, piece by piece."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.utils.translation import override

from registry.interfaces.exporting.columns import COLUMNS, guarded, plain, row_of
from registry.interfaces.exporting.gather import Gatherer
from registry.interfaces.exporting.nested import nested

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

CHUNK: Final = 2_000
_PIECE: Final = 64 * 1024
_FIRST_TEXT: Final = "\ufeff"


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
    names = Gatherer(in_full=False)
    values = [column.value for column in COLUMNS]
    for keys in export.chunks:
        for provider in names.providers(keys):
            row = row_of(provider, names, export.base)
            writer.writerow([_cell(value(row)) for value in values])
        yield lines.take()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value) if value else value
    if value is True or value is False:
        return "true" if value else "false"
    return plain(value)


def json_pieces(export: Export) -> Iterator[bytes]:
    """Yield one document: what it is, then every provider with services, addresses and contacts inside."""
    names = Gatherer(in_full=True)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=plain).encode
    yield (encode(export.about)[:-1] + ',"providers":[').encode()
    first = True
    for keys in export.chunks:
        texts = [encode(nested(provider, names, export.base)) for provider in names.providers(keys)]
        if texts:
            yield (("\n" if first else ",\n") + ",\n".join(texts)).encode()
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
    values = [column.value for column in COLUMNS]
    for keys in export.chunks:
        for provider in names.providers(keys):
            row = row_of(provider, names, export.base)
            sheet.append([_cell_for_excel(value(row)) for value in values])
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
            sheet.append([column.name, column.type, str(column.meaning), _cell_for_excel(column.example)])


def _bold(sheet: Any, texts: list[str]) -> list[WriteOnlyCell]:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    cells = [WriteOnlyCell(sheet, value=text) for text in texts]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _letters(index: int) -> str:
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)  # noqa: PLR2004 the alphabet


def _cell_for_excel(value: Any) -> Any:
    if isinstance(value, str):
        # control characters cannot stand in XML
        return guarded("".join(c for c in value if c >= " " or c in "\n\t")[:32_767]) if value else None
    return plain(value) if not isinstance(value, bool) else value


FORMATS: Final[dict[str, tuple[str, Callable[[Export], Iterator[bytes]]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_pieces),
    "json": ("application/json", json_pieces),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_pieces),
}
