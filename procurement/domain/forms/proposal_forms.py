"""Forms of proposals as data: what a definition may hold, which fields apply, what is computed, what is wrong.

The language is described in procurement/reference/README.md. A content is flat: `about/title`, `budget/lines/1/amount`,
`documents/statute` with the identifier of a file, `lots` with the numbers of the chosen lots as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from procurement.domain.forms.checks import DefinitionRefused, faults_of, require_definition
from procurement.domain.forms.definition import LOTS, MOST_ROWS, Field, Form, Section, form_of
from procurement.domain.forms.reading import OF_LOT, SUMMED, Reading
from procurement.domain.forms.values import (
    ValueRefused,
    day_of_value,
    number_of,
    read_value,
    to_kopiika,
)
from procurement.domain.forms.words import amount_words, day_words

__all__ = [
    "DefinitionRefused",
    "Field",
    "Form",
    "Problem",
    "Reading",
    "Section",
    "ValueRefused",
    "content_that_applies",
    "facts_of",
    "faults_of",
    "form_of",
    "judge",
    "problems_of",
    "read_value",
    "require_definition",
    "to_kopiika",
]

_EMPTY: Final[tuple[Any, ...]] = (None, "", [])


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a proposal from being submitted: where (path of the content), the section, in words."""

    path: str
    section: str
    text: str | Promise
    missing: bool = False


def facts_of(announcement: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form may compare with, from the content of a version of the announcement."""
    lots = {
        str(lot["number"]): {name: lot.get(name) for name in ("title", *SUMMED, *OF_LOT)}
        for lot in announcement.get("lots") or ()
    }
    dates = announcement.get("dates") or {}
    return {
        "lots": lots,
        "documents": list(announcement.get("documents") or ()),
        "budget_limit": announcement.get("budget_limit"),
        "service_from": dates.get("service_from"),
        "service_to": dates.get("service_to"),
    }


def problems_of(definition: Mapping[str, Any], content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Problem]:
    """Judge a whole content by a frozen definition; `facts` are what a form may compare with (ceilings of lots …)."""
    return judge(Reading(form_of(definition, facts), content, facts))


def judge(reading: Reading) -> list[Problem]:
    """Return everything that is missing or wrong, in the order of the form; what does not apply is not asked."""
    return [
        problem
        for section in reading.form.sections
        for field in section.fields
        if reading.applies(field)
        for problem in _Judge(reading, section, field).problems()
    ]


def content_that_applies(
    definition: Mapping[str, Any], content: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the content without what the form does not ask: answers to questions gone, rows of lots not chosen."""
    form = form_of(definition, facts)
    reading = Reading(form, content, facts)
    kept: dict[str, Any] = {}
    for path, value in content.items():
        found = form.find(path)
        if found is None:
            continue
        field, row = found
        table = form.table_of(field) if row else None
        if reading.applies(table or field) and (table is None or row in reading.rows(table)):
            kept[path] = value
    if reading.lots():
        kept[LOTS] = reading.lots()
    return kept


class _Judge:
    """One field of a content and what is wrong with it."""

    def __init__(self, reading: Reading, section: Section, field: Field) -> None:
        self.reading, self.section, self.field = reading, section, field

    def problems(self) -> Iterator[Problem]:
        if self.field.kind == "table":
            yield from self._table()
        else:
            yield from self._answer(self.field, self.field.path, "", "")

    def _answer(self, field: Field, path: str, row: str, where: str) -> Iterator[Problem]:
        value = self.reading.value(field, row)
        if value in _EMPTY:
            if field.is_required and field.kind != "calculated":
                yield self._problem(path, _lack(field, where), missing=True)
            return
        if field.kind != "calculated":
            try:
                read_value(field, value)
            except ValueRefused as refusal:
                yield self._problem(path, f"{_named(field, where)}: {refusal.reason}")
                return
        yield from self._limits(field, path, row, where)

    def _limits(self, field: Field, path: str, row: str, where: str) -> Iterator[Problem]:
        is_day = field.kind == "date"
        value: Any = (day_of_value if is_day else number_of)(self.reading.value(field, row))
        words: Any = day_words if is_day else partial(amount_words, is_money=field.is_money)
        for limit in ("at_least", "at_most"):
            operand = field.spec.get(limit)
            bound: Any = self.reading.bound(operand, field, row) if operand else None
            if bound is None or (value >= bound if limit == "at_least" else value <= bound):
                continue
            told = {"field": _named(field, where), "value": words(value), "limit": words(bound)}
            if is_day and limit == "at_least":
                text = _("%(field)s: %(value)s is earlier than %(limit)s.") % told
            elif is_day:
                text = _("%(field)s: %(value)s is later than %(limit)s.") % told
            elif limit == "at_least":
                text = _("%(field)s: %(value)s is less than %(limit)s.") % told
            else:
                text = _("%(field)s: %(value)s is more than %(limit)s.") % told
            yield self._problem(path, text)

    def _table(self) -> Iterator[Problem]:
        table, rows = self.field, self.reading.rows(self.field)
        least = max(int(table.spec.get("min_rows", 0)), 1 if table.is_required and not table.of_lots else 0)
        most = int(table.spec.get("max_rows", MOST_ROWS))
        if len(rows) < least:
            told = {"table": table.label, "least": least}
            yield self._problem(table.path, _("%(table)s: fill in at least %(least)d.") % told, missing=True)
        if len(rows) > most and not table.of_lots:
            yield self._problem(
                table.path, _("%(table)s: at most %(most)d rows.") % {"table": table.label, "most": most}
            )
        for number, row in enumerate(rows, 1):
            where = self._row_name(row, number)
            for column in table.columns:
                yield from self._answer(column, table.cell(row, column.name), row, where)

    def _row_name(self, row: str, number: int) -> str:
        if self.field.of_lots:
            many = len(self.reading.lots()) > 1
            return _("lot %(number)s") % {"number": row} if many else ""
        return _("%(table)s, row %(number)d") % {"table": self.field.label, "number": number}

    def _problem(self, path: str, text: str, *, missing: bool = False) -> Problem:
        return Problem(path, self.section.code, text, missing)


def _named(field: Field, where: str) -> str:
    return f"{field.label} ({where})" if where else field.label


def _lack(field: Field, where: str) -> str:
    told = {"field": _named(field, where)}
    if field.kind == "document":
        return _("Add the document: %(field)s") % told
    if field.kind == "statement":
        return _("Agree to the statement: %(field)s") % told
    if field.kind in ("choice", "choices", "yes_no"):
        return _("Choose: %(field)s") % told
    return _("Fill in: %(field)s") % told
