"""Pages of lists and single objects by their identifiers, as the API of HSDS-UK 3.0 shapes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import translation

from portal.site.open_api.lists import keys_of
from portal.site.opendata.hsds.finding import identifiers
from portal.site.opendata.hsds.identity import organization_id, service_at_location_id, service_id
from portal.site.opendata.hsds.offers import Known, moment, plain_service, service_at, service_of, status_of
from portal.site.opendata.hsds.organizations import nested_organization, organization
from portal.site.opendata.hsds.parts import Told
from portal.site.opendata.hsds.reading import given_by_key, read_known, read_services
from portal.site.opendata.hsds.selecting import organization_of
from portal.site.opendata.hsds.vocabulary import LANGUAGE, Terms
from portal.site.opendata.objects.services import provider_of
from registry.models import EntryChange, RegisterEntry, Service, ServiceAtLocation


def one_to_one(told: Told) -> Told:
    """Return the object without its lists, as lists of objects have them."""
    plain = {name: value for name, value in told.items() if not isinstance(value, list)}
    return {name: one_to_one(value) if isinstance(value, dict) else value for name, value in plain.items()}


# --- services --------------------------------------------------------------------------------------------------------


def services_on(rows: QuerySet[Service], start: int, stop: int, terms: Terms, today: date) -> list[Told]:
    """Return a slice of these services, fully nested."""
    keys = keys_of(list(rows.values_list("pk", "entry", "entry__number")[start:stop]))
    return list(read_services(list(keys.values()), terms, today))


def services_in_short(rows: QuerySet[Service], start: int, stop: int) -> list[Told]:
    """Return a slice of these services with what the contract demands and when they changed, and nothing else."""
    fields = ("title", "service_type__name_uk", "standing", "entry__standing")
    found = list(rows.values_list("pk", "entry", "entry__number", *fields)[start:stop])
    keys = keys_of([row[:3] for row in found])
    changes = EntryChange.objects.filter(entry__in={row[1] for row in found}).order_by().values_list("entry")
    changed = dict(changes.annotate(Max("at")))
    return [_in_short(keys[row[0]], row, changed.get(row[1])) for row in found if row[0] in keys]


def _in_short(key: str, row: Sequence[Any], changed: datetime | None) -> Told:
    title, kind, standing, provider_standing = row[3:]
    told = {
        "id": service_id(key),
        "name": title or kind,
        "status": status_of(provider_standing, standing),
    }
    # the contract speaks of `modified_date`, its services have `last_modified`
    return {**told, "last_modified": moment(changed), "modified_date": moment(changed)} if changed else told


def service(identifier: str, terms: Terms, today: date) -> Told | None:
    """Return the service with this identifier, fully nested."""
    for known in _candidates(identifier, terms, today):
        for provider, given in given_by_key(known).values():
            if service_id(given["id"]) == identifier:
                return service_of(provider, given, known)
    return None


# --- services at addresses -------------------------------------------------------------------------------------------


def services_at_on(rows: QuerySet[ServiceAtLocation], start: int, stop: int, terms: Terms, today: date) -> list[Told]:
    """Return a slice of these services at addresses, each with its service fully nested."""
    found = list(rows.values_list("pk", "service", "service__entry", "service__entry__number")[start:stop])
    keys = keys_of([row[1:] for row in found])
    place_of = _places({row[1] for row in found})
    known = read_known(list(dict.fromkeys(map(provider_of, keys.values()))), terms, today)
    there = given_by_key(known)
    pairs = [(keys[row[1]], place_of[row[0]]) for row in found if row[1] in keys and row[0] in place_of]
    with translation.override(LANGUAGE):
        return [_service_at(*there[key], place, known) for key, place in pairs if key in there]


def _places(services: set[int]) -> dict[int, int]:
    """Return at which place each address of these services stands among those of its service."""
    place_of: dict[int, int] = {}
    place, last = 0, 0
    rows = ServiceAtLocation.objects.filter(service__in=services).order_by("service", "pk")
    for key, one in rows.values_list("pk", "service"):
        place = place + 1 if one == last else 0
        last, place_of[key] = one, place
    return place_of


def _service_at(provider: Told, given: Told, place: int, known: Known) -> Told:
    return {**service_at(provider, given, place, known), "service": service_of(provider, given, known)}


def service_at_location(identifier: str, terms: Terms, today: date) -> Told | None:
    """Return the service at an address with this identifier."""
    for known in _candidates(identifier, terms, today):
        for provider, given in given_by_key(known).values():
            for place in range(len(given["at_sites"])):
                if service_at_location_id(given["id"], place) == identifier:
                    return _service_at(provider, given, place, known)
    return None


def _candidates(identifier: str, terms: Terms, today: date) -> list[Known]:
    """Read the providers that the identifier may belong to."""
    entries = identifiers.entries_of(identifier)
    numbers = list(RegisterEntry.objects.filter(pk__in=entries).values_list("number", flat=True)) if entries else []
    return [read_known(numbers, terms, today)] if numbers else []


# --- organisations ---------------------------------------------------------------------------------------------------


def organizations_on(
    rows: QuerySet[RegisterEntry], start: int, stop: int, terms: Terms, today: date, shape: Callable[..., Told]
) -> list[Told]:
    """Return a slice of these organisations in the shape given: `plain`, `with_services` or `with_full_services`."""
    numbers = list(rows.values_list("number", flat=True)[start:stop])
    known = read_known(numbers, terms, today)
    with translation.override(LANGUAGE):
        return [shape(known.providers[number], known) for number in numbers if number in known.providers]


def organization_by(identifier: str, terms: Terms, today: date, shape: Callable[..., Told]) -> Told | None:
    """Return the organisation with this identifier in the shape given."""
    known = read_known([number for _pk, number in organization_of(identifier)], terms, today)
    found = [one for number, one in known.providers.items() if organization_id(number) == identifier]
    with translation.override(LANGUAGE):
        return shape(found[0], known) if found else None


def plain(provider: Told, known: Known) -> Told:
    return one_to_one(organization(provider, known.terms))


def with_services(provider: Told, known: Known) -> Told:
    """Return the organisation with the fields of its services that are no objects."""
    told = [plain_service(provider, given, known) for given in provider["services"]]
    return {**nested_organization(provider, known.terms), "services": told}


def with_full_services(provider: Told, known: Known) -> Told:
    """Return the organisation with its services as they stand alone, but for the organisation itself."""
    told = [service_of(provider, given, known) for given in provider["services"]]
    for one in told:
        del one["organization"]
    return {**nested_organization(provider, known.terms), "services": told}
