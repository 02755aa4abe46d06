"""The columns of the published register: stable names, types, meanings, and how each is read from the facts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import LegalForm, OwnershipForm
from registry.enums import ContactKind, PriceMode, SiteKind, Standing
from registry.interfaces.exporting.gather import SITE, Gatherer, Provider

BAR: Final = " | "
SINCE: Final = "0.1"
_LEGAL: Final = SiteKind.LEGAL.value
_FREE: Final = PriceMode.FREE.value
_RISKY: Final = frozenset("=+-@'\t\r")
_NOTHING: Final[dict[str, Any]] = dict.fromkeys(SITE) | {"access": {}}
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


@dataclass(slots=True)
class Row:
    """One provider with what its columns share."""

    provider: Provider
    names: Gatherer
    seat: dict[str, Any]
    url: str
    contacts: dict[str, list[str]]


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
    seat = sites[0] if sites else {}
    if len(sites) > 1:
        seat = next((site for site in sites if site.get("kind") == _LEGAL), seat)
    # an address that may not be shown gives no more than what the entry itself shows of its seat
    if "street" not in seat:
        seat = _NOTHING | {name: provider.entry.get(name) for name in ("territory_id", "hromada_id", "oblast_id")}
    contacts: dict[str, list[str]] = {}
    for contact in provider.contacts:
        contacts.setdefault(contact["kind"], []).append(contact["value"])
    return Row(provider, names, seat, f"{base}{provider.entry['number']}/", contacts)


@dataclass(frozen=True, slots=True)
class _Fact:
    name: str


class _OfEntry(_Fact):
    """A fact of the entry or its organisation."""

    def __call__(self, row: Row) -> Any:
        return row.provider.entry[self.name]


class _OfSeat(_Fact):
    """A fact of the address that the row shows."""

    def __call__(self, row: Row) -> Any:
        return row.seat[self.name]


def _unit(name: str) -> Callable[[Row], str]:
    return lambda row: row.names.units[row.seat[name]][1] if row.seat.get(name) else ""


def _katottg(row: Row) -> str:
    key = row.seat.get("territory_id") or row.seat.get("hromada_id") or row.seat.get("oblast_id")
    return row.names.units[key][0] if key else ""


def _settlement(row: Row) -> str:
    return row.names.units[row.seat["territory_id"]][1] if row.seat.get("territory_id") else ""


def _is_demo(row: Row) -> str:
    return "true" if row.provider.entry["is_demo"] else "false"


def _phones(row: Row) -> str:
    text = BAR.join(row.contacts.get(ContactKind.PHONE.value, ()))
    return f"tel:{text}" if text[:1] == "+" else text


def _contacts(kind: ContactKind) -> Callable[[Row], str]:
    wanted = kind.value
    return lambda row: BAR.join(row.contacts[wanted]) if wanted in row.contacts else ""


def _access(*, available: bool) -> Callable[[Row], str]:
    def value(row: Row) -> str:
        known = row.seat["access"]
        return BAR.join([row.names.features[key][0] for key in known if known[key] is available]) if known else ""

    return value


def _services(row: Row) -> str:
    names = row.names.services
    return BAR.join(dict.fromkeys([names[item["service_type_id"]][1] for item in row.provider.services]))


def _words(name: str, book: str) -> Callable[[Row], str]:
    def value(row: Row) -> str:
        known = getattr(row.names, book)
        return BAR.join(dict.fromkeys([known[key][1] for item in row.provider.services for key in item[name]]))

    return value


def _free(row: Row) -> int:
    return [item["price_mode"] for item in row.provider.services].count(_FREE)


def _urgent(row: Row) -> int:
    return [item["urgent"] for item in row.provider.services].count(True)


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
    Column("number", "text", _("number in the register, never given twice"), "0000012", _OfEntry("number")),
    Column("url", "url", _("page of the provider"), "https://…/registry/0000012/", lambda row: row.url),
    Column("edrpou", "text", _("EDRPOU code; empty where it is not known"), "43970360", _OfEntry("code")),
    Column(
        "external_ref",
        "text",
        _("reference in the source, where the code is not known"),
        "cnap:104",
        _OfEntry("external_ref"),
    ),
    Column("name", "text", _("full name"), "КУ «Центр надання соціальних послуг»", _OfEntry("name")),
    Column("short_name", "text", _("short name"), "ЦНСП", _OfEntry("short_name")),
    Column(
        "person_type",
        "code",
        _("legal_entity or sole_proprietor; carers who are natural persons are not published"),
        "legal_entity",
        _OfEntry("person_type"),
    ),
    Column("legal_form", "code", _("legal form"), "communal_institution", _OfEntry("legal_form")),
    Column(
        "legal_form_name",
        "text",
        _("legal form in Ukrainian"),
        "комунальна установа",
        _late_label("legal_form", LegalForm),
    ),
    Column("ownership_form", "code", _("state, communal, private or unknown"), "communal", _OfEntry("ownership_form")),
    Column(
        "ownership_form_name",
        "text",
        _("ownership form in Ukrainian"),
        "комунальна",
        _late_label("ownership_form", OwnershipForm),
    ),
    Column("sector", "code", _("state, communal, non_state or unknown"), "communal", _OfEntry("sector")),
    Column("standing", "code", _("included, suspended or excluded"), "included", _OfEntry("standing")),
    Column("standing_name", "text", _("standing in Ukrainian"), "внесено", _late_label("standing", Standing)),
    Column("included_on", "date", _("day of inclusion"), "2024-03-01", _OfEntry("included_on")),
    Column("suspended_until", "date", _("last day of suspension, where it is set"), "", _OfEntry("suspended_until")),
    Column("excluded_on", "date", _("day of exclusion"), "", _OfEntry("excluded_on")),
    Column("head_number", "text", _("register number of the head organisation"), "", _OfEntry("head_number")),
    Column("oblast", "text", _("oblast of the address shown"), "Полтавська", _unit("oblast_id")),
    Column("hromada", "text", _("hromada of the address shown"), "Диканська", _unit("hromada_id")),
    Column("settlement", "text", _("settlement; empty for a confidential address"), "Диканька", _settlement),
    Column("katottg", "text", _("code of the most precise unit in the codifier"), "UA53080130000079450", _katottg),
    Column(
        "site_kind",
        "code",
        _("legal (registered) or service; empty for a confidential address"),
        "legal",
        _OfSeat("kind"),
    ),
    Column("site_label", "text", _("name of the place"), "", _OfSeat("label")),
    Column("postal_index", "text", _("postal index"), "38500", _OfSeat("postal_index")),
    Column("street", "text", _("street"), "вул. Соборна", _OfSeat("street")),
    Column("building", "text", _("building"), "3", _OfSeat("building")),
    Column("room", "text", _("room or office"), "", _OfSeat("room")),
    Column("latitude", "number", _("latitude in degrees, WGS 84"), "49.8213", _OfSeat("latitude")),
    Column("longitude", "number", _("longitude in degrees, WGS 84"), "34.5321", _OfSeat("longitude")),
    Column("access", "list", _("access features that the place has"), "ramp | braille", _access(available=True)),
    Column("access_missing", "list", _("access features that the place lacks"), "lift", _access(available=False)),
    Column("sites_count", "number", _("how many addresses the provider has"), "2", lambda row: len(row.provider.sites)),
    Column(
        "phones",
        "list",
        _("phones; a leading plus is written as tel:+, so that a spreadsheet does not count with it"),
        "tel:+380441234567",
        _phones,
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
    Column("about", "text", _("about the provider"), "", _OfEntry("about")),
    Column("services_note", "text", _("services as the source names them"), "", _OfEntry("services_note")),
    Column("source", "text", _("where the data come from"), "сайт міської ради", _OfEntry("source")),
    Column("source_url", "url", _("link to the source"), "", _OfEntry("source_url")),
    Column("source_on", "date", _("day of the source"), "2026-10-01", _OfEntry("source_on")),
    Column("verified_on", "date", _("day on which a person confirmed the data"), "2026-11-20", _OfEntry("verified_on")),
    Column("is_demo", "yes/no", _("invented for demonstration"), "false", _is_demo),
    Column("revision", "number", _("revision of the register that last touched the entry"), "57", _OfEntry("revision")),
)


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: with an apostrophe, which the import takes away.

    Phones need none: a leading plus is written as `tel:+`, so the number stays readable and is not counted with.
    """
    return f"'{text}" if _FORMULA.match(text) else text


