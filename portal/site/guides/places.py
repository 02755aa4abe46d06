"""Where the reader of a guide is: told by the address alone, never kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from registry.interfaces.facets import Choice
from registry.models import Territory
from registry.queries.territory import units_called
from search.analysis.normal import words
from search.interfaces.facets import region_choices
from search.lexicon import lexicon
from search.places import Place

LONGEST: Final = 60
MOST_CHOICES: Final = 12


@dataclass(slots=True)
class ReaderPlace:
    """The place of a reader, as far as it was told: `choices` are units of the name typed, when there are several.

    `moved` says that the place was told by its name, so the address should carry its code instead.
    """

    place: Place | None = None
    typed: str = ""
    problem: str = ""
    choices: list[Choice] = field(default_factory=list)
    moved: bool = False

    @property
    def code(self) -> str:
        return self.place.code if self.place else ""

    @property
    def label(self) -> str:
        return self.place.label if self.place else ""

    @property
    def regions(self) -> list[Choice]:
        """Return the oblasts to choose from, with the chosen smaller place first."""
        return region_choices(self.code, self.label)


def read_place(params: QueryDict) -> ReaderPlace:
    """Read `place`, a code of the codifier, and `town`, the name of a place within it if that is an oblast."""
    code, typed = params.get("place", ""), " ".join(params.get("town", "").replace("\x00", " ").split())[:LONGEST]
    if not (code or typed):
        return ReaderPlace()
    known = lexicon().gazetteer.by_code
    place = known.get(code)
    if not typed:
        return ReaderPlace(place, problem="" if place else _("This place is not known. Choose it from the list."))
    return _called(typed, place)


def _called(typed: str, within: Place | None) -> ReaderPlace:
    """Find the place by its name: among several of one name the reader chooses."""
    gazetteer = lexicon().gazetteer
    oblast = within.oblast or within.code if within else ""
    exact = [unit for unit in units_called(typed) if unit.name.casefold() == typed.casefold()]
    same = [unit for unit in exact if not oblast or (unit.oblast and unit.oblast.code == oblast)] or exact
    if len(same) > 1:
        return ReaderPlace(within, typed, choices=[_choice(unit) for unit in same[:MOST_CHOICES]])
    if same and same[0].code in gazetteer.by_code:
        return ReaderPlace(gazetteer.by_code[same[0].code], typed, moved=True)
    row = ["у", *words(typed)]
    named = gazetteer.mentions(row, within=oblast) or gazetteer.mentions(row)
    if named:
        return ReaderPlace(named[0].place, typed, moved=True)
    return ReaderPlace(within, typed, _("There is no such town, village or hromada. Write its name as it is now."))


def _choice(unit: Territory) -> Choice:
    around = (unit, unit.hromada, unit.raion, unit.oblast)
    return Choice(unit.code, ", ".join(dict.fromkeys(one.label for one in around if one)), 0, chosen=False)
