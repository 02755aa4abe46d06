"""Synonyms from and to CSV and XLSX: tried without a trace, entered whole or without the faulty rows, written out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from tablib import Dataset

from registry.domain.providers import Actor
from registry.interfaces.importing import ImportSource
from registry.interfaces.importing.report import (
    KEPT_CHANGES,
    Change,
    Fault,
    FileFault,
    ImportReport,
    shortened,
)
from registry.interfaces.importing.source import Table
from search.domain.synonyms import Outcome, Told, compare_synonyms, put_synonyms
from search.interfaces.synonym_resource import COLUMNS, REQUIRED, SynonymResource
from search.models import Synonym
from search.queries.targets import open_targets

MOST_ROWS: Final = 50_000
_FIRST_TEXT: Final = "\ufeff"


def run(
    source: ImportSource, *, actor: Actor, now: datetime, dry_run: bool = False, partial: bool = False
) -> ImportReport:
    """Bring a file of synonyms and say what came of it; a bad file is a report, never an exception.

    With a fault nothing goes in, unless `partial`: then the faultless rows do. What the file does not name stays.
    """
    report = ImportReport(shortened(source.name), dry_run=dry_run, partial=partial)
    try:
        report.sha256 = source.digest()
        with source.open() as table:
            told = _read(table, report)
    except FileFault as error:
        report.add(error.fault)
        report.faulty += 1
        return report
    if report.fault_count and not partial:
        return report
    outcomes = compare_synonyms(told)
    _tell(outcomes, report)
    if not dry_run:
        put_synonyms(outcomes, actor=actor, sha256=report.sha256, now=now)
    report.applied = not dry_run and report.changes_anything
    return report


def _read(table: Table, report: ImportReport) -> list[Told]:
    header = _columns(table.header)
    numbers: list[int] = []
    dataset = Dataset(headers=header)
    for number, cells in islice(table.rows(), MOST_ROWS + 1):
        if not any(cell.strip() for cell in cells):
            continue
        report.rows += 1
        if report.rows > MOST_ROWS:
            reason = _("The file has more than %(limit)s rows. Divide it.") % {"limit": MOST_ROWS}
            raise FileFault("file.too_long", reason, row=number)
        if _is_ragged(number, cells, header, report):
            continue
        numbers.append(number)
        dataset.append(cells[: len(header)])
    if not report.rows:
        raise FileFault("file.no_rows", _("There is only the header in the file, no rows."))
    result = SynonymResource(header, open_targets()).read(dataset, numbers)
    told = []
    for number, cells, row in zip(numbers, dataset, result.rows, strict=True):
        if row.validation_error is None and not row.errors:
            told.append(row.instance)
        else:
            _report_row(number, dict(zip(header, cells, strict=True)), row, report)
    return told


def _columns(header: Sequence[str]) -> list[str]:
    """Return the names of the columns as the file has them, or raise `FileFault`."""
    names = [cell.strip().casefold() for cell in header]
    for name, text in zip(names, header, strict=True):
        if name not in COLUMNS:
            reason = _("There is no such column. The columns are: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
            raise FileFault("header.unknown", reason, row=1, column=text)
        if names.count(name) > 1:
            raise FileFault("header.twice", _("Two columns have the same header."), row=1, column=text)
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        reason = _("A required column is missing: %(columns)s.") % {"columns": ", ".join(missing)}
        raise FileFault("header.missing", reason, row=1)
    return names


def _is_ragged(number: int, cells: Sequence[str], header: Sequence[str], report: ImportReport) -> bool:
    width = len(header)
    if len(cells) >= width and not any(cell.strip() for cell in cells[width:]):
        return False
    reason = _("The row has %(given)s cells, and the header has %(expected)s.") % {
        "given": len(cells),
        "expected": width,
    }
    report.add(Fault(number, "", shortened(cells[-1]), reason, "row.ragged"))
    report.faulty += 1
    return True


def _report_row(number: int, cells: dict[str, str], row: Any, report: ImportReport) -> None:
    report.faulty += 1
    if row.validation_error is None:
        report.add(Fault(number, "", "", _("The row could not be read."), "row.error"))
        return
    for column, faults in row.validation_error.error_dict.items():
        for fault in faults:
            value = shortened(cells.get(column, ""))
            report.add(Fault(number, column, value, " ".join(fault.messages), fault.code or "cell"))


def _tell(outcomes: Sequence[Outcome], report: ImportReport) -> None:
    for one in outcomes:
        setattr(report, one.kind, getattr(report, one.kind) + 1)
        if one.kind != "unchanged" and len(report.changes) < KEPT_CHANGES:
            differences = [
                (_label(name), "" if one.kind == "created" else _text(name, old), _text(name, new))
                for name, (old, new) in one.differences.items()
            ]
            report.changes.append(Change(one.told.row, "", shortened(one.synonym), one.kind, differences))


def _label(name: str) -> str:
    return capfirst(str(_column(name).verbose_name))


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return str(number_format(value.normalize()))
    return shortened(dict(_column(name).flatchoices).get(value, value))


def _column(name: str) -> Any:
    return Synonym._meta.get_field(name)  # noqa: SLF001 Django's public API


# --- out -----------------------------------------------------------------------------------------------------------


def as_csv(rows: Any) -> bytes:
    """Return UTF-8 with a byte order mark, without which Excel shows wrong letters."""
    return (_FIRST_TEXT + str(SynonymResource().export(rows).export("csv"))).encode()


def as_xlsx(rows: Any) -> bytes:
    dataset = SynonymResource().export(rows)
    dataset.title = "synonyms"
    content: bytes = dataset.export("xlsx")
    return content


FORMATS: Final[dict[str, tuple[str, Callable[[Any], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
