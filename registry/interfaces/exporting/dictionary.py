"""The data dictionary: generated from the very declarations by which files are written and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy, override

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from registry.enums import AreaKind, ContactKind, PriceMode, PriceUnit, SiteKind, Standing
from registry.interfaces.exporting.columns import COLUMNS
from registry.interfaces.importing.columns import COLUMNS as IMPORT_COLUMNS
from registry.interfaces.importing.columns import Part

LICENCE: Final = "CC BY 4.0"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"
CODES: Final[dict[str, Any]] = {
    "person_type": PersonType,
    "legal_form": LegalForm,
    "ownership_form": OwnershipForm,
    "sector": Sector,
    "standing": Standing,
    "site_kind": SiteKind,
    "price_mode": PriceMode,
    "price_unit": PriceUnit,
    "area_kind": AreaKind,
    "contact_kind": ContactKind,
}
PARTS: Final = {
    Part.KEY: gettext_lazy("Whose row it is: one of these is needed"),
    Part.PROVIDER: gettext_lazy("The provider"),
    Part.CONTACT: gettext_lazy("Contacts"),
    Part.SITE: gettext_lazy("One address"),
    Part.SERVICE: gettext_lazy("One service"),
}
TYPES: Final = {
    "text": gettext_lazy("text"),
    "code": gettext_lazy("code"),
    "url": gettext_lazy("address on the web"),
    "date": gettext_lazy("day, year-month-day"),
    "number": gettext_lazy("number"),
    "list": gettext_lazy("list, parted by a bar"),
    "yes/no": gettext_lazy("true or false"),
}


@dataclass(frozen=True, slots=True)
class ImportGroup:
    """The import columns that speak of one thing."""

    title: Any
    columns: list[Any]


def export_columns() -> list[dict[str, Any]]:
    """Return the published columns with their types in words."""
    return [
        {
            "name": column.name,
            "type": TYPES[column.type],
            "meaning": column.meaning,
            "example": column.example,
            "since": column.since,
        }
        for column in COLUMNS
    ]


def import_groups() -> list[ImportGroup]:
    return [
        ImportGroup(title, [column for column in IMPORT_COLUMNS if column.part is part])
        for part, title in PARTS.items()
    ]


def code_lists() -> dict[str, list[tuple[str, Any]]]:
    """Return the values of every column that holds codes."""
    return {name: list(enum.choices) for name, enum in CODES.items()}


def machine_readable() -> dict[str, Any]:
    """Return the dictionary as plain data in both languages."""
    return {
        "licence": {"name": LICENCE, "url": LICENCE_URL},
        "columns": [
            {
                "name": column.name,
                "type": column.type,
                "meaning": _in_both(column.meaning),
                "example": column.example,
                "since": column.since,
            }
            for column in COLUMNS
        ],
        "import_columns": [
            {
                "name": column.name,
                "part": column.part.value,
                "meaning": _in_both(column.meaning),
                "example": column.example,
                "also_known_as": list(column.aliases),
            }
            for column in IMPORT_COLUMNS
        ],
        "codes": {
            name: [{"code": value, **_in_both(label)} for value, label in enum.choices] for name, enum in CODES.items()
        },
    }


def _in_both(text: Any) -> dict[str, str]:
    said = {}
    for language in ("uk", "en"):
        with override(language):
            said[language] = str(text)
    return said
