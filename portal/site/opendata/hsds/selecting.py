"""Which services, organisations and services at addresses a list of the API has: its parameters as conditions.

A parameter that names what there is not finds nothing. A moment or a distance that cannot be read is left aside: the
contract of HSDS-UK knows no refusal.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from portal.site.opendata.hsds.finding import identifiers
from portal.site.opendata.hsds.identity import organization_id
from portal.site.opendata.hsds.vocabulary import ACCESS, FORM, GROUP, OWNERSHIP, SERVICE, Term, Terms
from registry.enums import Standing
from registry.models import EntryChange, RegisterEntry, Service, ServiceAtLocation, Site, Territory
from registry.queries.index import register_index
from registry.queries.words import words
from search.answering import box_around, distance_km

# so many providers or addresses at most are put into one question to the database
MOST: Final = 10_000
FARTHEST_KM: Final = 500
_NOTHING: Final = Q(pk__in=[])
_INFLECTED, _ENDING = 6, 2
_UNITS: Final = {"O": "oblast", "K": "oblast", "P": "hromada__raion", "H": "hromada"}
_INDEX_DIGITS: Final = 5


def organizations(search: str = "") -> QuerySet[RegisterEntry]:
    """Return the providers that are in the register, by number."""
    rows = RegisterEntry.objects.open().filter(standing__in=Standing.active)
    if words(search):
        rows = rows.filter(pk__in=_saying(search))
    return rows.order_by("number")


def services(terms: Terms, wanted: Any) -> QuerySet[Service]:
    """Return the services that the parameters of a list ask for, in the order of their keys."""
    rows = Service.objects.filter(entry__is_open=True, entry__standing__in=Standing.active)
    if words(wanted.search):
        rows = rows.filter(_said(terms, wanted.search))
    if wanted.taxonomy_term_id:
        term = terms.by_id.get(wanted.taxonomy_term_id)
        rows = rows.filter(_having(term) if term else _NOTHING)
    if wanted.taxonomy_id:
        rows = rows.filter(_classified(terms, wanted.taxonomy_id))
    if wanted.organization_id:
        rows = rows.filter(entry__in=[pk for pk, _number in organization_of(wanted.organization_id)])
    if after := moment_of(wanted.modified_after):
        rows = rows.filter(Exists(EntryChange.objects.filter(entry=OuterRef("entry"), at__gte=after)))
    return rows.order_by("entry__number", "pk")


def services_at_locations(terms: Terms, wanted: Any) -> QuerySet[ServiceAtLocation]:
    """Return the services at addresses that the parameters ask for, in the order of their services."""
    rows = ServiceAtLocation.objects.filter(service__in=services(terms, wanted).order_by().values("pk"))
    if wanted.postcode:
        rows = rows.filter(_near(wanted.postcode, wanted.proximity))
    return rows.order_by("service__entry__number", "service", "pk")


def organization_of(identifier: str) -> list[tuple[int, str]]:
    """Return key and number of the provider with this identifier."""
    rows = organizations().filter(pk__in=identifiers.entries_of(identifier)).values_list("pk", "number")
    return [(pk, number) for pk, number in rows if organization_id(number) == identifier]


def moment_of(text: str) -> datetime | None:
    """Return the moment, or the beginning of the day, that is written; none where it is not to be read."""
    try:
        at = parse_datetime(text)
        if at is None and (day := parse_date(text)):
            at = datetime(day.year, day.month, day.day)  # noqa: DTZ001 the zone comes below
        if at is None:
            return None
        return (timezone.make_aware(at) if timezone.is_naive(at) else at).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# --- words -----------------------------------------------------------------------------------------------------------


def _saying(search: str) -> list[int]:
    register_index.refresh()
    return sorted(register_index.matching(search))[:MOST]


def _said(terms: Terms, search: str) -> Q:
    """Find services by their name in the catalogue, if the words are of one, else by what their providers say."""
    stems = [word[:-_ENDING] if len(word) >= _INFLECTED else word for word in words(search)]
    kinds = [term.key for term in terms.of(SERVICE) if _names(term, stems)]
    return Q(service_type__in=kinds) if kinds else Q(entry__in=_saying(search))


def _names(term: Term, stems: list[str]) -> bool:
    named = words(term.told["name"])
    return all(any(word.startswith(stem) for word in named) for stem in stems)


# --- taxonomies ------------------------------------------------------------------------------------------------------


def _having(term: Term) -> Q:
    if term.taxonomy == OWNERSHIP:
        return Q(entry__organisation__ownership_form=term.slug)
    if term.taxonomy == ACCESS:
        return Q(Exists(_accessible().filter(site__access__feature=term.key, site__access__available=True)))
    path = {SERVICE: "service_type", GROUP: "groups", FORM: "delivery_forms"}[term.taxonomy]
    return Q(**{path: term.key})


def _classified(terms: Terms, identifier: str) -> Q:
    """Find services that have any word of the taxonomy."""
    taxonomy = terms.taxonomy_of(identifier)
    if taxonomy in (SERVICE, OWNERSHIP):
        return Q()
    if taxonomy == ACCESS:
        return Q(Exists(_accessible().filter(site__access__available=True)))
    links: Any = {GROUP: Service.groups.through, FORM: Service.delivery_forms.through}.get(taxonomy or "")
    return Q(Exists(links.objects.filter(service=OuterRef("pk")))) if links else _NOTHING


def _accessible() -> QuerySet[ServiceAtLocation]:
    return ServiceAtLocation.objects.filter(service=OuterRef("pk"))


# --- places ----------------------------------------------------------------------------------------------------------


def _near(postcode: str, proximity: str) -> Q:
    """Find addresses by a postal index or a КАТОТТГ code; so many metres around the place, where a distance is given.

    A confidential address is found by its hromada and what is above it, as it is told.
    """
    if postcode.isdecimal() and len(postcode) == _INDEX_DIGITS:
        return Q(site__postal_index=postcode, site__confidential=False)
    unit = Territory.objects.filter(code=postcode).first() if postcode.isprintable() else None
    if unit is None:
        return _NOTHING
    kilometres = _kilometres(proximity)
    if kilometres and unit.latitude is not None and unit.longitude is not None:
        return Q(site__in=_around((unit.latitude, unit.longitude), kilometres))
    if field := _UNITS.get(unit.category):
        return Q(**{f"site__{field}": unit})
    return Q(site__territory=unit, site__confidential=False)


def _kilometres(metres: str) -> float:
    try:
        found = float(metres) / 1000
    except ValueError:
        return 0
    return min(found, FARTHEST_KM) if math.isfinite(found) and found > 0 else 0


def _around(centre: tuple[float, float], kilometres: float) -> list[int]:
    box = box_around(centre, kilometres)
    sites = Site.objects.filter(
        confidential=False,
        latitude__range=(box.south, box.north),
        longitude__range=(box.west, box.east),
    )
    rows: QuerySet[Site, Any] = sites.order_by("pk").values_list("pk", "latitude", "longitude")
    found = [pk for pk, north, east in rows if distance_km(centre, (north, east)) <= kilometres]
    return found[:MOST]
