"""The columns of the published register: stable names, types, meanings, and how each is read from the facts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import LegalForm, OwnershipForm
from registry.enums import ContactKind, PriceMode, SiteKind, Standing
from registry.interfaces.exporting.gather import Gatherer, Provider

BAR: Final = " | "
SINCE: Final = "0.1"
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


@dataclass(slots=True)
class Row:
    """One provider with what its columns share."""

    provider: Provider
    names: Gatherer
    seat: dict[str, Any]
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    meaning: str | Promise
    example: str
    value: Callable[[Row], Any]
    since: str = SINCE


def row_of(provider: Provider, names: Gatherer, base: str) -> Row:
    """Prepare a provider: the address shown in the row is the registered one if it is known, else the first."""
    sites = provider.sites
    legal = next((site for site in sites if site.get("kind") == SiteKind.LEGAL), None)
    seat = legal or (sites[0] if sites else {})
    # an address that may not be shown gives no more than what the entry itself shows of its seat
    if "street" not in seat:
        seat = {name: provider.entry.get(name) for name in ("territory_id", "hromada_id", "oblast_id")}
    return Row(provider, names, seat, f"{base}{provider.entry['number']}/")


def _entry(name: str) -> Callable[[Row], Any]:
    return lambda row: row.provider.entry.get(name)


def _seat(name: str) -> Callable[[Row], Any]:
    return lambda row: row.seat.get(name)


def _unit(name: str) -> Callable[[Row], str]:
    return lambda row: row.names.units[row.seat[name]][1] if row.seat.get(name) else ""


def _katottg(row: Row) -> str:
    key = row.seat.get("territory_id") or row.seat.get("hromada_id") or row.seat.get("oblast_id")
    return row.names.units[key][0] if key else ""


def _settlement(row: Row) -> str:
    return row.names.units[row.seat["territory_id"]][1] if row.seat.get("territory_id") else ""


def _contacts(kind: ContactKind) -> Callable[[Row], str]:
    wanted = kind.value
    return lambda row: BAR.join(item["value"] for item in row.provider.contacts if item["kind"] == wanted)


def _access(*, available: bool) -> Callable[[Row], str]:
    return lambda row: BAR.join(
        row.names.features[key][0] for key, state in row.seat.get("access", {}).items() if state is available
    )


def _services(row: Row) -> str:
    keys = dict.fromkeys(item["service_type_id"] for item in row.provider.services)
    return BAR.join(row.names.services[key][1] for key in keys)


def _words(name: str, book: str) -> Callable[[Row], str]:
    def value(row: Row) -> str:
        keys = dict.fromkeys(key for item in row.provider.services for key in item[name])
        known = getattr(row.names, book)
        return BAR.join(known[key][1] for key in keys)

    return value


def _free(row: Row) -> int:
    return sum(item["price_mode"] == PriceMode.FREE for item in row.provider.services)


def _urgent(row: Row) -> int:
    return sum(bool(item["urgent"]) for item in row.provider.services)


def _capacity(row: Row) -> int | None:
    known = [item["capacity"] for item in row.provider.services if item["capacity"] is not None]
    return sum(known) if known else None


def _label(name: str, enum: Any) -> Callable[[Row], str]:
    with translation.override("uk"):
        labels = {value: str(label) for value, label in enum.choices}
    return lambda row: labels.get(row.provider.entry.get(name), "")


def _late_label(name: str, enum: Any) -> Callable[[Row], str]:
    """Return the Ukrainian label; the catalogue is asked on first use, not when this module is read."""
    made: list[Callable[[Row], str]] = []

    def value(row: Row) -> str:
        if not made:
            made.append(_label(name, enum))
        return made[0](row)

    return value


COLUMNS: Final = (
    Column("number", "text", _("number in the register, never given twice"), "0000012", _entry("number")),
    Column("url", "url", _("page of the provider"), "https://…/registry/0000012/", lambda row: row.url),
    Column("edrpou", "text", _("EDRPOU code; empty where it is not known"), "43970360", _entry("code")),
    Column(
        "external_ref",
        "text",
        _("reference in the source, where the code is not known"),
        "cnap:104",
        _entry("external_ref"),
    ),
    Column("name", "text", _("full name"), "КУ «Центр надання соціальних послуг»", _entry("name")),
    Column("short_name", "text", _("short name"), "ЦНСП", _entry("short_name")),
    Column(
        "person_type",
        "code",
        _("legal_entity or sole_proprietor; carers who are natural persons are not published"),
        "legal_entity",
        _entry("person_type"),
    ),
    Column("legal_form", "code", _("legal form"), "communal_institution", _entry("legal_form")),
    Column(
        "legal_form_name",
        "text",
        _("legal form in Ukrainian"),
        "комунальна установа",
        _late_label("legal_form", LegalForm),
    ),
    Column("ownership_form", "code", _("state, communal, private or unknown"), "communal", _entry("ownership_form")),
    Column(
        "ownership_form_name",
        "text",
        _("ownership form in Ukrainian"),
        "комунальна",
        _late_label("ownership_form", OwnershipForm),
    ),
    Column("sector", "code", _("state, communal, non_state or unknown"), "communal", _entry("sector")),
    Column("standing", "code", _("included, suspended or excluded"), "included", _entry("standing")),
    Column("standing_name", "text", _("standing in Ukrainian"), "включений", _late_label("standing", Standing)),
    Column("included_on", "date", _("day of inclusion"), "2024-03-01", _entry("included_on")),
    Column("suspended_until", "date", _("last day of suspension, where it is set"), "", _entry("suspended_until")),
    Column("excluded_on", "date", _("day of exclusion"), "", _entry("excluded_on")),
    Column("head_number", "text", _("register number of the head organisation"), "", _entry("head_number")),
    Column("oblast", "text", _("oblast of the address shown"), "Полтавська", _unit("oblast_id")),
    Column("hromada", "text", _("hromada of the address shown"), "Диканська", _unit("hromada_id")),
    Column("settlement", "text", _("settlement; empty for a confidential address"), "Диканька", _settlement),
    Column("katottg", "text", _("code of the most precise unit in the codifier"), "UA53080130000079450", _katottg),
    Column(
        "site_kind",
        "code",
        _("legal (registered) or service; empty for a confidential address"),
        "legal",
        _seat("kind"),
    ),
    Column("site_label", "text", _("name of the place"), "", _seat("label")),
    Column("postal_index", "text", _("postal index"), "38500", _seat("postal_index")),
    Column("street", "text", _("street"), "вул. Соборна", _seat("street")),
    Column("building", "text", _("building"), "3", _seat("building")),
    Column("room", "text", _("room or office"), "", _seat("room")),
    Column("latitude", "number", _("latitude in degrees, WGS 84"), "49.8213", _seat("latitude")),
    Column("longitude", "number", _("longitude in degrees, WGS 84"), "34.5321", _seat("longitude")),
    Column("access", "list", _("access features that the place has"), "ramp | braille", _access(available=True)),
    Column("access_missing", "list", _("access features that the place lacks"), "lift", _access(available=False)),
    Column("sites_count", "number", _("how many addresses the provider has"), "2", lambda row: len(row.provider.sites)),
    Column(
        "phones",
        "list",
        _("phones; a leading plus is written as tel:+, so that a spreadsheet does not count with it"),
        "tel:+380441234567",
        _contacts(ContactKind.PHONE),
    ),
    Column("emails", "list", _("e-mail addresses"), "centre@example.org", _contacts(ContactKind.EMAIL)),
    Column("websites", "list", _("websites"), "https://example.org", _contacts(ContactKind.WEBSITE)),
    Column("head", "list", _("name of the head"), "", _contacts(ContactKind.HEAD)),
    Column(
        "services_count",
        "number",
        _("how many services; 0 where services are not known"),
        "3",
        lambda row: len(row.provider.services),
    ),
    Column("services", "list", _("services by the names of the catalogue"), "Догляд вдома | Консультування", _services),
    Column("groups_served", "list", _("for whom the services are"), "Особи похилого віку", _words("groups", "groups")),
    Column("forms_offered", "list", _("forms of delivery"), "Вдома", _words("delivery_forms", "forms")),
    Column("free_services_count", "number", _("how many services are free of charge"), "2", _free),
    Column("urgent_services_count", "number", _("how many services are given urgently"), "0", _urgent),
    Column("capacity_total", "number", _("places of all services; empty where none is known"), "40", _capacity),
    Column("about", "text", _("about the provider"), "", _entry("about")),
    Column("services_note", "text", _("services as the source names them"), "", _entry("services_note")),
    Column("source", "text", _("where the data come from"), "сайт міської ради", _entry("source")),
    Column("source_url", "url", _("link to the source"), "", _entry("source_url")),
    Column("source_on", "date", _("day of the source"), "2026-10-01", _entry("source_on")),
    Column("verified_on", "date", _("day on which a person confirmed the data"), "2026-11-20", _entry("verified_on")),
    Column("is_demo", "yes/no", _("invented for demonstration"), "false", _entry("is_demo")),
    Column("revision", "number", _("revision of the register that last touched the entry"), "57", _entry("revision")),
)


def plain(value: Any) -> str | int | float | bool | None:
    """Return the value as a cell or as JSON holds it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value  # type: ignore[no-any-return]


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: phones by their scheme, the rest by an apostrophe.

    The import takes exactly one apostrophe, or the scheme, away again.
    """
    if text[0] == "+" and text[1:2].isdigit():
        return f"tel:{text}"
    return f"'{text}" if _FORMULA.match(text) else text
