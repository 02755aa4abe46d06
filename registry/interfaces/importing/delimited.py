"""Tables in text: which encoding, which delimiter, and rows read one by one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import IO, Final

from django.utils.translation import gettext as _

from registry.interfaces.importing.report import FileFault

SAMPLE: Final = 262_144
LONGEST_HEADER: Final = 1_048_576
DELIMITERS: Final = (",", ";", "\t")
# what the reader of the standard library holds of one cell; a bigger one ends the reading
HUGE_CELL: Final = 16 * 1024 * 1024
_HIGH: Final = re.compile(r"[^\x00-\x7f]")
# letters and signs that a Ukrainian text in Windows-1251 has beyond ASCII
_UKRAINIAN: Final = re.compile(r"[а-яА-ЯіїєґІЇЄҐёЁ№«»“”„’‘–—…•°§©® ­]")
_MOSTLY: Final = 0.98
_LETTERS: Final = re.compile(r"[а-яіїєґё]", re.IGNORECASE)
_VOWELS: Final = re.compile(r"[аеєиіїоуюяёэы]", re.IGNORECASE)
# a word that begins small and goes on in capitals: KOI8 again, where the two halves of the table are exchanged
_UPSIDE_DOWN: Final = re.compile(r"\b[а-яіїєґ][А-ЯІЇЄҐ]{2}")
_TOO_FEW: Final = 8
# a Ukrainian text has some 42 %, KOI8 read as Windows-1251 some 15 %
_FEWEST_VOWELS: Final = 0.28
_NULS: Final = 0.05


class DelimitedTable:
    is_text = True

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._size = file, size
        sample = file.read(SAMPLE)
        file.seek(0)
        self._text = io.TextIOWrapper(
            file, encoding=guess_encoding(sample, whole=len(sample) == size), errors="surrogateescape", newline=""
        )
        first = self._text.readline(LONGEST_HEADER)
        if first.lower().startswith("sep="):  # a line that Excel writes for itself
            first = self._text.readline(LONGEST_HEADER)
        if len(first) == LONGEST_HEADER:
            raise FileFault("file.not_table", _("The header cannot be read."))
        self._reader = csv.reader(chain([first], self._text), delimiter=guess_delimiter(first))
        try:
            header = next(self._reader, [])
        except csv.Error as error:
            raise FileFault("file.not_table", _("The header cannot be read.")) from error
        while header and not header[-1].strip():
            header.pop()
        if not header:
            raise FileFault("file.empty", _("The first row of the file is empty: there must be the header."))
        self.header: Sequence[str] = [cell.strip().lstrip("\ufeff") for cell in header]

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        number = 1
        while True:
            number += 1
            try:
                yield number, next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise FileFault(
                    "row.unreadable",
                    _("Reading stopped here: a cell is too big, or a quotation mark is not closed."),
                    row=number,
                ) from error

    def part_read(self) -> float:
        return min(self._file.tell() / self._size, 1.0)

    def detach(self) -> None:
        self._text.detach()


@contextmanager
def open_delimited(file: IO[bytes], size: int) -> Iterator[DelimitedTable]:
    csv.field_size_limit(HUGE_CELL)
    table = DelimitedTable(file, size)
    try:
        yield table
    finally:
        table.detach()


def guess_encoding(sample: bytes, *, whole: bool) -> str:
    """Return `utf-8-sig` or `cp1251`; `FileFault` for anything else, rather than wrong letters in the register."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")) or sample.count(0) > len(sample) * _NULS:
        raise FileFault(
            "file.encoding", _("The file is in the UTF-16 encoding. Save it as “CSV UTF-8 (comma delimited)”.")
        )
    if _is_utf8(sample, whole=whole):
        return "utf-8-sig"
    if _reads_as_ukrainian(sample.decode("cp1251", errors="replace")):
        return "cp1251"
    # one broken letter in an otherwise good file is for the rows to report
    broken = sample.decode("utf-8", errors="surrogateescape")
    lost = sum("\udc80" <= letter <= "\udcff" for letter in broken)
    if lost * 20 < len(_HIGH.findall(broken)):
        return "utf-8-sig"
    raise FileFault("file.encoding", _("The encoding of the file is not known. Save it as CSV in UTF-8."))


def _reads_as_ukrainian(text: str) -> bool:
    """Say whether the text has the letters of a Ukrainian one, its share of vowels, and capitals where they belong."""
    high = _HIGH.findall(text)
    if sum(bool(_UKRAINIAN.match(letter)) for letter in high) < len(high) * _MOSTLY:
        return False
    if len(_UPSIDE_DOWN.findall(text)) > len(text.split()) * (1 - _MOSTLY):
        return False
    letters = _LETTERS.findall(text)
    return len(letters) < _TOO_FEW or len(_VOWELS.findall(text)) > len(letters) * _FEWEST_VOWELS


def _is_utf8(sample: bytes, *, whole: bool) -> bool:
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        # a letter cut in two by the end of the sample is no fault
        return not whole and error.start >= len(sample) - 4
    return True


def guess_delimiter(line: str) -> str:
    """Return the delimiter that the header has most of, outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=bare.count)
