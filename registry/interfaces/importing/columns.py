"""The columns that an import file may have: stable names, other headers they are known by, and how cells are read.

These declarations are all there is: the resource, the report, the data dictionary and the tests read them.
"""

from __future__ import annotations

from typing import Final

from registry.interfaces.importing.books import fold
from registry.interfaces.importing.column import Column, Part
from registry.interfaces.importing.provider_columns import CONTACT_COLUMNS, KEY_COLUMNS, PROVIDER_COLUMNS
from registry.interfaces.importing.service_columns import SERVICE_COLUMNS, SITE_COLUMNS

COLUMNS: Final = (*KEY_COLUMNS, *PROVIDER_COLUMNS, *CONTACT_COLUMNS, *SITE_COLUMNS, *SERVICE_COLUMNS)
BY_NAME: Final = {column.name: column for column in COLUMNS}


def _headers() -> dict[str, str]:
    found: dict[str, str] = {}
    for column in COLUMNS:
        for header in (column.name, *column.aliases):
            if found.setdefault(fold(header), column.name) != column.name:
                raise ValueError(f"two columns are known as {header}")
    return found


HEADERS: Final = _headers()

__all__ = ["BY_NAME", "COLUMNS", "HEADERS", "SERVICE_COLUMNS", "SITE_COLUMNS", "Column", "Part"]
