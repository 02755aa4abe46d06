"""Services of providers that are in the register: each with who gives it, where and how to reach it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import OwnershipForm
from portal.site.models import FeedObject
from portal.site.opendata.objects.fields import Field, address, code, day, inside, number, several, text, truth
from portal.site.opendata.objects.providers import CONTACT, ID, PLACE, SERVICE, SITE, read_providers
from registry.enums import Standing
from registry.models import RegisterEntry, Service

KIND: Final = "service"
KEY: Final = "id"
_ID: Final = re.compile(r"s-([0-9A-Z]{1,12})-[1-9][0-9]{0,5}")
# of the provider: name here → name there
_OF_PROVIDER: Final = {
    "provider": "number",
    "provider_name": "name",
    "provider_edrpou": "edrpou",
    "provider_standing": "standing",
    "ownership_form": "ownership_form",
    "url": "url",
    "verified_on": "verified_on",
    "seat": "seat",
    "contacts": "contacts",
    "is_demo": "is_demo",
    "revision": "revision",
}
FIELDS: Final[tuple[Field, ...]] = (
    ID,
    text("provider", _("register number of the provider")),
    text("provider_name", _("name of the provider")),
    text("provider_edrpou", _("EDRPOU code of the provider"), nullable=True),
    code("provider_standing", _("standing of the provider in the register"), Standing),
    code("ownership_form", _("form of ownership of the provider"), OwnershipForm),
    address("url", _("page of the provider")),
    day("verified_on", _("day on which a person confirmed the data"), nullable=True),
    *(field for field in SERVICE if field.name != "at_sites"),
    inside("seat", _("where the provider is seated"), *PLACE),
    several("sites", _("addresses where the service is given; none where that is not known"), *SITE),
    several("contacts", _("contacts of the provider that are public"), *CONTACT),
    truth("is_demo", _("invented for demonstration")),
    number("revision", _("revision of the register that last touched the provider")),
)


def keys() -> list[str]:
    """Return the identifiers of all services of providers that were not excluded, by provider and place."""
    return _keys(RegisterEntry.objects.all())


def keys_of(numbers: Collection[str]) -> list[str]:
    """Return those that the providers with these numbers have had, gone ones among them, as far as they are known."""
    rows = FeedObject.objects.filter(kind=KIND, of__in=numbers).values_list("key", flat=True)
    return list(dict.fromkeys([*_keys(RegisterEntry.objects.filter(number__in=numbers)), *rows]))


def provider_of(key: str) -> str:
    """Return the number of the provider whose service has this identifier."""
    return key[2:].rpartition("-")[0]


def _keys(entries: QuerySet[RegisterEntry]) -> list[str]:
    public = entries.filter(is_open=True, standing__in=Standing.active)
    rows = Service.objects.filter(entry__in=public.values("pk")).order_by("entry__number", "pk")
    found, place, last = [], 0, ""
    for entry_number in rows.values_list("entry__number", flat=True):
        place = place + 1 if entry_number == last else 1
        last = entry_number
        found.append(f"s-{entry_number}-{place}")
    return found


def objects(keys: Sequence[str], *, today: date) -> Iterator[dict[str, Any]]:
    """Yield the services with these identifiers that are public, in the order given."""
    del today
    numbers = dict.fromkeys(found[1] for key in keys if (found := _ID.fullmatch(key)))
    told: dict[str, dict[str, Any]] = {}
    for provider in read_providers(list(numbers)).values():
        if provider["standing"] in Standing.active:
            told.update({service["id"]: _service(provider, service) for service in provider["services"]})
    return (told[key] for key in keys if key in told)


def _service(provider: dict[str, Any], service: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in service.items() if name != "at_sites"}
    sites = [provider["sites"][place] for place in service["at_sites"]]
    return {**given, **{name: provider[there] for name, there in _OF_PROVIDER.items()}, "sites": sites}
