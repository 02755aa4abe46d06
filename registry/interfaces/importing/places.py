"""From the words of an address to units of the codifier: strictly for our own files, cautiously for foreign ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from registry.enums import UnitCategory
from registry.interfaces.importing.books import Books, Unit, fold
from registry.interfaces.importing.report import CellFault

_SETTLEMENT_TYPES: Final = (
    (re.compile(r"^(?:м\.|місто\b|м\s)\s*"), (UnitCategory.CITY, UnitCategory.SPECIAL_CITY)),
    (re.compile(r"^(?:смт\.?|с-ще\.?|селище міського типу|селище)\s*"), (UnitCategory.SETTLEMENT,)),
    (re.compile(r"^(?:с\.|село\b|с\s)\s*"), (UnitCategory.VILLAGE,)),
)
_OBLAST_WORDS: Final = re.compile(r"\s*(?:область|обл\.?)$|^(?:м\.|місто)\s*")
_RAION_WORDS: Final = re.compile(r"\s*(?:район|р-н)$")
_HROMADA_WORDS: Final = re.compile(
    r"\s*(?:(?:сільська|селищна|міська)?\s*(?:об'єднана|обʼєднана)?\s*(?:територіальна)?\s*громада|тг|отг)$"
)
_BRACKETED: Final = re.compile(r"\s*\([^)]*\)\s*$")
_ALSO: Final = {"ар крим": "автономна республіка крим", "крим": "автономна республіка крим"}
CODE: Final = re.compile(r"ua\d{17}")
COLUMNS: Final = ("katottg", "oblast", "raion", "hromada", "settlement")


@dataclass(frozen=True, slots=True)
class Place:
    territory_id: int | None
    hromada_id: int | None
    oblast_id: int | None


class PlaceFault(CellFault):
    """A fault of one of several columns that together name the place."""

    def __init__(self, column: str, code: str, reason: str, **params: object) -> None:
        super().__init__(code, reason, **params)
        self.column = column


class Places:
    """Finds places by the words of one row; answers are remembered for the run, since files repeat them."""

    def __init__(self, books: Books, *, lenient: bool = False) -> None:
        self.books, self.lenient = books, lenient
        self._known: dict[tuple[Any, ...], Place | PlaceFault | None] = {}

    def find(self, told: dict[str, Any]) -> Place | None:
        """Return the place that the row names, None if it names none; `PlaceFault` for one that cannot be."""
        key = tuple(told.get(name) for name in COLUMNS)
        if not any(key):
            return None
        if key not in self._known:
            if len(self._known) > 100_000:  # noqa: PLR2004 more distinct places than any file names
                self._known.clear()
            try:
                self._known[key] = self._cautiously(*key) if self.lenient else self._strictly(*key)
            except PlaceFault as fault:
                self._known[key] = fault
        found = self._known[key]
        if isinstance(found, PlaceFault):
            raise found
        return found

    def unit(self, level: str, text: str, *, oblast: str | None = None) -> Unit:
        """Return the one unit of a level that has this name or code; `PlaceFault` otherwise."""
        region = self._one("oblast", self._named("oblast", oblast)) if oblast else None
        return self._one(level, self._named(level, text), region)

    def _strictly(
        self, code: str | None, oblast: str | None, raion: str | None, hromada: str | None, settlement: str | None
    ) -> Place:
        if code:
            return self._by_code(code, {"oblast": oblast, "raion": raion, "hromada": hromada})
        region = self._one("oblast", self._named("oblast", oblast)) if oblast else None
        district = self._one("raion", self._named("raion", raion), region) if raion else None
        within = [unit for unit in (district, region) if unit]
        community = self._one("hromada", self._named("hromada", hromada), *within) if hromada else None
        within = [community] if community else within
        if settlement:
            return _place(self._one("settlement", self._named("settlement", settlement), *within))
        return _place(community or district or region)

    def _by_code(self, code: str, named: dict[str, str | None]) -> Place:
        unit = self.books.by_code.get(code)
        if unit is None:
            raise PlaceFault("katottg", "katottg.unknown", _("There is no such code in the codifier."))
        for level, text in named.items():
            if text and not any(_inside(unit, other) for other in self._named(level, text)[1]):
                raise PlaceFault(level, f"{level}.mismatch", _("The code of the codifier names another place."))
        return _place(unit)

    def _named(self, level: str, text: str) -> tuple[str, list[Unit]]:
        if CODE.fullmatch(fold(text)):
            unit = self.books.by_code.get(text.strip().upper())
            return text, [unit] if unit else []
        name = fold(text)
        if level != "settlement":
            words = {"oblast": _OBLAST_WORDS, "raion": _RAION_WORDS, "hromada": _HROMADA_WORDS}[level]
            bare = words.sub("", _BRACKETED.sub("", name)).strip()
            # a name that needs no cutting is taken as it stands
            return text, self.books.units(level, name) or self.books.units(level, _ALSO.get(bare, bare))
        name = _BRACKETED.sub("", name)
        for prefix, categories in _SETTLEMENT_TYPES:
            bare = prefix.sub("", name)
            if bare != name:
                found = self.books.units(level, bare)
                return text, [unit for unit in found if unit.category in categories] or found
        return text, self.books.units(level, name)

    def _one(self, level: str, named: tuple[str, list[Unit]], *within: Unit | None) -> Unit:
        text, found = named
        inside = [unit for unit in found if all(_inside(unit, other) for other in within if other)]
        if len(inside) == 1:
            return inside[0]
        if len(inside) > 1:
            raise PlaceFault(
                level,
                f"{level}.ambiguous",
                _("There are %(count)s places with this name. Give the code of the codifier (КАТОТТГ)."),
                count=len(inside),
            )
        if found:
            other = next(unit for unit in within if unit)
            raise PlaceFault(
                level,
                f"{level}.elsewhere",
                _("“%(name)s” exists, but not in “%(other)s”."),
                name=text[:60],
                other=other.name,
            )
        raise PlaceFault(level, f"{level}.unknown", _("There is no “%(name)s” in the codifier."), name=text[:60])

    def _cautiously(
        self, code: str | None, oblast: str | None, raion: str | None, hromada: str | None, settlement: str | None
    ) -> Place | None:
        """Return the most precise place that only one unit can be; old raions and misspelt names are left aside."""
        del raion
        if code and (unit := self.books.by_code.get(code)):
            return _place(unit)
        region = self._only(self._named("oblast", oblast)[1]) if oblast else None
        if region is None:
            return None
        community = self._only(self._named("hromada", hromada)[1], region) if hromada else None
        if settlement:
            found = self._only(self._named("settlement", settlement)[1], region, community)
            if found:
                return _place(found)
        return _place(community or region)

    def _only(self, found: list[Unit], *within: Unit | None) -> Unit | None:
        inside = [unit for unit in found if all(_inside(unit, other) for other in within if other)]
        return inside[0] if len(inside) == 1 else None


def _inside(unit: Unit, other: Unit) -> bool:
    return other.id in (unit.id, unit.hromada_id, unit.raion_id, unit.oblast_id)


def _place(unit: Unit | None) -> Place:
    if unit is None:
        return Place(None, None, None)
    settled = unit.category not in (UnitCategory.OBLAST, UnitCategory.RAION, UnitCategory.HROMADA)
    return Place(unit.id if settled else None, unit.hromada_id, unit.oblast_id)
