"""CSV for spreadsheets: begun with the mark of the byte order, without which Excel shows wrong letters; no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from registry.interfaces.exporting.columns import guarded

BYTE_ORDER_MARK: Final = "\ufeff"


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return these rows as lines of CSV; who begins a file puts the mark of the byte order before them."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def csv_cell(value: Any) -> str:
    """Write a value as a program reads it, on one line and never as a formula; nothing for what is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int):
        return str(value)
    return value.isoformat() if isinstance(value, date) else guarded(" ".join(str(value).split()))
