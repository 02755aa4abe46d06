"""Services of providers as services of HSDS: what is given, to whom, where, when, at what price, to how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.accounts.letters import absolute
from portal.site.opendata.hsds.identity import identify, organization_id, service_at_location_id, service_id
from portal.site.opendata.hsds.organizations import organization
from portal.site.opendata.hsds.parts import Told, attributes, filled, first_email, people, phones, remark, schedules
from portal.site.opendata.hsds.places import COUNTRY, location
from portal.site.opendata.hsds.vocabulary import FORM, GROUP, SERVICE, Terms
from registry.enums import AreaKind, PriceMode, PriceUnit, ServiceStanding, Standing

CURRENCY: Final = "UAH"
_ENTITY: Final = "service"


@dataclass(frozen=True, slots=True)
class Known:
    """What was read for a chunk: providers by number, names of units by code, last changes by number."""

    terms: Terms
    providers: dict[str, Told]
    areas: dict[str, str]
    changed: dict[str, datetime]
    today: date


def service_of(provider: Told, given: Told, known: Known) -> Told:
    """Return the fully nested service."""
    told = plain_service(provider, given, known)
    own, owner = told["id"], told["organization_id"]
    lists = {
        "phones": phones(owner, provider["contacts"]),
        "contacts": people(owner, provider["contacts"]),
        "schedules": schedules("service_id", own, given["hours"]),
        "service_areas": list(_areas(own, given, known)),
        "service_at_locations": [service_at(provider, given, place, known) for place in range(len(given["at_sites"]))],
        "cost_options": _costs(own, given),
        "capacities": _capacities(own, given, known.today),
        "attributes": list(_attributes(own, given, known.terms)),
    }
    return {**told, "organization": organization(provider, known.terms), **filled(lists)}


def plain_service(provider: Told, given: Told, known: Known) -> Told:
    """Return the fields of a service that are no objects."""
    term = known.terms.by_slug.get((SERVICE, given["service"]))
    summary = term.told["description"] if term else ""
    changed = known.changed.get(provider["number"])
    told = {
        "id": service_id(given["id"]),
        "organization_id": organization_id(provider["number"]),
        "name": given["title"] or given["name"],
        "alternate_name": given["name"] if given["title"] else "",
        "description": given["content"] or summary or given["name"],
        "url": f"{provider['url']}#{given['id']}",
        "email": first_email(provider["contacts"]),
        "status": status_of(provider["standing"], given["standing"]),
        "application_process": given["conditions"],
        "eligibility_description": ", ".join(_names(known.terms, GROUP, given["groups"])),
        "fees_description": _fees(given),
        # an older name that Open Referral UK has
        "fees": _fees(given),
        "wait_time": _waiting(given, known.today),
        "accreditations": _("Meets the state standard, as the provider says") if given["meets_standard"] else "",
        "assured_date": provider["verified_on"],
        "alert": _alert(provider, given),
        "last_modified": moment(changed) if changed else "",
    }
    return filled(told)


def service_at(provider: Told, given: Told, place: int, known: Known) -> Told:
    """Return the service at one of the addresses where it is given, counted from 0."""
    there = location(provider, given["at_sites"][place], known.terms)
    return {
        "id": service_at_location_id(given["id"], place),
        "service_id": service_id(given["id"]),
        "location_id": there["id"],
        "location": there,
    }


def status_of(provider_standing: str, service_standing: str) -> str:
    is_given = provider_standing == Standing.INCLUDED and service_standing == ServiceStanding.INCLUDED
    return "active" if is_given else "temporarily closed"


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _names(terms: Terms, taxonomy: str, slugs: list[str]) -> Iterator[str]:
    return (terms.by_slug[taxonomy, slug].told["name"] for slug in slugs if (taxonomy, slug) in terms.by_slug)


def _alert(provider: Told, given: Told) -> str:
    said = [capfirst(_("Invented for demonstration"))] if provider["is_demo"] else []
    until = given["suspended_until"] or provider["suspended_until"]
    if given["standing"] == ServiceStanding.SUSPENDED:
        said.append(given["standing_ground"])
    if status_of(provider["standing"], given["standing"]) != "active":
        said.append(_("Suspended until %(day)s") % {"day": until} if until else capfirst(_("Suspended")))
    return ". ".join(filter(None, said))


# --- price and places ------------------------------------------------------------------------------------------------


def _fees(given: Told) -> str:
    if given["price_mode"] == PriceMode.UNKNOWN:
        return ""
    words = capfirst(str(PriceMode(given["price_mode"]).label))
    return f"{words}: {given['price']} {CURRENCY}, {_unit(given)}" if given["price"] is not None else words


def _unit(given: Told) -> str:
    return str(PriceUnit(given["price_unit"]).label) if given["price_unit"] else ""


def _costs(own: str, given: Told) -> list[Told]:
    """Return what it costs: nothing is told where the price is not known."""
    mode = given["price_mode"]
    if mode == PriceMode.UNKNOWN:
        return []
    told = {
        "id": identify("cost_option", own),
        "service_id": own,
        "option": capfirst(str(PriceMode(mode).label)),
        "valid_from": given["price_on"],
        "amount_description": _unit(given),
    }
    amount = 0 if mode == PriceMode.FREE else given["price"]
    # at most twelve digits: a number of JSON holds them exactly
    money = {} if amount is None else {"currency": CURRENCY, "amount": float(amount)}
    return [{**filled(told), **money}]


def _holds(given: Told, today: date) -> Told | None:
    """Return what was said of free places, unless it has expired."""
    said: Told | None = given["availability"]
    return said if said and said["expires_on"] >= today.isoformat() else None


def _waiting(given: Told, today: date) -> str:
    said = _holds(given, today)
    if not said or said["waiting"] is None:
        return ""
    return _("People waiting on %(day)s: %(count)s") % {"day": said["reported_at"], "count": said["waiting"]}


def _capacities(own: str, given: Told, today: date) -> list[Told]:
    """Return free places with the day on which they were free; HSDS has no place for a number of places alone."""
    said = _holds(given, today)
    if not said or said["free_places"] is None:
        return []
    reported = datetime.combine(date.fromisoformat(said["reported_at"]), time(), timezone.get_default_timezone())
    told = {
        "id": identify("service_capacity", own),
        "service_id": own,
        "unit": {"id": identify("unit", "place"), "name": _("place")},
        "unit_id": identify("unit", "place"),
        "available": said["free_places"],
        "updated": reported.isoformat(timespec="milliseconds"),
    }
    return [told if given["capacity"] is None else {**told, "maximum": given["capacity"]}]


# --- whom and where --------------------------------------------------------------------------------------------------


def _areas(own: str, given: Told, known: Known) -> Iterator[Told]:
    if given["area_kind"] == AreaKind.COUNTRY:
        name = str(AreaKind.COUNTRY.label)
        yield {**_area(own, COUNTRY, name), "description": "ISO 3166-1"}
        return
    for code in given["areas"]:
        if code in known.areas:
            page = absolute(reverse("registry:territory", args=[code]))
            yield {**_area(own, code, known.areas[code]), "description": f"КАТОТТГ {code}", "uri": page}


def _area(own: str, code: str, name: str) -> Told:
    return {
        "id": identify("service_area", own, code),
        "service_id": own,
        "name": name,
        "extent": code,
        "extent_type": "text",
    }


def _attributes(own: str, given: Told, terms: Terms) -> Iterator[Told]:
    words: tuple[tuple[str, Any], ...] = (
        (SERVICE, [given["service"]]),
        (GROUP, given["groups"]),
        (FORM, given["delivery_forms"]),
    )
    for taxonomy, slugs in words:
        yield from attributes(_ENTITY, own, terms, taxonomy, slugs)
    if given["urgent"]:
        yield remark(_ENTITY, own, "urgent", _("given urgently"), "true")
    if given["capacity"] is not None:
        yield remark(_ENTITY, own, "capacity", _("places"), str(given["capacity"]))
        yield remark(_ENTITY, own, "capacity_on", _("places as of"), given["capacity_on"])
