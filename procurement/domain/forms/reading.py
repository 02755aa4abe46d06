"""A content read by its form: which fields apply, which rows there are, what is computed and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from math import prod
from typing import Any, Final

from procurement.domain.forms.definition import LOTS, ROW, Field, Form
from procurement.domain.forms.values import day_of_value, number_of, to_kopiika

Content = Mapping[str, Any]
# of a lot in the row of a lot, of all lots chosen elsewhere
SUMMED: Final = ("ceiling", "recipients", "volume")
OF_LOT: Final = ("service_from", "service_to")
OF_NOTICE: Final = ("budget_limit", *OF_LOT)
FACTS: Final = (*SUMMED, *OF_NOTICE)
_DIGITS: Final = re.compile(r"[0-9]+")


def row_number(key: str) -> int:
    """Return the number that the key of a row begins with: rows stand in that order."""
    found = _DIGITS.match(key)
    return int(found[0]) if found else 0


class Reading:
    """The answers under a form; computes what nobody types and never changes anything."""

    def __init__(self, form: Form, content: Content, facts: Mapping[str, Any]) -> None:
        self.form, self.content, self.facts = form, content, facts
        self._applying: dict[str, bool] = {}

    # --- what there is ---

    def lots(self) -> list[str]:
        """Return the numbers of the lots that the proposal is for: the only one, or those that were chosen."""
        known = self.facts.get("lots") or {}
        if len(known) <= 1:
            return list(known)
        chosen = self.content.get(LOTS) or []
        return [number for number in known if number in chosen]

    def rows(self, table: Field) -> list[str]:
        """Return the keys of the rows: those of the chosen lots, or those in which something stands."""
        if table.of_lots:
            return self.lots()
        start, names = f"{table.path}/", {column.name for column in table.columns}
        found = set()
        for path, value in self.content.items():
            if not path.startswith(start) or value is None:
                continue
            row, _slash, name = path[len(start) :].partition("/")
            if name in names and ROW.fullmatch(row):
                found.add(row)
        return sorted(found, key=lambda key: (row_number(key), key))

    def value(self, field: Field, row: str = "") -> Any:
        """Return the answer as it is kept; of a calculated field, its number."""
        if field.kind == "calculated":
            return self.calculated(field, row)
        if not row:
            return self.content.get(field.path)
        table, _slash, name = field.path.rpartition("/")
        return self.content.get(f"{table}/{row}/{name}")

    # --- what applies ---

    def applies(self, field: Field) -> bool:
        """Say whether the field is asked: all its conditions hold, and the fields they look at are asked themselves."""
        if field.path not in self._applying:
            self._applying[field.path] = all(self._holds(one) for one in conditions_of(field.spec))
        return self._applying[field.path]

    def _holds(self, condition: Mapping[str, Any]) -> bool:
        other = self.form.field(condition["field"])
        if other is None or not self.applies(other):
            return False
        value = self.rows(other) if other.kind == "table" else self.value(other)
        if "filled" in condition:
            return (value not in (None, "", [])) == bool(condition["filled"])
        told = value if isinstance(value, list) else [value]
        if "not" in condition:
            return value is not None and condition["not"] not in told
        wanted = condition["in"] if "in" in condition else [condition["is"]]
        return any(one in told for one in wanted)

    # --- what is computed ---

    def calculated(self, field: Field, row: str = "") -> Decimal | None:
        """Return the number, nothing while a part of it is missing; sums of money are rounded half a kopiika up."""
        rule = field.spec["calculate"]
        if "sum" in rule:
            found = self._sum(rule["sum"])
        else:
            parts = [self._number(ref, field, row) for ref in rule.get("product") or rule["difference"]]
            found = _product(parts) if "product" in rule else _difference(parts)
        if found is None:
            return None
        return to_kopiika(found) if field.is_money else found

    def _sum(self, ref: str) -> Decimal | None:
        table_path, _slash, name = ref.rpartition("/")
        table = self.form.field(table_path)
        column = table.column(name) if table is not None else None
        if table is None or column is None or not self.applies(table):
            return None
        return self.total(table, column)

    def total(self, table: Field, column: Field) -> Decimal | None:
        """Return the sum of a column over the rows that have a number there; nothing where none has."""
        cells = [number_of(self.value(column, row)) for row in self.rows(table)]
        told = [cell for cell in cells if cell is not None]
        return sum(told, Decimal(0)) if told else None

    def _number(self, ref: str, field: Field, row: str) -> Decimal | None:
        if "/" in ref:
            other = self.form.field(ref)
            return number_of(self.value(other)) if other is not None and self.applies(other) else None
        table = self.form.table_of(field)
        column = table.column(ref) if table is not None else None
        return number_of(self.value(column, row)) if column is not None else None

    # --- what is compared ---

    def bound(self, operand: Mapping[str, Any], field: Field, row: str) -> Decimal | date | None:
        """Return what a limit names, as a number or a day; nothing where it is not known: then nothing is judged."""
        read: Any = day_of_value if field.kind == "date" else number_of
        if "value" in operand:
            return read(operand["value"])
        if "fact" in operand:
            return read(self._fact(operand["fact"], field, row))
        ref = operand["field"]
        if "/" not in ref:
            table = self.form.table_of(field)
            column = table.column(ref) if table is not None else None
            return read(self.value(column, row)) if column is not None else None
        other = self.form.field(ref)
        return read(self.value(other)) if other is not None and self.applies(other) else None

    def _fact(self, name: str, field: Field, row: str) -> Any:
        lots = self.facts.get("lots") or {}
        table = self.form.table_of(field) if row else None
        if table is not None and table.of_lots:
            found = lots.get(row, {}).get(name)
            return found if name in SUMMED or found else self.facts.get(name)
        if name in SUMMED:
            return _total(lots.get(number, {}).get(name) for number in self.lots())
        return self.facts.get(name)


def conditions_of(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    told = spec.get("when") or []
    return [told] if isinstance(told, Mapping) else list(told)


def _product(parts: list[Decimal | None]) -> Decimal | None:
    told = [part for part in parts if part is not None]
    return prod(told, start=Decimal(1)) if len(told) == len(parts) else None


def _difference(parts: list[Decimal | None]) -> Decimal | None:
    """Take from the first what there is of the others: what is not written down takes nothing away."""
    first, *rest = parts
    return None if first is None else first - sum((part for part in rest if part is not None), Decimal(0))


def _total(values: Iterable[Any]) -> Decimal | None:
    """Add up what is known of every one of them; nothing where one is unknown."""
    read = [number_of(value) for value in values]
    told = [one for one in read if one is not None]
    return sum(told, Decimal(0)) if told and len(told) == len(read) else None
