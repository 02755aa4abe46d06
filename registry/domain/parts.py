"""The parts of an entry (addresses, contacts, services): reading them, comparing them with a source, writing them.

All functions work on many entries at once, with a number of queries that does not depend on how many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final, TypeVar

from django.db import models

from registry.domain import bulk
from registry.domain.records import (
    CONTACT_FIELDS,
    SERVICE_FIELDS,
    SERVICE_SETS,
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
    return cls(**{name: getattr(row, name) for name in names}, **extra)


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


def _defaults(cls: type[Any]) -> dict[str, Any]:
    return {
        item.name: item.default_factory() if item.default_factory is not MISSING else item.default
        for item in fields(cls)
    }


_DEFAULTS: Final = {cls: _defaults(cls) for cls in (SiteRecord, ContactRecord, ServiceRecord)}


def merged(known: Record, told: Record, *, replace: bool) -> Record:
    """Return what is known after a source spoke: silence (the default) keeps the known value unless replacing."""
    if replace:
        return told
    defaults = _DEFAULTS[type(told)]
    values: dict[str, Any] = {}
    old: Any
    new: Any
    for item in fields(told):
        old, new = getattr(known, item.name), getattr(told, item.name)
        if item.name == "access":
            values[item.name] = {**old, **new}
        elif item.name == "at_sites":
            values[item.name] = tuple(sorted({*old, *new}))
        else:
            values[item.name] = old if new == defaults[item.name] else new
    if isinstance(told, SiteRecord):
        # a flag cannot be silent: once confidential, only the desk makes an address public
        values["confidential"] = known.confidential or told.confidential
    return type(told)(**values)


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


def new_site(entry_id: int, record: SiteRecord) -> Site:
    return Site(entry_id=entry_id, **{name: getattr(record, name) for name in SITE_FIELDS})


def new_contact(entry_id: int, record: ContactRecord) -> Contact:
    return Contact(entry_id=entry_id, **{name: getattr(record, name) for name in CONTACT_FIELDS})


def new_service(entry_id: int, record: ServiceRecord) -> Service:
    return Service(entry_id=entry_id, **{name: getattr(record, name) for name in SERVICE_FIELDS})


def compare_sites(
    entry_id: int, known: list[tuple[Site, SiteRecord]], told: list[SiteRecord], writes: Writes, *, replace: bool
) -> tuple[list[Difference], list[Site]]:
    """Plan the writes that make the addresses what the source says; return differences and rows in its order."""
    by_key = {record.key: (row, record) for row, record in known}
    differences: list[Difference] = []
    order: list[Site] = []
    for record in told:
        found = by_key.pop(record.key, None)
        if found is None:
            row = new_site(entry_id, record)
            writes.new_sites.append((row, record))
            differences.append(Difference("site", "", "", None, record, row))
        else:
            row, before = found
            after = merged(before, record, replace=replace)
            changes = _changed_fields("site", row, before, after, SITE_FIELDS)
            if changes:
                _apply(row, after, SITE_FIELDS)
                writes.changed[Site].append(row)
            if before.access != after.access:
                writes.reaccessed.append((row, after))
                changes.append(Difference("site", str(row.pk), "access", before.access, after.access, row))
            differences += changes
        order.append(row)
    if replace:
        for row, before in by_key.values():
            writes.removed[Site].append(row.pk)
            differences.append(Difference("site", str(row.pk), "", before, None, row))
    else:
        order += [row for row, _ in known if row not in order]
    return differences, order


def compare_contacts(
    entry_id: int,
    known: list[tuple[Contact, ContactRecord]],
    told: list[ContactRecord],
    writes: Writes,
    *,
    replace: bool,
) -> list[Difference]:
    by_key = {record.key: (row, record) for row, record in known}
    differences: list[Difference] = []
    for record in told:
        found = by_key.pop(record.key, None)
        if found is None:
            row = new_contact(entry_id, record)
            writes.new_contacts.append(row)
            differences.append(Difference("contact", "", "", None, record, row))
            continue
        row, before = found
        after = merged(before, record, replace=replace)
        if changes := _changed_fields("contact", row, before, after, CONTACT_FIELDS):
            _apply(row, after, CONTACT_FIELDS)
            writes.changed[Contact].append(row)
            differences += changes
    if replace:
        for row, before in by_key.values():
            writes.removed[Contact].append(row.pk)
            differences.append(Difference("contact", str(row.pk), "", before, None, row))
    return differences


def compare_services(
    entry_id: int,
    known: list[tuple[Service, ServiceRecord]],
    told: list[ServiceRecord],
    sites: list[Site],
    writes: Writes,
    *,
    replace: bool,
) -> list[Difference]:
    """Plan the writes for services; `sites` are the entry's addresses, in the order that `at_sites` counts."""
    by_key = {record.key: (row, record) for row, record in known}
    differences: list[Difference] = []
    for record in told:
        found = by_key.pop(record.key, None)
        if found is None:
            row = new_service(entry_id, record)
            writes.new_services.append((row, record, sites))
            differences.append(Difference("service", "", "", None, record, row))
            continue
        row, before = found
        after = merged(before, record, replace=replace)
        changes = _changed_fields("service", row, before, after, SERVICE_FIELDS)
        if changes:
            _apply(row, after, SERVICE_FIELDS)
            writes.changed[Service].append(row)
        links = _changed_fields("service", row, before, after, (*SERVICE_SETS, "at_sites"))
        if links:
            writes.relinked.append((row, after, sites))
        differences += changes + links
    if replace:
        for row, before in by_key.values():
            writes.removed[Service].append(row.pk)
            differences.append(Difference("service", str(row.pk), "", before, None, row))
    return differences


def _apply(row: models.Model, record: Any, names: Iterable[str]) -> None:
    for name in names:
        setattr(row, name, getattr(record, name))


def _changed_fields(obj: str, row: models.Model, before: Any, after: Any, names: Iterable[str]) -> list[Difference]:
    return [
        Difference(obj, str(row.pk), name, getattr(before, name), getattr(after, name), row)
        for name in names
        if getattr(before, name) != getattr(after, name)
    ]
