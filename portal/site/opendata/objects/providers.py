"""Providers of the open register with their addresses, contacts and services inside: what the JSON export has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from portal.accounts.letters import absolute
from portal.site.opendata.objects.fields import (
    Field,
    address,
    code,
    day,
    decimal,
    inside,
    measure,
    number,
    several,
    text,
    truth,
)
from registry.enums import AreaKind, ContactKind, Freshness, PriceMode, PriceUnit, ServiceStanding, SiteKind, Standing
from registry.interfaces.exporting.gather import Gatherer
from registry.interfaces.exporting.nested import Nester
from registry.models import RegisterEntry

KIND: Final = "provider"
KEY: Final = "number"

_UNIT: Final = (text("katottg", _("code in the codifier")), text("name", _("name in Ukrainian")))
PLACE: Final = tuple(
    inside(name, words, *_UNIT, required=False)
    for name, words in (("settlement", _("settlement")), ("hromada", _("hromada")), ("oblast", _("oblast")))
)
SITE: Final[tuple[Field, ...]] = (
    code("kind", _("registered address or place of service"), SiteKind, required=False),
    text("label", _("name of the place"), required=False),
    inside("place", _("where it is; a confidential address tells the hromada only"), *PLACE),
    text("postal_index", _("postal index"), required=False),
    text("street", _("street"), required=False),
    text("building", _("building"), required=False),
    text("room", _("room or office"), required=False),
    measure("latitude", _("latitude in degrees, WGS 84"), nullable=True, required=False),
    measure("longitude", _("longitude in degrees, WGS 84"), nullable=True, required=False),
    inside("hours", _("opening hours by days of the week; empty where unknown"), required=False),
    truth("confidential", _("the exact address is not published"), required=False),
    inside("access", _("access feature → whether the place has it; a feature not named is unknown")),
)
CONTACT: Final[tuple[Field, ...]] = (
    code("kind", _("kind of contact"), ContactKind),
    text("value", _("the contact itself")),
    text("note", _("what it is for"), required=False),
)
AVAILABILITY: Final[tuple[Field, ...]] = (
    number("free_places", _("free places on the day of the report"), nullable=True),
    number("waiting", _("people waiting on the day of the report"), nullable=True),
    truth("assessment_first", _("needs are assessed first")),
    day("reported_at", _("day of the report")),
    day("expires_on", _("last day on which the report holds")),
)
SERVICE: Final[tuple[Field, ...]] = (
    text("service", _("service of the state catalogue, slug")),
    text("name", _("its name in the catalogue")),
    text("title", _("own name of the service")),
    text("content", _("content")),
    text("conditions", _("conditions")),
    code("price_mode", _("who pays"), PriceMode),
    decimal("price", _("tariff, UAH"), nullable=True),
    Field("price_unit", "string", _("tariff for"), enum=("", *PriceUnit.values)),
    day("price_on", _("day of the tariff"), nullable=True),
    number("capacity", _("places; empty where unknown"), nullable=True),
    day("capacity_on", _("day on which places were counted"), nullable=True),
    truth("urgent", _("given urgently")),
    truth("meets_standard", _("meets the state standard; empty where not stated"), nullable=True),
    code("area_kind", _("kind of area served"), AreaKind),
    inside("hours", _("opening hours of the service, where they differ")),
    code("standing", _("standing of the service"), ServiceStanding),
    day("suspended_until", _("last day of suspension"), nullable=True),
    text("standing_ground", _("ground of the standing")),
    several("groups", _("for whom, slugs of groups")),
    several("delivery_forms", _("forms of delivery, slugs")),
    several("areas", _("codes of the territories served")),
    several("at_sites", _("places of the provider’s addresses where it is given, counted from 0"), items="integer"),
    Field("availability", "object", _("what was last said of free places"), nullable=True, fields=AVAILABILITY),
)
ID: Final = text("id", _("identifier of the service: number of the provider and place among its services"))
FIELDS: Final[tuple[Field, ...]] = (
    text("number", _("number in the register, never given twice")),
    address("url", _("page of the provider")),
    text("edrpou", _("EDRPOU code; empty where it is not known"), nullable=True),
    code("standing", _("standing in the register"), Standing),
    day("included_on", _("day of inclusion")),
    day("suspended_until", _("last day of suspension, where it is set"), nullable=True),
    day("excluded_on", _("day of exclusion"), nullable=True),
    text("about", _("about the provider")),
    text("services_note", _("services as the source names them")),
    text("source", _("where the data come from")),
    text("source_url", _("link to the source")),
    day("source_on", _("day of the source"), nullable=True),
    day("verified_on", _("day on which a person confirmed the data"), nullable=True),
    code("freshness", _("whether the data were confirmed in time"), Freshness),
    truth("is_demo", _("invented for demonstration")),
    number("revision", _("revision of the register that last touched the entry")),
    text("external_ref", _("reference in the source, where the code is not known"), nullable=True),
    text("name", _("full name")),
    text("short_name", _("short name")),
    code("person_type", _("kind of person; carers who are natural persons are not published"), PersonType),
    Field("legal_form", "string", _("legal form"), enum=("", *LegalForm.values)),
    code("ownership_form", _("form of ownership"), OwnershipForm),
    code("sector", _("sector"), Sector),
    text("head_number", _("register number of the head organisation"), nullable=True),
    inside("seat", _("where the provider is seated"), *PLACE),
    several("sites", _("addresses"), *SITE),
    several("contacts", _("contacts that are public"), *CONTACT),
    several("services", _("services"), ID, *SERVICE),
)


def keys() -> list[str]:
    return list(RegisterEntry.objects.open().order_by("number").values_list("number", flat=True))


def objects(keys: Sequence[str], *, today: date) -> Iterator[dict[str, Any]]:
    """Yield the open entries among these numbers, in the order of the numbers given."""
    del today
    found = read_providers(keys)
    return (found[key] for key in keys if key in found)


def read_providers(numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the providers with these numbers as objects, by number."""
    ids = RegisterEntry.objects.open().filter(number__in=numbers).order_by("pk").values_list("pk", flat=True)
    if not (found := list(ids)):
        return {}
    names = Gatherer(in_full=True)
    card = absolute(reverse_card("0")).removesuffix("0/")
    nested = Nester(names, card)
    return {one["number"]: _identified(one) for one in map(nested, names.providers(found))}


def reverse_card(entry_number: str) -> str:
    """Return the address of a card as the register's first language has it."""
    with translation.override("uk"):
        return reverse("registry:entry", args=[entry_number])


def _identified(provider: dict[str, Any]) -> dict[str, Any]:
    provider["services"] = [
        {"id": f"s-{provider['number']}-{place}", **service} for place, service in enumerate(provider["services"], 1)
    ]
    return provider
