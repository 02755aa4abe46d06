"""A file brought for import: what it really is, whatever its name says, and its rows as texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from registry.interfaces.importing import delimited, workbook
from registry.interfaces.importing.report import FileFault

_HEAD: Final = 64
_ZIP, _OLD_EXCEL, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_ZIP_EMPTY: Final = b"PK\x05\x06"
TEXT_ENDINGS: Final = (".csv", ".tsv", ".txt")


class Table(Protocol):
    """An open file: its header, and its other rows as (number in the file, cells); a formula cell begins with "="."""

    header: Sequence[str]
    is_text: bool

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]: ...

    def part_read(self) -> float: ...


@dataclass(slots=True)
class ImportSource:
    """A file by content and name; `column_map` forces the map instead of recognising it."""

    file: IO[bytes]
    name: str
    column_map: str | None = None

    @classmethod
    def from_path(cls, path: str | Path, column_map: str | None = None) -> ImportSource:
        """Open a file; the caller closes it."""
        return cls(Path(path).open("rb"), Path(path).name, column_map)

    @property
    def size(self) -> int:
        self.file.seek(0, 2)
        return self.file.tell()

    def digest(self) -> str:
        self.file.seek(0)
        return hashlib.file_digest(self.file, "sha256").hexdigest()  # type: ignore[arg-type]

    def open(self) -> AbstractContextManager[Table]:
        """Open the table inside; raises `FileFault` when there is none."""
        size = self.size
        if size > settings.IMPORT_MAX_BYTES:
            raise FileFault(
                "file.too_big",
                _("The file has %(size)s, more than the %(limit)s allowed. Divide it.")
                % {"size": filesizeformat(size), "limit": filesizeformat(settings.IMPORT_MAX_BYTES)},
            )
        self.file.seek(0)
        head = self.file.read(_HEAD)
        self.file.seek(0)
        if not head.strip(b"\xef\xbb\xbf \t\r\n"):
            raise FileFault("file.empty", _("The file is empty."))
        ending = Path(self.name).suffix.lower()
        if head.startswith(_ZIP):
            if ending in TEXT_ENDINGS:
                raise FileFault("file.not_text", _("This is an Excel workbook under the name of a text file."))
            return workbook.open_workbook(self.file, size)
        if head.startswith((_OLD_EXCEL, _PDF, _ZIP_EMPTY)) or ending not in TEXT_ENDINGS:
            raise FileFault("file.not_table", _not_a_table())
        return delimited.open_delimited(self.file, size)


def _not_a_table() -> str:
    return _("This is no table that can be read. Save it as CSV (UTF-8) or as an Excel workbook (.xlsx).")