class _Cells:
    """All cells of a row at once: those that are mere facts by one look-up each for the entry and the address."""

    def __init__(self) -> None:
        facts = [(column.value.name if isinstance(column.value, _Fact) else "") for column in COLUMNS]
        of_entry = [place for place, column in enumerate(COLUMNS) if isinstance(column.value, _OfEntry)]
        of_seat = [place for place, column in enumerate(COLUMNS) if isinstance(column.value, _OfSeat)]
        computed = [place for place in range(len(COLUMNS)) if not facts[place]]
        self._entry = itemgetter(*[facts[place] for place in of_entry])
        self._seat = itemgetter(*[facts[place] for place in of_seat])
        self._computed = [COLUMNS[place].value for place in computed]
        gathered = [*of_entry, *of_seat, *computed]
        self._order = itemgetter(*[gathered.index(place) for place in range(len(COLUMNS))])
        self._risky = [place for place, column in enumerate(COLUMNS) if column.type in {"text", "list", "url"}]

    def __call__(self, row: Row) -> list[Any]:
        """Return the cells: texts that no spreadsheet takes for a formula, numbers, truth as words."""
        gathered = (
            *self._entry(row.provider.entry),
            *self._seat(row.seat),
            *[value(row) for value in self._computed],
        )
        cells = list(self._order(gathered))
        for place in self._risky:
            if (text := cells[place]) and text[0] in _RISKY:
                cells[place] = guarded(text)
        return cells


cells_of: Final = _Cells()
