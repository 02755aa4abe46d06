"""Answers of a proposal in words, and the names of their places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procurement.domain.forms.proposal_forms import Field, Reading
from procurement.domain.forms.values import day_of_value, number_of
from procurement.domain.forms.words import amount_words, day_words


def answer_words(field: Field, value: Any, files: Mapping[str, Mapping[str, Any]]) -> str:
    """Write one answer for people; nothing for none."""
    if value is None or value in ("", []):
        return ""
    if field.kind in ("yes_no", "statement"):
        return _("yes") if value else _("no")
    if field.kind in ("choice", "choices"):
        told = value if isinstance(value, list) else [value]
        return "\n".join(field.options.get(one, str(one)) for one in told)
    if field.kind == "document":
        return str(files.get(value, {}).get("name", "")) if isinstance(value, str) else ""
    return _measured(field, value)


def _measured(field: Field, value: Any) -> str:
    day: date | None = day_of_value(value) if field.kind == "date" else None
    if day is not None:
        return day_words(day)
    number: Decimal | None = number_of(value) if field.kind in ("number", "money", "calculated") else None
    return str(value) if number is None else amount_words(number, is_money=field.is_money)


def shown_in_control(field: Field, value: Any) -> Any:
    """Return a kept answer as its control shows it: numbers with a comma, days as people write them."""
    if value is None:
        return [] if field.kind == "choices" else ""
    if field.kind == "choices":
        return value
    if field.kind in ("yes_no", "statement"):
        return "yes" if value else "no"
    if field.kind in ("number", "money"):
        return str(value).replace(".", ",")
    day = day_of_value(value) if field.kind == "date" else None
    return day_words(day) if day is not None else str(value)


def path_words(reading: Reading, path: str) -> str:
    """Name the place of a path: its label, with the table and row of a cell; the path itself for none."""
    found = reading.form.find(path)
    if found is None:
        return path[:100]
    field, row = found
    table = reading.form.table_of(field) if row else None
    if table is None:
        return field.label
    rows = reading.rows(table)
    number = row if table.of_lots or row not in rows else str(rows.index(row) + 1)
    kind = _("lot %(number)s") if table.of_lots else _("row %(number)s")
    return f"{table.label}, {kind % {'number': number}}: {field.label}"
