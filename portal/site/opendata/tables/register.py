"""Providers with their addresses, contacts and services, as the register's own files have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.accounts.letters import absolute
from portal.site.opendata.state import State
from portal.site.opendata.tables.table import Column, Link, Row, Table, joined, keys_in_chunks
from portal.site.opendata.tables.vocabulary import degrees
from registry.interfaces.exporting.columns import COLUMNS, row_of
from registry.interfaces.exporting.formats import CHUNK
from registry.interfaces.exporting.gather import Facts, Gatherer, Provider
from registry.models import RegisterEntry

GROUP: Final = "register"
_TYPES: Final = {"date": "date", "number": "integer", "yes/no": "boolean"}
_DEGREES: Final = ("latitude", "longitude")
_OF_PROVIDER: Final = Link(("provider",), "providers")
_NUMBER: Final = Column("provider", "string", _("number of the provider in the register"))
_PLACE: Final = (
    Column("settlement", "string", _("code of the settlement; empty for a confidential address")),
    Column("hromada", "string", _("code of the hromada")),
    Column("oblast", "string", _("code of the oblast")),
)
_PLACE_LINKS: Final = tuple(Link((column.name,), "territories") for column in _PLACE)
_SITE: Final = ("postal_index", "street", "building", "room")
_SERVICE: Final = ("title", "content", "conditions")
_OFFER: Final = ("price_unit", "price_on", "capacity", "capacity_on")
_STANDING: Final = ("standing", "suspended_until", "standing_ground")


def _providers(*, in_full: bool) -> Iterator[tuple[Provider, Gatherer]]:
    names = Gatherer(in_full=in_full)
    for keys in keys_in_chunks(RegisterEntry.objects.open(), CHUNK):
        for provider in names.providers(keys):
            yield provider, names


def _provider_columns() -> tuple[Column, ...]:
    def kind(name: str, told: str) -> str:
        return "number" if name in _DEGREES else _TYPES.get(told, "string")

    return tuple(Column(one.name, kind(one.name, one.type), one.meaning) for one in COLUMNS)


def _provider_rows(_state: State) -> Iterator[Row]:
    base = _base()
    for provider, names in _providers(in_full=False):
        row = row_of(provider, names, base)
        yield tuple(_told(column.name, column.value(row)) for column in COLUMNS)


def _told(name: str, value: Any) -> Any:
    if name in _DEGREES:
        return degrees(value)
    if name == "is_demo":
        return value == "true"
    return value or None if name == "head_number" else value


def _base() -> str:
    # an address of a snapshot is that of the portal's first language, whoever publishes it
    with override("uk"):
        return absolute(reverse("registry:entry", args=["0"]).removesuffix("0/"))


def _units(facts: Facts, names: Gatherer) -> Row:
    keys = (facts.get(name) for name in ("territory_id", "hromada_id", "oblast_id"))
    return tuple(names.units[key][0] if key else None for key in keys)


def _site_rows(_state: State) -> Iterator[Row]:
    for provider, names in _providers(in_full=True):
        for number, site in enumerate(provider.sites, 1):
            access = site["access"]
            yield (
                provider.entry["number"],
                number,
                site.get("kind"),
                site.get("label"),
                *_units(site, names),
                *(site.get(name) for name in _SITE),
                *(degrees(site.get(name)) for name in _DEGREES),
                bool(site["confidential"]),
                *(
                    joined(sorted(names.features[key][0] for key in access if access[key] is has))
                    for has in (True, False)
                ),
                _hours(site),
            )


def _hours(facts: Facts) -> str | None:
    """Write opening hours as JSON with sorted keys, or nothing where they are not known."""
    told = facts.get("hours")
    known = orjson.loads(told) if isinstance(told, str | bytes) else told
    return orjson.dumps(known, option=orjson.OPT_SORT_KEYS).decode() if known else None


def _contact_rows(_state: State) -> Iterator[Row]:
    for provider, _names in _providers(in_full=False):
        for number, one in enumerate(provider.contacts, 1):
            yield provider.entry["number"], number, one["kind"], one["value"], one["note"]


def _service_rows(_state: State) -> Iterator[Row]:
    for provider, names in _providers(in_full=True):
        for number, one in enumerate(provider.services, 1):
            yield (
                f"s-{provider.entry['number']}-{number}",
                provider.entry["number"],
                names.services[one["service_type_id"]][0],
                *(one[name] for name in _SERVICE),
                *(joined(sorted(book[key][0] for key in one[name])) for name, book in _books(names)),
                one["price_mode"],
                None if one["price"] is None else f"{one['price']:.2f}",
                *(one[name] for name in _OFFER),
                bool(one["urgent"]),
                None if one["meets_standard"] is None else bool(one["meets_standard"]),
                one["area_kind"],
                joined(sorted(one["areas"])),
                joined(place + 1 for place in one["at_sites"]),
                _hours(one),
                *(one[name] for name in _STANDING),
                *_free_places(one["availability"] or {}),
            )


def _books(names: Gatherer) -> tuple[tuple[str, dict[int, tuple[str, str]]], ...]:
    return ("groups", names.groups), ("delivery_forms", names.forms)


def _free_places(said: Facts) -> Row:
    """Return what was said of free places; few people who wait the facts do not tell."""
    first = said.get("assessment_first")
    return (
        said.get("free_places"),
        said.get("waiting"),
        None if first is None else bool(first),
        said.get("reported_at"),
        said.get("expires_on"),
    )


TABLES: Final = (
    Table(
        "providers",
        GROUP,
        _("Providers of social services"),
        _provider_columns(),
        ("number",),
        _provider_rows,
        (Link(("head_number",), "providers"), Link(("katottg",), "territories")),
    ),
    Table(
        "addresses",
        GROUP,
        _("Addresses of providers; a confidential one down to the hromada only"),
        (
            _NUMBER,
            Column("number", "integer", _("number of the address among those of the provider")),
            Column("kind", "string", _("legal (registered) or service")),
            Column("label", "string", _("name of the place")),
            *_PLACE,
            Column("postal_index", "string", _("postal index")),
            Column("street", "string", _("street")),
            Column("building", "string", _("building")),
            Column("room", "string", _("room or office")),
            Column("latitude", "number", _("latitude in degrees, WGS 84")),
            Column("longitude", "number", _("longitude in degrees, WGS 84")),
            Column("confidential", "boolean", _("whether the exact address is kept secret")),
            Column("access", "string", _("access features that the place has: codes, parted by a bar")),
            Column("access_missing", "string", _("access features that the place lacks: codes, parted by a bar")),
            Column("hours", "string", _("opening hours as JSON; empty where they are not known")),
        ),
        ("provider", "number"),
        _site_rows,
        (_OF_PROVIDER, *_PLACE_LINKS),
    ),
    Table(
        "contacts",
        GROUP,
        _("Public contacts of providers"),
        (
            _NUMBER,
            Column("number", "integer", _("number of the contact among those of the provider")),
            Column("kind", "string", _("phone, email, website, head and so on")),
            Column("value", "string", _("the contact itself")),
            Column("note", "string", _("note")),
        ),
        ("provider", "number"),
        _contact_rows,
        (_OF_PROVIDER,),
    ),
    Table(
        "services",
        GROUP,
        _("Services that providers give"),
        (
            Column("id", "string", _("identifier: number of the provider and place among its services")),
            _NUMBER,
            Column("service", "string", _("code of the service in the catalogue")),
            Column("title", "string", _("name that the provider gives it")),
            Column("content", "string", _("content of the service")),
            Column("conditions", "string", _("conditions of getting it")),
            Column("groups", "string", _("for whom it is: codes of groups, parted by a bar")),
            Column("delivery_forms", "string", _("forms of delivery: codes, parted by a bar")),
            Column("price_mode", "string", _("free, paid, differentiated or unknown")),
            Column("price_uah", "number", _("price, UAH; empty where it is not known")),
            Column("price_unit", "string", _("what the price is for")),
            Column("price_on", "date", _("day of the price")),
            Column("capacity", "integer", _("places; empty where they are not known")),
            Column("capacity_on", "date", _("day of the number of places")),
            Column("urgent", "boolean", _("whether it is given urgently")),
            Column("meets_standard", "boolean", _("whether it meets the state standard; empty where it is not known")),
            Column("area_kind", "string", _("where people are taken from")),
            Column("areas", "string", _("codes of the units that people are taken from, parted by a bar")),
            Column("addresses", "string", _("numbers of the addresses where it is given, parted by a bar")),
            Column("hours", "string", _("hours as JSON; empty where they are not known")),
            Column("standing", "string", _("included, suspended or excluded")),
            Column("suspended_until", "date", _("last day of suspension, where it is set")),
            Column("standing_ground", "string", _("ground of the standing")),
            Column("free_places", "integer", _("free places as last said; not valid after their last day")),
            Column("waiting", "integer", _("people who wait; empty where not known, and where fewer than five")),
            Column("assessment_first", "boolean", _("whether needs are assessed first")),
            Column("places_said_on", "date", _("day on which free places were said")),
            Column("places_expire_on", "date", _("last day on which what was said of free places holds")),
        ),
        ("id",),
        _service_rows,
        (_OF_PROVIDER, Link(("service",), "service_types")),
    ),
)
