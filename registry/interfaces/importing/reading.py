"""Rows of the file become drafts: mapped to our columns, converted by the resource, compared with the rows above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from tablib import Dataset

from registry.interfaces.exporting.columns import COLUMNS as EXPORTED
from registry.interfaces.importing.books import open_books
from registry.interfaces.importing.cells import EMPTY, holds_personal_number
from registry.interfaces.importing.ledger import Ledger
from registry.interfaces.importing.maps import find_map
from registry.interfaces.importing.places import Places
from registry.interfaces.importing.report import HIDDEN, CellFault, Fault, ImportReport, shortened
from registry.interfaces.importing.resource import Draft, ProviderResource
from registry.interfaces.importing.settle import key_of, resolve_numbers
from registry.interfaces.importing.source import Table

_SECRET: Final = frozenset({"rnokpp", "private_phones", "private_emails"})
Row = tuple[int, Sequence[str]]


class RowReader:
    """Reads batches of rows, reports every fault, returns the faultless drafts."""

    def __init__(self, table: Table, report: ImportReport, *, now: datetime, column_map: str | None) -> None:
        self.table, self.report = table, report
        self.map = find_map(table.header, name=column_map, ignored=[column.name for column in EXPORTED])
        self.ledger = Ledger(self.map.columns)
        books = open_books()
        self.resource = ProviderResource(
            self.map.columns,
            books=books,
            places=Places(books, lenient=self.map.lenient),
            today=timezone.localdate(now),
        )
        self._arrange = self._arranger()
        report.column_map = self.map.name
        report.notes += self.map.notes

    def close(self) -> None:
        self.ledger.close()

    def read(self, batch: Sequence[Row]) -> list[Draft]:
        numbers, dataset = [], Dataset(headers=list(self.map.columns))
        for number, cells in batch:
            if not any(cell.strip() for cell in cells):
                continue
            self.report.rows += 1
            if self._is_ragged(number, cells):
                continue
            numbers.append(number)
            dataset.append(self._arrange(cells))
        drafts: list[Draft] = []
        results = zip(numbers, self.resource.read(dataset).rows, strict=True)
        for position, (number, result) in enumerate(results):
            if result.instance is not None and not result.errors and result.validation_error is None:
                result.instance.row = number
                drafts.append(result.instance)
            else:
                self._report_result(number, dataset[position], result)
        return self._without(self.ledger_faults, self._without(resolve_numbers, drafts))

    def ledger_faults(self, drafts: Sequence[Draft]) -> dict[int, dict[str, CellFault]]:
        return self.ledger.judge(drafts, keys=[key_of(draft) for draft in drafts])

    def report_fault(self, row: int, column: str, value: Any, fault: ValidationError) -> None:
        """Report one cell, by the header that the file itself has for it."""
        text = shortened(value)
        hidden = column in _SECRET or holds_personal_number(str(value)[:200])
        self.report.add(
            Fault(
                row,
                self.map.named.get(column, column),
                HIDDEN if hidden and text else text,
                " ".join(fault.messages),
                fault.code or "cell",
            )
        )

    def _arranger(self) -> Callable[[Sequence[str]], Sequence[str]]:
        header, columns = list(self.table.header), self.map.columns
        if self.map.name:
            return lambda cells: self._mapped(dict(zip(header, cells, strict=False)))
        places = [header.index(self.map.named[column]) for column in columns]
        return lambda cells: [cells[place] for place in places]

    def _mapped(self, cells: Mapping[str, str]) -> list[str]:
        told = self.map.row(cells)
        return [told.get(column, "") for column in self.map.columns]

    def _is_ragged(self, number: int, cells: Sequence[str]) -> bool:
        width = len(self.table.header)
        if len(cells) == width or (len(cells) > width and not any(cell.strip() for cell in cells[width:])):
            return False
        reason = _("The row has %(given)s cells, and the header has %(expected)s.") % {
            "given": len(cells),
            "expected": width,
        }
        self.report.add(Fault(number, "", shortened(cells[-1]), reason, "row.ragged"))
        self.report.faulty += 1
        return True

    def _report_result(self, number: int, cells: Sequence[str], result: Any) -> None:
        self.report.faulty += 1
        if result.validation_error is None:
            reason = _("The row could not be read.")
            self.report.add(Fault(number, "", "", reason, "row.error"))
            return
        told = dict(zip(self.map.columns, cells, strict=True))
        for column, faults in result.validation_error.error_dict.items():
            for fault in faults:
                value = told.get(column, "")
                self.report_fault(number, column, "" if value in EMPTY else value, fault)

    def _without(
        self, judge: Callable[[Sequence[Draft]], dict[int, dict[str, CellFault]]], drafts: list[Draft]
    ) -> list[Draft]:
        """Report what the judge finds and return the rest."""
        if not drafts:
            return []
        found = judge(drafts)
        for position, faults in found.items():
            self.report.faulty += 1
            for column, fault in faults.items():
                self.report_fault(drafts[position].row, column, _shown(drafts[position].told.get(column)), fault)
        return [draft for position, draft in enumerate(drafts) if position not in found]


def _shown(value: Any) -> str:
    """Return a converted value as text; a key of a table means nothing to a reader."""
    return "" if value is None or isinstance(value, int | frozenset) else str(value)
