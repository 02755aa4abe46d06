"""Facts about hromadas that no package carries: population, area, budget, centre; from a file an official chooses.

Unknown stays unknown: an empty cell changes nothing and is never zero. Coordinates and a centre are taken only where
none is known. A row with a fault is reported whole, with row, column, value and reason, and does not go in.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from registry.models import Territory

# column of the file → field; `population_2022` and the like are recognised by their year
COLUMNS: Final = {
    "katottg": "code",
    "name_in_katottg_2026": "name",
    "name_latin": "name_latin",
    "area_km2": "area_km2",
    "budget_code": "budget_code",
    "budget_name": "budget_name",
    "center_katottg": "centre",
    "lat": "latitude",
    "lon": "longitude",
}
POPULATION: Final = re.compile(r"population_(\d{4})")
FACTS: Final = (
    "name_latin",
    "population",
    "population_on",
    "area_km2",
    "budget_code",
    "budget_name",
    "centre_id",
    "latitude",
    "longitude",
)
KNOWN_BETTER: Final = frozenset({"centre_id", "latitude", "longitude"})
CODE: Final = re.compile(r"UA\d{17}")
BUDGET_CODE: Final = re.compile(r"\d{11}")
UKRAINE: Final = {"latitude": (Decimal(44), Decimal("52.5")), "longitude": (Decimal(22), Decimal("40.5"))}
MOST_PEOPLE: Final = 60_000_000
COUNTRY_KM2: Final = 603_700
MAX_CELL: Final = 10_000
# such a cell is no fault of a row: a quote is not closed, or this is another kind of file
LONGEST_CELL: Final = 131_072
SHOWN: Final = 60
# an UPDATE with a CASE for each row grows slow with its length
BATCH: Final = 40

Row = Mapping[str, str]
Values = dict[str, Any]
Progress = Callable[[int, int], object]
Reader = Callable[[str, Mapping[str, str], Mapping[str, Territory]], Values]


class FactsFileError(ValueError):
    """The file as a whole cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        value = self.value if len(self.value) <= SHOWN else f"{self.value[:SHOWN]}…"
        return _("row %(row)s, column “%(column)s”, value “%(value)s”: %(reason)s") % {
            "row": self.row,
            "column": self.column,
            "value": value,
            "reason": self.reason,
        }


