"""Reading public facts of many entries at once: plain tuples, a number of queries that does not depend on how many.

What the visibility registry does not call public is not even put into the facts. Closed entries are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from portal.kernel import visibility
from registry.models import (
    AccessFeature,
    Availability,
    Contact,
    DeliveryForm,
    RegisterEntry,
    Service,
    ServiceAtLocation,
    ServiceType,
    Site,
    SiteAccess,
    Territory,
    VulnerableGroup,
)
from registry.queries.figures import SMALLEST_GROUP

ENTRY: Final = (
    "number",
    "standing",
    "included_on",
    "suspended_until",
    "excluded_on",
    "about",
    "services_note",
    "territory_id",
    "hromada_id",
    "oblast_id",
    "source",
    "source_url",
    "source_on",
    "verified_on",
    "freshness",
    "is_demo",
    "revision",
)
ORGANISATION: Final = (
    "code",
    "external_ref",
    "name",
    "short_name",
    "person_type",
    "legal_form",
    "ownership_form",
    "sector",
)
SITE: Final = (
    "kind",
    "label",
    "territory_id",
    "hromada_id",
    "oblast_id",
    "postal_index",
    "street",
    "building",
    "room",
    "latitude",
    "longitude",
    "hours",
    "confidential",
)
CONTACT: Final = ("kind", "value", "note")
SERVICE: Final = (
    "service_type_id",
    "title",
    "content",
    "conditions",
    "price_mode",
    "price",
    "price_unit",
    "price_on",
    "capacity",
    "capacity_on",
    "urgent",
    "meets_standard",
    "area_kind",
    "hours",
    "standing",
    "suspended_until",
    "standing_ground",
)
AVAILABILITY: Final = ("free_places", "waiting", "assessment_first", "reported_at", "expires_on")
# what a row per provider needs of services
SERVICE_IN_SHORT: Final = ("service_type_id", "price_mode", "capacity", "urgent")
SITE_IN_SHORT: Final = tuple(name for name in SITE if name != "hours")
UNITS: Final = ("territory_id", "hromada_id", "oblast_id")
Facts = dict[str, Any]
# from the path to an entry's key to the condition on it
Within = Callable[[str], Q]
_SPARSE: Final = 3


@dataclass(slots=True)
class Provider:
    """The public facts of one entry; `sites`, `contacts` and `services` are dictionaries of public fields alone."""

    entry: Facts
    sites: list[Facts] = field(default_factory=list)
    contacts: list[Facts] = field(default_factory=list)
    services: list[Facts] = field(default_factory=list)


class Gatherer:
    """Gathers chunks of one export; names of units and words are remembered from chunk to chunk."""

    def __init__(self, *, in_full: bool) -> None:
        self.in_full = in_full
        self.units: dict[int, tuple[str, str]] = {}
        self.services = dict(_named(ServiceType))
        self.groups = dict(_named(VulnerableGroup))
        self.forms = dict(_named(DeliveryForm))
        self.features = dict(_named(AccessFeature))
        self._entry_fields = _public("registry.RegisterEntry", ENTRY)
        self._organisation_fields = _public("accounts.Organisation", ORGANISATION)

    def providers(self, keys: Sequence[int]) -> Iterator[Provider]:
        """Yield the open entries among these; the keys come in ascending order and stay so."""
        within = _within(keys)
        found = self._entries(keys, within)
        site_place = self._add_sites(found, within)
        self._add_contacts(found, within)
        self._add_services(found, within, site_place)
        return (found[key] for key in keys if key in found)

    def _entries(self, keys: Sequence[int], within: Within) -> dict[int, Provider]:
        names = (*self._entry_fields, *self._organisation_fields, "head_number")
        paths = (
            *_as_text(RegisterEntry, self._entry_fields),
            *(f"organisation__{name}" for name in self._organisation_fields),
            "parent__number",
        )
        rows = _rows(RegisterEntry.objects.open().filter(within("id")).order_by().values_list("pk", *paths))
        self._learn_units(rows, names, 1)
        wanted = set(keys)
        return {row[0]: Provider(dict(zip(names, row[1:], strict=True))) for row in rows if row[0] in wanted}

    def _add_sites(self, found: dict[int, Provider], within: Within) -> dict[int, int]:
        """Add the addresses and return at which place each stands among those of its provider."""
        fields = SITE if self.in_full else SITE_IN_SHORT
        shown = _by_guard("registry.Site", fields, "confidential")
        access = _by_guard("registry.Site", ("access",), "confidential")
        features: dict[int, dict[int, bool]] = {}
        known = SiteAccess.objects.filter(within("site__entry_id"), available__isnull=False).order_by("id")
        for site, feature, available in _rows(known.values_list("site_id", "feature_id", "available")):
            features.setdefault(site, {})[feature] = bool(available)
        place: dict[int, int] = {}
        guard = fields.index("confidential") + 2
        query = Site.objects.filter(within("entry_id")).order_by("id")
        rows = _rows(query.values_list("id", "entry_id", *_as_text(Site, fields)))
        self._learn_units(rows, fields, 2)
        for row in rows:
            provider = found.get(row[1])
            if provider is None:
                continue
            is_closed = bool(row[guard])
            facts = {name: row[index + 2] for index, name in shown[is_closed]}
            facts["access"] = features.get(row[0], {}) if access[is_closed] else {}
            place[row[0]] = len(provider.sites)
            provider.sites.append(facts)
        return place

    def _add_contacts(self, found: dict[int, Provider], within: Within) -> None:
        shown = _by_guard("registry.Contact", CONTACT, "private")
        query = Contact.objects.filter(within("entry_id")).order_by("id")
        if not shown[True]:
            query = query.filter(private=False)
        for row in _rows(query.values_list("entry_id", "private", *CONTACT)):
            if provider := found.get(row[0]):
                provider.contacts.append({name: row[index + 2] for index, name in shown[bool(row[1])]})

    def _add_services(self, found: dict[int, Provider], within: Within, site_place: dict[int, int]) -> None:
        names = _public("registry.Service", SERVICE if self.in_full else SERVICE_IN_SHORT)
        by_key: dict[int, Facts] = {}
        query = Service.objects.filter(within("entry_id")).order_by("id")
        for row in _rows(query.values_list("id", "entry_id", *_as_text(Service, names))):
            if provider := found.get(row[1]):
                facts = by_key[row[0]] = dict(zip(names, row[2:], strict=True))
                facts["groups"], facts["delivery_forms"] = [], []
                provider.services.append(facts)
        for name, model, column in (
            ("groups", Service.groups.through, "vulnerablegroup_id"),
            ("delivery_forms", Service.delivery_forms.through, "deliveryform_id"),
        ):
            if _public("registry.Service", (name,)):
                for key, word in _rows(_links(model, within).order_by("id").values_list("service_id", column)):
                    if key in by_key:
                        by_key[key][name].append(word)
        if self.in_full:
            self._add_places(by_key, within, site_place)
            self._add_availability(by_key, within)

    def _add_places(self, by_key: dict[int, Facts], within: Within, site_place: dict[int, int]) -> None:
        for facts in by_key.values():
            facts["areas"], facts["at_sites"] = [], []
        areas = _links(Service.areas.through, within).order_by("id")
        for key, code in _rows(areas.values_list("service_id", "territory__code")):
            if key in by_key:
                by_key[key]["areas"].append(code)
        places = ServiceAtLocation.objects.filter(within("service__entry_id")).order_by("id")
        for key, site in _rows(places.values_list("service_id", "site_id")):
            if key in by_key and site in site_place:
                by_key[key]["at_sites"].append(site_place[site])

    def _add_availability(self, by_key: dict[int, Facts], within: Within) -> None:
        """Add what was said of free places: until when it holds, whoever reads it compares with the clock."""
        for facts in by_key.values():
            facts["availability"] = None
        names = _public("registry.Availability", AVAILABILITY)
        rows = Availability.objects.filter(within("service__entry_id")).values_list("service_id", *names)
        for key, *values in rows:
            if key in by_key:
                said = by_key[key]["availability"] = {
                    name: _told_day(value) for name, value in zip(names, values, strict=True)
                }
                # how many wait is a number of people: few are not told
                if 0 < (said.get("waiting") or 0) < SMALLEST_GROUP:
                    said["waiting"] = None

    def _learn_units(self, rows: list[tuple[Any, ...]], names: Sequence[str], offset: int) -> None:
        """Read the names of units that these rows name and no row before them did."""
        places = [names.index(name) + offset for name in UNITS if name in names]
        wanted = {row[place] for place in places for row in rows}
        missing = sorted(wanted - self.units.keys() - {None})
        for start in range(0, len(missing), 900):
            units = Territory.objects.filter(pk__in=missing[start : start + 900]).values_list("pk", "code", "name")
            self.units.update({key: (code, name) for key, code, name in units})


def _rows(values: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Return the rows as the database gives them: SQLite's truth is 0 and 1, its sums are floats."""
    statement, parameters = values.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _told_day(value: Any) -> Any:
    """Write a day, or the day of a moment, as text; nobody needs to know the hour."""
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    return value.isoformat() if isinstance(value, date) else value


