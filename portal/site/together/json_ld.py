"""A provider's card as machines read it: schema.org, from what the card itself shows and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse

from portal.accounts.enums import LegalForm, OwnershipForm
from portal.accounts.letters import absolute
from registry.enums import AreaKind, PriceMode, ServiceStanding, Standing
from registry.queries.card import Card, ServiceCard, SiteCard

SCHEMA: Final = "https://schema.org"
DAYS: Final = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_CLOCK: Final = re.compile(r"([01]?\d|2[0-4]):[0-5]\d\Z")
_LONGEST: Final = 500
# what could end the script or begin a comment in it
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}
Node = dict[str, Any]


def card_graph(card: Card) -> Node | None:
    """Return the provider and the services that it may give now; nothing of one that is not in good standing."""
    entry = card.entry
    if entry.standing != Standing.INCLUDED:
        return None
    page = absolute(reverse("registry:entry", args=[entry.number]))
    provider = _provider(card, page)
    offered = [item for item in card.services if item.service.standing == ServiceStanding.INCLUDED]
    return {"@context": SCHEMA, "@graph": [provider, *(_service(item, card, page) for item in offered)]}


def as_script(node: Mapping[str, Any]) -> str:
    """Return the node as text that cannot end the script it stands in."""
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _provider(card: Card, page: str) -> Node:
    organisation = card.entry.organisation
    shown = next((site for site in sorted(card.sites, key=_legal_first) if not site.confidential), None)
    return _filled(
        {
            "@type": _kind(organisation.ownership_form, organisation.legal_form),
            "@id": f"{page}#provider",
            "name": organisation.name,
            "alternateName": organisation.short_name,
            "url": page,
            "disambiguatingDescription": "Вигаданий запис для показу порталу" if card.entry.is_demo else "",
            "identifier": _identifier("UA-EDR", organisation.code),
            "telephone": [contact.value for contact in card.contacts["phone"]],
            "email": [contact.value for contact in card.contacts["email"]],
            "address": _address(shown) if shown else None,
        }
    )


def _legal_first(site: SiteCard) -> bool:
    return not site.is_legal


def _kind(ownership: str, legal: str) -> str:
    if ownership in {OwnershipForm.STATE, OwnershipForm.COMMUNAL}:
        return "GovernmentOrganization"
    return "NGO" if legal in LegalForm.civil_society else "Organization"


def _service(item: ServiceCard, card: Card, page: str) -> Node:
    service, organisation = item.service, card.entry.organisation
    is_public = _kind(organisation.ownership_form, organisation.legal_form) == "GovernmentOrganization"
    return _filled(
        {
            "@type": "GovernmentService" if is_public else "Service",
            "@id": f"{page}#{item.key}",
            "url": page,
            "name": service.title or service.service_type.name_uk,
            "serviceType": service.service_type.name_uk,
            "description": service.content[:_LONGEST],
            "provider": {"@id": f"{page}#provider"},
            "serviceOperator": {"@id": f"{page}#provider"} if is_public else None,
            "audience": [{"@type": "Audience", "audienceType": group.name_uk} for group in item.groups],
            "areaServed": _area(item),
            "offers": _offer(item),
            "hoursAvailable": _opening(service.hours),
            "availableChannel": _channels(item, card),
        }
    )


def _area(item: ServiceCard) -> Any:
    if item.service.area_kind == AreaKind.COUNTRY:
        return {"@type": "Country", "name": "Україна"}
    return [
        {"@type": "AdministrativeArea", "name": unit.label, "identifier": _identifier("KATOTTG", unit.code)}
        for unit in item.areas
    ]


def _offer(item: ServiceCard) -> Node | None:
    """Return what it costs; of a fee that depends on income only the ceiling can be told."""
    service = item.service
    if service.price_mode == PriceMode.FREE:
        return {"@type": "Offer", "price": "0", "priceCurrency": "UAH"}
    if service.price is None:
        return None
    amount = {"@type": "UnitPriceSpecification", "priceCurrency": "UAH", "unitText": service.price_unit}
    sum_ = "maxPrice" if service.price_mode == PriceMode.DIFFERENTIATED else "price"
    return {"@type": "Offer", "priceSpecification": {**amount, sum_: f"{service.price:.2f}"}}


def _channels(item: ServiceCard, card: Card) -> list[Node]:
    """Return where it is given; of an address that is not disclosed nothing, the telephone is enough."""
    phones = [contact.value for contact in card.contacts["phone"]]
    phone = {"@type": "ContactPoint", "telephone": phones} if phones else None
    channels = [
        _filled({"@type": "ServiceChannel", "servicePhone": phone, "serviceLocation": _place(site)})
        for site, _hours in item.places
        if not site.confidential
    ]
    return channels or ([{"@type": "ServiceChannel", "servicePhone": phone}] if phone else [])


def _place(site: SiteCard) -> Node:
    point = {"@type": "GeoCoordinates", "latitude": site.latitude, "longitude": site.longitude}
    features = [
        {"@type": "LocationFeatureSpecification", "name": feature.name_uk, "value": available}
        for feature, available in site.access
        if available is not None
    ]
    return _filled(
        {
            "@type": "Place",
            "name": site.label,
            "address": _address(site),
            "geo": point if site.latitude is not None else None,
            "openingHoursSpecification": _opening(site.hours),
            "amenityFeature": features,
        }
    )


def _address(site: SiteCard) -> Node:
    return _filled(
        {
            "@type": "PostalAddress",
            "addressCountry": "UA",
            "addressRegion": site.oblast.label if site.oblast else "",
            "addressLocality": (site.territory or site.hromada).label if site.territory or site.hromada else "",  # type: ignore[union-attr]
            "streetAddress": ", ".join(filter(None, (site.street, site.building, site.room))),
            "postalCode": site.postal_index,
        }
    )


def _opening(hours: Mapping[str, Any]) -> list[Node]:
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": {"@id": f"{SCHEMA}/{DAYS[day]}"},
            "opens": span[0],
            "closes": span[1],
        }
        for day in DAYS
        for span in hours.get(day) or []
        if len(span) == 2 and all(_CLOCK.match(str(moment)) for moment in span)  # noqa: PLR2004 a start and an end
    ]


def _identifier(scheme: str, code: str | None) -> Node | None:
    return {"@type": "PropertyValue", "propertyID": scheme, "value": code} if code else None


def _filled(node: Node) -> Node:
    """Leave out what says nothing."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