@dataclass(slots=True)
class FactsReport:
    """What an import did or, in a dry run or a refusal, would have done."""

    rows: int = 0
    changed: int = 0
    unchanged: int = 0
    written: bool = False
    ignored_columns: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class CellFault(ValueError):  # noqa: N818 the name says what it is
    """One cell says something impossible."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


def import_territory_facts(
    path: Path, *, dry_run: bool = False, partial: bool = False, progress: Progress | None = None
) -> FactsReport:
    """Bring the facts of a CSV or XLSX file into the territories, all of them or, on request, the faultless ones.

    Raises FactsFileError when the file cannot be read or has no column of codes.
    """
    header, rows = read_table(path)
    columns = recognised(header)
    if "code" not in columns.values():
        raise FactsFileError(_("The file has no column “katottg”."))
    report = FactsReport(ignored_columns=[name for name in header if name not in columns])
    with transaction.atomic():
        units = {unit.code: unit for unit in Territory.objects.select_for_update(of=("self",))}
        changed = list(_changes(header, rows, columns, units, report, progress))
        if not dry_run and (partial or not report.problems):
            for unit in changed:
                unit.facts_source = path.name[:300]
            Territory.objects.bulk_update(
                changed, [name.removesuffix("_id") for name in (*FACTS, "facts_source")], BATCH
            )
            report.written = bool(changed)
    return report


def recognised(header: Iterable[str]) -> dict[str, str]:
    """Return which columns of a file mean something, and what."""
    found = {name: COLUMNS[name.casefold()] for name in header if name.casefold() in COLUMNS}
    years = sorted(name for name in header if POPULATION.fullmatch(name.casefold()))
    return found | ({years[-1]: "population"} if years else {})


def _changes(
    header: Sequence[str],
    rows: Sequence[tuple[int, list[str]]],
    columns: Mapping[str, str],
    units: Mapping[str, Territory],
    report: FactsReport,
    progress: Progress | None,
) -> Iterator[Territory]:
    seen: dict[str, int] = {}
    for number, row in rows:
        report.rows += 1
        if progress:
            progress(report.rows, len(rows))
        try:
            unit, values = _judged(_named(header, row), columns, units)
            if first := seen.get(unit.code):
                raise _fault(columns, "code", unit.code, _("this unit already stands in row %(row)s") % {"row": first})
        except CellFault as fault:
            report.problems.append(Problem(number, fault.column, fault.value, fault.reason))
            continue
        seen[unit.code] = number
        differing = {name: value for name, value in values.items() if getattr(unit, name) != value}
        if not differing:
            report.unchanged += 1
            continue
        for name, value in differing.items():
            setattr(unit, name, value)
        report.changed += 1
        yield unit


def _named(header: Sequence[str], cells: Sequence[str]) -> Row:
    """Return the cells by column; a row longer than the header has slipped, so nothing in it can be trusted."""
    if extra := [cell for cell in cells[len(header) :] if cell.strip()]:
        raise CellFault("", extra[0], _("the row has more cells than the header"))
    return dict(zip(header, [*cells, *[""] * len(header)], strict=False))


def _judged(row: Row, columns: Mapping[str, str], units: Mapping[str, Territory]) -> tuple[Territory, Values]:
    """Return the unit a row is about and the facts it states, or raise the first fault."""
    cells = {meaning: _honest(name, row[name].strip()) for name, meaning in columns.items()}
    code = cells["code"]
    if not CODE.fullmatch(code):
        raise _fault(columns, "code", code, _("a KATOTTG code is UA and 17 digits"))
    if code not in units:
        raise _fault(columns, "code", code, _("the codifier has no such unit"))
    unit = units[code]
    if cells.get("name") and cells["name"] != unit.name:
        reason = _("by the codifier this code belongs to “%(name)s”") % {"name": unit.name}
        raise _fault(columns, "name", cells["name"], reason)
    values: Values = {}
    for meaning, read in READERS.items():
        if cells.get(meaning):
            try:
                values |= read(cells[meaning], columns, units)
            except ValueError as error:
                raise _fault(columns, meaning, cells[meaning], str(error)) from None
    if ("latitude" in values) != ("longitude" in values):
        missing = "longitude" if "latitude" in values else "latitude"
        raise _fault(columns, missing, "", _("latitude and longitude go together"))
    return unit, {name: value for name, value in values.items() if not _known_better(unit, name)}


def _honest(column: str, text: str) -> str:
    if len(text) > MAX_CELL:
        raise CellFault(column, text, _("the cell is too long"))
    if text.startswith(("=", "+", "@")):
        raise CellFault(column, text, _("a formula is not accepted, only its value"))
    return text


def _known_better(unit: Territory, name: str) -> bool:
    return name in KNOWN_BETTER and getattr(unit, name) is not None


def _fault(columns: Mapping[str, str], meaning: str, value: str, reason: str) -> CellFault:
    name = next((name for name, what in columns.items() if what == meaning), meaning)
    return CellFault(name, value, reason)


# --- one reader for each meaning: text of the cell → facts ----------------------------------------------------------


def _number(text: str) -> Decimal:
    try:
        number = Decimal(re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", "."))
    except InvalidOperation:
        raise ValueError(_("this is not a number")) from None
    if not number.is_finite():
        raise ValueError(_("this is not a number"))
    return number


def _read_population(text: str, columns: Mapping[str, str], _units: Mapping[str, Territory]) -> Values:
    number = _number(text)
    if number < 0 or number != number.to_integral_value():
        raise ValueError(_("population is a whole number, not below zero"))
    column = next(name for name, meaning in columns.items() if meaning == "population")
    year = POPULATION.fullmatch(column.casefold())
    if year is None or number > MOST_PEOPLE:
        raise ValueError(_("no unit has so many residents"))
    return {"population": int(number), "population_on": date(int(year[1]), 1, 1)}


def _read_area(text: str, _columns: Mapping[str, str], _units: Mapping[str, Territory]) -> Values:
    number = _number(text)
    if not 0 < number <= COUNTRY_KM2:
        raise ValueError(_("area is above zero and not larger than the country"))
    return {"area_km2": round(number, 2)}


def _read_budget_code(text: str, _columns: Mapping[str, str], _units: Mapping[str, Territory]) -> Values:
    if not BUDGET_CODE.fullmatch(text):
        raise ValueError(_("a budget code is 11 digits; keep the column as text so that the zero in front stays"))
    return {"budget_code": text}


def _read_centre(text: str, _columns: Mapping[str, str], units: Mapping[str, Territory]) -> Values:
    if text not in units:
        raise ValueError(_("the codifier has no such unit"))
    return {"centre_id": units[text].pk}


def _read_text(name: str, limit: int) -> Reader:
    def read(text: str, _columns: Mapping[str, str], _units: Mapping[str, Territory]) -> Values:
        if len(text) > limit:
            raise ValueError(_("the text is longer than %(limit)s characters") % {"limit": limit})
        return {name: " ".join(text.split())}

    return read


def _read_coordinate(name: str) -> Reader:
    def read(text: str, _columns: Mapping[str, str], _units: Mapping[str, Territory]) -> Values:
        number = _number(text)
        least, most = UKRAINE[name]
        if not least <= number <= most:
            raise ValueError(_("this point is not in Ukraine"))
        return {name: float(round(number, 6))}

    return read


READERS: Final[dict[str, Reader]] = {
    "name_latin": _read_text("name_latin", 160),
    "population": _read_population,
    "area_km2": _read_area,
    "budget_code": _read_budget_code,
    "budget_name": _read_text("budget_name", 200),
    "centre": _read_centre,
    "latitude": _read_coordinate("latitude"),
    "longitude": _read_coordinate("longitude"),
}


# --- files ---------------------------------------------------------------------------------------------------------


def read_table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header and the numbered rows of a CSV or XLSX file, every cell as text; empty rows are left out."""
    table = _read_xlsx(path) if path.suffix.casefold() == ".xlsx" else _read_csv(path)
    rows = [(number, cells) for number, cells in enumerate(table, start=1) if any(cell.strip() for cell in cells)]
    if not rows:
        raise FactsFileError(_("The file is empty."))
    header = [cell.strip() for cell in rows[0][1]]
    if repeated := sorted({name for name in header if name and header.count(name) > 1}):
        raise FactsFileError(_("These columns stand twice: %(names)s") % {"names": ", ".join(repeated)})
    return header, rows[1:]


def _read_xlsx(path: Path) -> list[list[str]]:
    try:
        table = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as error:
        raise FactsFileError(_("The workbook cannot be read: %(error)s") % {"error": error}) from None
    return [[_cell_text(cell) for cell in row] for row in table]


def _cell_text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _read_csv(path: Path) -> list[list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FactsFileError(_("The file is not in UTF-8: save it as “CSV UTF-8” or as XLSX.")) from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    message = _("The file cannot be read at line %(line)s: %(error)s")
    table = []
    try:
        for cells in reader:
            if max(map(len, cells), default=0) > LONGEST_CELL:
                raise FactsFileError(message % {"line": reader.line_num, "error": _("the cell is too long")})
            table.append(cells)
    except csv.Error as error:
        raise FactsFileError(message % {"line": reader.line_num, "error": error}) from None
    return table
