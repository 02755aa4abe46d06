"""The description of the tables as a Frictionless data package (specs.frictionlessdata.io, version 1)."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.site.opendata.files import Written
from portal.site.opendata.state import State
from portal.site.opendata.tables import TABLES, Column, Link, Table
from portal.site.opendata.tables.writing import csv_name
from registry.interfaces.exporting.dictionary import LICENCE_URL

NAME: Final = "datapackage.json"
TITLE: Final = _("Poruch: open register of social-service providers, social order, contracts")
ABOUT: Final = _(
    "Everything that is public of the register, of needs and decisions, competitions, contracts, payments and quality."
)
LICENCE: Final = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0 International", "path": LICENCE_URL}
SOURCES: Final = (
    {"title": "Поруч", "path": settings.PORTAL_BASE_URL},
    {"title": "КАТОТТГ, наказ Мінрегіону від 26.11.2020 № 290"},
    {"title": "GeoNames, CC BY 4.0", "path": "https://www.geonames.org/"},
)


def in_both(words: str | Promise) -> tuple[str, str]:
    """Return a text in Ukrainian and in English."""
    told = []
    for language in ("uk", "en"):
        with override(language):
            told.append(str(words))
    return told[0], told[1]


def package(state: State, tables: tuple[Table, ...], written: dict[str, Written]) -> dict[str, Any]:
    """Return the descriptor; what stands in it is Ukrainian, `…_en` says the same in English."""
    return {
        "profile": "tabular-data-package",
        "name": "poruch",
        **_words("title", TITLE),
        **_words("description", ABOUT),
        "homepage": settings.PORTAL_BASE_URL,
        "version": f"{state.revision}.{state.log_seq}",
        "created": state.moment.isoformat(timespec="seconds"),
        "licenses": [LICENCE],
        "sources": list(SOURCES),
        "contributors": [{"title": "Поруч", "path": settings.PORTAL_BASE_URL, "role": "publisher"}],
        "keywords": ["соціальні послуги", "соціальне замовлення", "social services", "Ukraine"],
        "resources": [_resource(table, written[csv_name(table)]) for table in tables],
    }


def _resource(table: Table, file: Written) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": file.name,
        **_words("title", table.title),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": {
            "fields": [_field(column, is_key=table.key == (column.name,)) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            **({"foreignKeys": [_link(link, table) for link in table.links]} if table.links else {}),
        },
    }


def _field(column: Column, *, is_key: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": column.type, **_words("description", column.about)}
    return {**told, "constraints": {"required": True}} if is_key else told


def _link(link: Link, table: Table) -> dict[str, Any]:
    key = next(one.key for one in TABLES if one.name == link.table)
    # the same table is named by an empty text
    return {
        "fields": list(link.columns),
        "reference": {"resource": "" if link.table == table.name else link.table, "fields": list(key)},
    }


def _words(name: str, words: str | Promise) -> dict[str, str]:
    first, second = in_both(words)
    return {name: first, f"{name}_en": second}
