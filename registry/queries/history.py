"""The public history of an entry as rows, and its public data as they were on any day, by undoing what came later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone

from portal.kernel import visibility
from registry.enums import ChangeAct
from registry.models import Contact, EntryChange, RegisterEntry, Service, Site, SiteAccess

SINGLE: Final = ("entry", "organisation")
PARTS: Final = ("site", "contact", "service")
_MODELS: Final = {
    "entry": "registry.RegisterEntry",
    "organisation": "accounts.Organisation",
    "site": "registry.Site",
    "contact": "registry.Contact",
    "service": "registry.Service",
}
ENTRY_FIELDS: Final = (
    "standing",
    "suspended_until",
    "excluded_on",
    "about",
    "services_note",
    "source",
    "source_url",
    "source_on",
    "verified_on",
)
ORGANISATION_FIELDS: Final = ("name", "short_name", "person_type", "legal_form", "ownership_form", "sector")
SITE_FIELDS: Final = (
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
CONTACT_FIELDS: Final = ("kind", "value", "note")
SERVICE_FIELDS: Final = (
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
)
_SETS: Final = {
    "delivery_form_ids": (Service.delivery_forms.through, "deliveryform__slug"),
    "group_ids": (Service.groups.through, "vulnerablegroup__slug"),
    "area_ids": (Service.areas.through, "territory__code"),
}


@dataclass(slots=True)
class Snapshot:
    """The public data of an entry in values that need no other table: codes and slugs, days as text.

    `uncertain` names the kinds of parts of which something private changed since, so that they may have been otherwise.
    """

    entry: dict[str, Any] = field(default_factory=dict)
    organisation: dict[str, Any] = field(default_factory=dict)
    site: dict[str, dict[str, Any]] = field(default_factory=dict)
    contact: dict[str, dict[str, Any]] = field(default_factory=dict)
    service: dict[str, dict[str, Any]] = field(default_factory=dict)
    uncertain: set[str] = field(default_factory=set)


def day_is_over(on: date) -> datetime:
    """Return the moment at which the day ends in Kyiv."""
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min), timezone.get_default_timezone())


def undo(now: Snapshot, later: Iterable[EntryChange]) -> Snapshot:
    """Return the data as before these changes, which are given newest first; a pure function of its arguments."""
    then = deepcopy(now)
    for change in later:
        if change.act == ChangeAct.INCLUDED:
            continue
        if change.masked:
            if change.field != "at_sites":
                then.uncertain.add(change.obj)
        elif change.obj in SINGLE:
            if change.field in (side := getattr(then, change.obj)):
                side[change.field] = change.old
        elif change.obj in PARTS:
            _undo_part(getattr(then, change.obj), change)
    return then


def _undo_part(parts: dict[str, dict[str, Any]], change: EntryChange) -> None:
    if change.field:
        if change.field in parts.get(change.ref, {}):
            parts[change.ref][change.field] = change.old
    elif change.old is None:
        parts.pop(change.ref, None)
    else:
        parts[change.ref] = dict(change.old)


def changes_of(entry: RegisterEntry) -> list[EntryChange]:
    """Return the lines of an entry's history, newest first, as the public may read them."""
    changes = list(EntryChange.objects.filter(entry=entry).order_by("-id"))
    hide_what_is_private_now(entry, changes)
    return changes


def as_of(entry: RegisterEntry, on: date, changes: Sequence[EntryChange]) -> Snapshot | None:
    """Return the entry's public data at the end of a day, or nothing for a day before it was included."""
    end = day_is_over(on)
    if not any(change.act == ChangeAct.INCLUDED and change.at < end for change in changes):
        return None
    return undo(public_snapshot(entry), [change for change in changes if change.at >= end])


def public_snapshot(entry: RegisterEntry) -> Snapshot:
    """Return the public data of an entry as they are now."""
    organisation = entry.organisation
    return Snapshot(
        entry=_values("entry", entry, ENTRY_FIELDS),
        organisation=_values("organisation", organisation, ORGANISATION_FIELDS),
        site=_site_values(entry),
        contact={
            str(row.pk): _values("contact", row, CONTACT_FIELDS)
            for row in Contact.objects.filter(entry=entry).order_by("id")
            if visibility.is_public("registry.Contact", "value", row)
        },
        service=_service_values(entry),
    )


def hide_what_is_private_now(entry: RegisterEntry, changes: Sequence[EntryChange]) -> None:
    """Mask, in memory, lines that tell of a part which is private today or was when it vanished."""
    hidden = {
        "site": _hidden_refs("site", changes, Site.objects.filter(entry=entry, confidential=False)),
        "contact": _hidden_refs("contact", changes, Contact.objects.filter(entry=entry, private=False)),
    }
    for change in changes:
        if change.ref in hidden.get(change.obj, ()) and _tells_a_secret(change):
            change.old, change.new, change.masked, change.ref = None, None, True, ""


def _hidden_refs(obj: str, changes: Sequence[EntryChange], public: Any) -> set[str]:
    mentioned = {change.ref for change in changes if change.obj == obj and change.ref}
    if not mentioned:
        return set()
    removed = {change.ref for change in changes if change.obj == obj and not change.field and change.old is not None}
    return mentioned - removed - {str(pk) for pk in public.values_list("pk", flat=True)}


def _tells_a_secret(change: EntryChange) -> bool:
    """Say whether a line of a private part shows a guarded field; its hours or hromada stay public."""
    if not change.field:
        return True
    rule = visibility.declared(_MODELS[change.obj]).get(change.field)
    return rule != visibility.Audience.PUBLIC


def _values(obj: str, row: Any, names: Iterable[str]) -> dict[str, Any]:
    public = visibility.public_view(_MODELS[obj], row, names)
    return {name: portable(value) for name, value in public.items()}


def portable(value: Any) -> Any:
    """Return a value as the history keeps it: days and sums as text."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str | dict | list) else str(value)


def _site_values(entry: RegisterEntry) -> dict[str, dict[str, Any]]:
    access: dict[int, dict[str, bool | None]] = defaultdict(dict)
    known = SiteAccess.objects.filter(site__entry=entry).order_by("feature__slug")
    for site_id, slug, available in known.values_list("site_id", "feature__slug", "available"):
        access[site_id][slug] = available
    found = {}
    for site in Site.objects.filter(entry=entry).select_related("territory", "hromada", "oblast").order_by("id"):
        values = _values("site", site, SITE_FIELDS)
        for name in ("territory", "hromada", "oblast"):
            if f"{name}_id" in values:
                unit = getattr(site, name)
                values[f"{name}_id"] = unit.code if unit else None
        found[str(site.pk)] = {**values, "access": access[site.pk]}
    return found


def _service_values(entry: RegisterEntry) -> dict[str, dict[str, Any]]:
    found = {}
    for service in Service.objects.filter(entry=entry).select_related("service_type").order_by("id"):
        sets: dict[str, list[str]] = {name: [] for name in _SETS}
        values = _values("service", service, SERVICE_FIELDS)
        found[str(service.pk)] = {"service_type_id": service.service_type.slug, **values, **sets}
    for name, (through, other) in _SETS.items():
        links = through._default_manager.filter(service__entry=entry)  # noqa: SLF001 the only manager it has
        for pk, code in links.order_by(other).values_list("service_id", other):
            found[str(pk)][name].append(code)
    return found