def _within(keys: Sequence[int]) -> Within:
    """Return how to ask for rows of these entries: by a range where the keys fill it, else one by one.

    A range may hold other entries too, so whoever reads the rows passes those over.
    """
    first, last = keys[0], keys[-1]
    if last - first < len(keys) * _SPARSE:
        return lambda column: Q(**{f"{column}__gte": first, f"{column}__lte": last})
    return lambda column: Q(**{f"{column}__in": keys})


def _as_text(model: type[models.Model], names: Sequence[str]) -> list[Any]:
    """Return what to select: days and JSON as the text that goes into the file, the rest as it is."""
    fields = {name: model._meta.get_field(name.removesuffix("_id")) for name in names}  # noqa: SLF001
    return [
        Cast(name, models.TextField()) if isinstance(field, models.DateField | models.JSONField) else name
        for name, field in fields.items()
    ]


def _links(through: Any, within: Within) -> Any:
    return through._default_manager.filter(within("service__entry_id"))  # noqa: SLF001 the manager of an M2M table


def _named(model: Any) -> Iterator[tuple[int, tuple[str, str]]]:
    return ((key, (slug, name)) for key, slug, name in model.objects.values_list("pk", "slug", "name_uk"))


def _public(label: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the fields that everybody may see in every row."""
    return tuple(name for name in names if visibility.is_public(label, name, {}))


def _by_guard(label: str, names: Sequence[str], guard: str) -> dict[bool, list[tuple[int, str]]]:
    """Return which fields (place, name) everybody may see where the guard is up, and where it is not."""
    return {
        up: [(index, name) for index, name in enumerate(names) if visibility.is_public(label, name, {guard: up})]
        for up in (True, False)
    }
