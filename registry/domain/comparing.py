"""What a source says of the parts of an entry against what is stored: the differences, and the writes they need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields
from typing import Any, Final, Generic, TypeVar

from django.db import models

from registry.domain.parts import Difference, Writes
from registry.domain.records import (
    CONTACT_FIELDS,
    SERVICE_FIELDS,
    SERVICE_SETS,
    SITE_FIELDS,
    ContactRecord,
    ServiceRecord,
    SiteRecord,
)
from registry.models import Contact, Service, Site

Record = TypeVar("Record", SiteRecord, ContactRecord, ServiceRecord)
Row = TypeVar("Row", Site, Contact, Service)


class Stored(Generic[Row, Record]):
    """The stored parts of one kind, each taken once: by the row a record names, else by its key."""

    def __init__(self, known: list[tuple[Row, Record]]) -> None:
        self._by_row: dict[int, tuple[Row, Record]] = {row.pk: (row, record) for row, record in known}
        self._by_key: dict[tuple[Any, ...], int] = {record.key: row.pk for row, record in known}

    def take(self, record: Record) -> tuple[Row, Record] | None:
        by_name = record.row_id if record.row_id in self._by_row else self._by_key.get(record.key)
        return self._by_row.pop(by_name, None) if by_name is not None else None

    def left(self) -> list[tuple[Row, Record]]:
        return list(self._by_row.values())


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
        if item.name == "row_id":
            continue
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
    stored = Stored(known)
    differences: list[Difference] = []
    order: list[Site] = []
    for record in told:
        found = stored.take(record)
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
        for row, before in stored.left():
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
    stored = Stored(known)
    differences: list[Difference] = []
    for record in told:
        found = stored.take(record)
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
        for row, before in stored.left():
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
    stored = Stored(known)
    differences: list[Difference] = []
    for record in told:
        found = stored.take(record)
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
        links = _changed_fields("service", row, before, after, SERVICE_SETS)
        if before.at_sites != after.at_sites:
            old, new = ([_place(sites[index]) for index in side.at_sites] for side in (before, after))
            links.append(Difference("service", str(row.pk), "at_sites", old, new, row))
        if links:
            writes.relinked.append((row, after, sites))
        differences += changes + links
    if replace:
        for row, before in stored.left():
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


def _place(site: Site) -> str:
    """Name an address for the public history; a confidential one has no name."""
    if site.confidential:
        return ""
    return ", ".join(filter(None, (site.label, site.street, site.building)))
