"""Tables in Excel workbooks: bombs refused, formulas seen, small files read fast and big ones row by row."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from registry.interfaces.importing.report import FileFault

# a sheet unpacked beyond this is read row by row
SMALL: Final = 48 * 1024 * 1024
# the biggest lawful workbook: a million rows unpack to some 1.5 GB, XML packs at most some 40 times
LARGEST_UNPACKED: Final = 3 * 1024 * 1024 * 1024
LARGEST_RATIO: Final = 150
RATIO_MATTERS_FROM: Final = 32 * 1024 * 1024
_PIECE: Final = 1024 * 1024
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ >/]")


class _Workbook:
    is_text = False
    header: Sequence[str]

    def __init__(self) -> None:
        self._source: Iterator[Sequence[Any]] = iter(())
        self._read, self._total = 0, 0

    def _take_header(self) -> None:
        header = [_text(cell).strip() for cell in next(self._source, ())]
        while header and not header[-1]:
            header.pop()
        if not header:
            raise FileFault("file.empty", _("The first row of the file is empty: there must be the header."))
        self.header = header

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        width = len(self.header)
        try:
            for number, cells in enumerate(self._source, 2):
                self._read = number
                texts = [_text(cell) for cell in cells]
                # a sheet leaves out empty cells at the end of a row
                yield number, texts + [""] * (width - len(texts))
        except (zipfile.BadZipFile, ValueError, KeyError, TypeError, SyntaxError, OSError) as error:
            raise FileFault(
                "row.unreadable", _("The workbook is damaged: reading stopped here."), row=self._read + 1
            ) from error

    def part_read(self) -> float:
        return min(self._read / self._total, 1.0) if self._total else 0.0


class SmallWorkbook(_Workbook):
    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        self._total = sheet.total_height
        # rows counted from the sheet's own first row, as a reader sees them
        self._source = iter(sheet.to_python(skip_empty_area=False))
        self._take_header()


class LargeWorkbook(_Workbook):
    """Read by openpyxl row by row; formulas come as their text, which begins with "="."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that openpyxl passes over
            # a worker that serves pages alone has no need of it in memory
            from openpyxl import load_workbook  # noqa: PLC0415

            self._book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        if not self._book.worksheets:
            raise FileFault("file.not_table", _("There is no sheet in the workbook."))
        sheet = self._book.worksheets[0]
        self._total = sheet.max_row or 0
        sheet.reset_dimensions()
        self._source = self._values(sheet)
        self._take_header()

    def _values(self, sheet: Any) -> Iterator[Sequence[Any]]:
        for cells in sheet.iter_rows():
            yield [f"={cell.value}".replace("==", "=", 1) if cell.data_type == "f" else cell.value for cell in cells]

    def close(self) -> None:
        self._book.close()


@contextmanager
def open_workbook(file: IO[bytes], size: int) -> Iterator[_Workbook]:
    unpacked, formulas = _inspect(file, size)
    file.seek(0)
    table: _Workbook
    try:
        table = LargeWorkbook(file) if formulas or unpacked > SMALL else SmallWorkbook(file)
    except FileFault:
        raise
    except Exception as error:
        # whatever the two libraries raise for a broken workbook, the reader is told the same
        raise FileFault("file.not_table", _("The workbook is damaged or is not an Excel workbook.")) from error
    try:
        yield table
    finally:
        if isinstance(table, LargeWorkbook):
            table.close()


def _inspect(file: IO[bytes], size: int) -> tuple[int, bool]:
    """Return the unpacked size of the sheets and whether they hold formulas; `FileFault` for what is no workbook.

    Everything is unpacked once, a piece at a time, because the sizes that an archive states may lie.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if not any(member.filename.startswith("xl/worksheets/") for member in members):
                raise FileFault("file.not_table", _("This is no Excel workbook. Save it as .xlsx or as CSV (UTF-8)."))
            _refuse_bomb(sum(member.file_size for member in members), size)
            unpacked, sheets, formulas = 0, 0, False
            for member in members:
                is_sheet = member.filename.startswith("xl/worksheets/sheet")
                before = unpacked
                tail = b""
                with archive.open(member) as stream:
                    while piece := stream.read(_PIECE):
                        unpacked += len(piece)
                        _refuse_bomb(unpacked, size)
                        formulas = formulas or (is_sheet and bool(_FORMULA.search(tail + piece)))
                        tail = piece[-16:]
                sheets += unpacked - before if is_sheet else 0
            return sheets, formulas
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileFault("file.not_table", _("The workbook is damaged or is not an Excel workbook.")) from error


def _refuse_bomb(unpacked: int, size: int) -> None:
    if unpacked > LARGEST_UNPACKED or (unpacked > RATIO_MATTERS_FROM and unpacked > size * LARGEST_RATIO):
        raise FileFault("file.bomb", _("The file unpacks to an impossible size, it will not be read."))


def _text(cell: Any) -> str:
    """Return the cell as a person would type it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "так" if cell else "ні"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 whole numbers stay exact
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
