"""The words an import may use, read once a run: units of the codifier, services, groups, forms, access features."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from registry.enums import UnitCategory
from registry.interfaces.importing.report import CellFault
from registry.models import AccessFeature, DeliveryForm, ServiceType, Territory, VulnerableGroup

REFERENCE: Final = Path(__file__).resolve().parents[2] / "reference"
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("'’`ʼ‘´", "ʼ"))
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
# Latin letters that look like Ukrainian ones, in lower case
_TWINS: Final = str.maketrans("aceiopxyïk", "асеіорхуїк")
_CYRILLIC: Final = re.compile(r"[а-яіїєґ]")
_SPACES: Final = re.compile(r"\s+")


class Unit(NamedTuple):
    """A unit of the codifier with its own ancestors."""

    id: int
    code: str
    category: str
    name: str
    oblast_id: int | None
    raion_id: int | None
    hromada_id: int | None


def fold(text: str) -> str:
    """Return the text as names are compared: lower case, one apostrophe, one dash, one alphabet."""
    text = _SPACES.sub(" ", text.casefold().translate(_APOSTROPHES).translate(_DASHES)).strip(" .")
    return text.translate(_TWINS) if _CYRILLIC.search(text) else text


@dataclass(slots=True)
class Books:
    """Dictionaries from folded names and codes to keys."""

    by_code: dict[str, Unit] = field(default_factory=dict)
    # categories of a level and a folded name → units
    by_name: dict[tuple[str, str], list[Unit]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[str, dict[str, int]] = field(default_factory=dict)

    def term(self, book: str, text: str) -> int:
        """Return the key of a word of a vocabulary; `CellFault` when there is none."""
        found = self.terms[book].get(fold(text))
        if found is None:
            raise CellFault(f"{book}.unknown", _UNKNOWN[book](), value=text[:60])
        return found

    def units(self, level: str, name: str) -> list[Unit]:
        return self.by_name.get((level, name), [])


LEVELS: Final = {
    UnitCategory.OBLAST: ("oblast",),
    UnitCategory.SPECIAL_CITY: ("oblast", "settlement"),
    UnitCategory.RAION: ("raion",),
    UnitCategory.HROMADA: ("hromada",),
    UnitCategory.CITY: ("settlement",),
    UnitCategory.SETTLEMENT: ("settlement",),
    UnitCategory.VILLAGE: ("settlement",),
    UnitCategory.CITY_DISTRICT: (),
}
_UNKNOWN: Final = {
    "service": lambda: _("There is no service “%(value)s” in the catalogue."),
    "group": lambda: _("There is no group “%(value)s” in the catalogue."),
    "delivery_form": lambda: _("There is no form of delivery “%(value)s” in the catalogue."),
    "access": lambda: _("There is no access feature “%(value)s” in the catalogue."),
}


def open_books() -> Books:
    """Read the dictionaries: six queries."""
    books = Books()
    rows = Territory.objects.values_list(
        "in_codifier", "id", "code", "category", "name", "oblast_id", "raion_id", "hromada_id"
    )
    for current, *row in rows.iterator(chunk_size=5_000):
        unit = Unit(*row)
        books.by_code[unit.code] = unit
        # a unit that has left the codifier is known by its code alone
        for level in LEVELS[UnitCategory(unit.category)] if current else ():
            books.by_name[level, fold(unit.name)].append(unit)
    for book, model in _MODELS.items():
        books.terms[book] = _terms(model)
    books.terms["service"] = _service_aliases(books.terms["service"]) | books.terms["service"]
    return books


_MODELS: Final[dict[str, Any]] = {
    "service": ServiceType,
    "group": VulnerableGroup,
    "delivery_form": DeliveryForm,
    "access": AccessFeature,
}


def _terms(model: Any) -> dict[str, int]:
    names: dict[str, int] = {}
    fields = ["id", "slug", "name_uk", "name_en", *(["official_code"] if model is ServiceType else [])]
    # the first word of the vocabulary keeps a name that two share
    for key, *texts in model.objects.values_list(*fields):
        for text in texts:
            if text:
                names.setdefault(fold(text), key)
    return names


def _service_aliases(known: dict[str, int]) -> dict[str, int]:
    """Return other names under which papers mention the services of the shipped catalogue."""
    file = REFERENCE / "service_types.json"
    if not file.exists():
        return {}
    rows = json.loads(file.read_text())["services"]
    return {
        fold(alias): known[fold(row["slug"])]
        for row in rows
        for alias in row.get("aliases_uk", ())
        if fold(row["slug"]) in known
    }
