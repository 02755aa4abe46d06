"""The parts of an entry (addresses, contacts, services): reading them, comparing them with a source, writing them.

All functions work on many entries at once, with a number of queries that does not depend on how many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from django.db import models

from registry.domain import bulk
from registry.domain.records import (
    CONTACT_FIELDS,
    SERVICE_FIELDS,
    SITE_FIELDS,
    ContactRecord,
    ServiceRecord,
    SiteRecord,
)
from registry.models import Contact, Service, ServiceAtLocation, Site, SiteAccess

Record = TypeVar("Record", SiteRecord, ContactRecord, ServiceRecord)

# the M2M of a service: name in the record → (through model, column of the other side)
SETS: Final = {
    "delivery_form_ids": (Service.delivery_forms.through, "deliveryform_id"),
    "group_ids": (Service.groups.through, "vulnerablegroup_id"),
    "area_ids": (Service.areas.through, "territory_id"),
}


@dataclass(slots=True)
class Difference:
    """One value of one part that a source sees otherwise; `field` is empty for a whole new or vanished part."""

    obj: str
    ref: str
    field: str
    old: Any
    new: Any
    row: Any = None


@dataclass(slots=True)
class Parts:
    """The stored parts of one entry, each beside its row."""

    sites: list[tuple[Site, SiteRecord]] = field(default_factory=list)
    contacts: list[tuple[Contact, ContactRecord]] = field(default_factory=list)
    services: list[tuple[Service, ServiceRecord]] = field(default_factory=list)


def _record(cls: type[Record], row: models.Model, names: Iterable[str], **extra: Any) -> Record:
    return cls(**{name: getattr(row, name) for name in names}, row_id=row.pk, **extra)


def load_parts(entry_ids: Sequence[int]) -> dict[int, Parts]:
    """Return the parts of these entries in eight queries."""
    result: dict[int, Parts] = defaultdict(Parts)
    access: dict[int, dict[int, bool | None]] = defaultdict(dict)
    for site_id, feature_id, available in SiteAccess.objects.filter(site__entry_id__in=entry_ids).values_list(
        "site_id", "feature_id", "available"
    ):
        access[site_id][feature_id] = available
    position: dict[int, int] = {}
    for site in Site.objects.filter(entry_id__in=entry_ids).order_by("id"):
        parts = result[site.entry_id]
        position[site.pk] = len(parts.sites)
        parts.sites.append((site, _record(SiteRecord, site, SITE_FIELDS, access=access[site.pk])))
    for contact in Contact.objects.filter(entry_id__in=entry_ids).order_by("id"):
        result[contact.entry_id].contacts.append((contact, _record(ContactRecord, contact, CONTACT_FIELDS)))

    sets: dict[str, dict[int, set[int]]] = {name: defaultdict(set) for name in SETS}
    for name, (through, column) in SETS.items():
        pairs = through._default_manager.filter(service__entry_id__in=entry_ids).values_list("service_id", column)  # noqa: SLF001
        for service_id, other in pairs:
            sets[name][service_id].add(other)
    places: dict[int, list[int]] = defaultdict(list)
    for service_id, site_id in (
        ServiceAtLocation.objects.filter(service__entry_id__in=entry_ids)
        .order_by("id")
        .values_list("service_id", "site_id")
    ):
        places[service_id].append(position[site_id])
    for service in Service.objects.filter(entry_id__in=entry_ids).order_by("id"):
        chosen = {name: frozenset(found[service.pk]) for name, found in sets.items()}
        record = _record(ServiceRecord, service, SERVICE_FIELDS, at_sites=tuple(sorted(places[service.pk])), **chosen)
        result[service.entry_id].services.append((service, record))
    return result


@dataclass(slots=True)
class Writes:
    """Rows gathered over a batch of entries, written together."""

    new_sites: list[tuple[Site, SiteRecord]] = field(default_factory=list)
    new_contacts: list[Contact] = field(default_factory=list)
    # contacts of entries that are new themselves: nobody will ask for their keys
    first_contacts: list[tuple[int, ContactRecord]] = field(default_factory=list)
    new_services: list[tuple[Service, ServiceRecord, list[Site]]] = field(default_factory=list)
    changed: dict[type[models.Model], list[Any]] = field(default_factory=lambda: defaultdict(list))
    removed: dict[type[models.Model], list[int]] = field(default_factory=lambda: defaultdict(list))
    # a changed service whose sets or places are written anew
    relinked: list[tuple[Service, ServiceRecord, list[Site]]] = field(default_factory=list)
    reaccessed: list[tuple[Site, SiteRecord]] = field(default_factory=list)

    def flush(self) -> None:
        """Write everything; about twelve queries a batch."""
        for model, ids in self.removed.items():
            model._default_manager.filter(pk__in=ids).delete()  # noqa: SLF001
        for model, names in ((Site, SITE_FIELDS), (Contact, CONTACT_FIELDS), (Service, SERVICE_FIELDS)):
            if rows := self.changed.get(model):
                columns = [name.removesuffix("_id") for name in names]
                bulk.update(model, rows, columns)
        bulk.insert(Site, [site for site, _ in self.new_sites])
        bulk.insert(Contact, self.new_contacts)
        bulk.insert_values(
            Contact,
            ("entry", *CONTACT_FIELDS),
            ((entry, told.kind, told.value, told.note, told.private) for entry, told in self.first_contacts),
        )
        bulk.insert(Service, [service for service, *_ in self.new_services])
        self._write_access()
        self._write_links()

    def _write_access(self) -> None:
        if self.reaccessed:
            SiteAccess.objects.filter(site__in=[site for site, _ in self.reaccessed]).delete()
        bulk.insert_values(
            SiteAccess,
            ("site", "feature", "available"),
            (
                (site.pk, feature, available)
                for site, record in (*self.new_sites, *self.reaccessed)
                for feature, available in record.access.items()
            ),
        )

    def _write_links(self) -> None:
        again = [service.pk for service, *_ in self.relinked]
        services = (*self.new_services, *self.relinked)
        for name, (through, column) in SETS.items():
            if again:
                through._default_manager.filter(service_id__in=again).delete()  # noqa: SLF001
            bulk.insert_values(
                through,
                ("service", column.removesuffix("_id")),
                ((service.pk, other) for service, record, _ in services for other in sorted(getattr(record, name))),
            )
        if again:
            ServiceAtLocation.objects.filter(service_id__in=again).delete()
        bulk.insert_values(
            ServiceAtLocation,
            ("service", "site", "hours"),
            ((service.pk, sites[index].pk, {}) for service, record, sites in services for index in record.at_sites),
        )
