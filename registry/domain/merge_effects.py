"""What a decided merging does to the two entries, their parts, branches, identifiers and evidence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.domain.branches import would_circle
from registry.domain.desk import check_once, current_record
from registry.domain.parts import Parts, load_parts
from registry.domain.providers import Actor, put_providers
from registry.domain.records import ORGANISATION_FIELDS, ProviderRecord
from registry.domain.single_values import Amendment, write_amendments
from registry.domain.standing import judge, record_decisions
from registry.enums import ChangeAct, ServiceStanding
from registry.models import EntryMerge, Evidence, RegisterEntry, Service

IDENTIFIERS = ("code", "rnokpp", "external_ref")


def carry_out(merge: EntryMerge, kept: RegisterEntry, given_up: RegisterEntry, *, actor: Actor, now: datetime) -> None:
    """Take over what is named, exclude the other entry and let its number lead here; in the caller's transaction."""
    numbers = {"decision": merge.number, "kept": kept.number, "given_up": given_up.number, "ground": merge.ground}
    ground = _("decision № %(decision)s: entry № %(given_up)s became part of this one. %(ground)s") % numbers
    parts = load_parts([given_up.pk]).get(given_up.pk) or Parts()
    record = merged_record(kept, given_up, parts, merge.taken)
    check_once(record)
    put_providers([record], actor=actor, ground=ground[:500], now=now, replace_parts=True)
    kept.refresh_from_db()
    _carry_services(kept, parts, merge.taken.get("services", ()))
    away = _("decision № %(decision)s: merged into entry № %(kept)s of the same organisation. %(ground)s") % numbers
    stamps = {"excluded_on": timezone.localdate(now), "suspended_until": None}
    record_decisions([judge("exclude", ChangeAct.EXCLUDED, given_up, away[:500], stamps)], actor=actor, now=now)
    given_up.merged_into = kept
    given_up.save(update_fields=["merged_into"])
    changes = [
        Amendment(kept, "merged_from", None, given_up.number),
        *_identify(kept, given_up),
        *_move_branches(kept, given_up),
    ]
    write_amendments(changes, actor=actor, ground=ground[:500], now=now)


def merged_record(
    kept: RegisterEntry, given_up: RegisterEntry, parts: Parts, taken: dict[str, list[Any]]
) -> ProviderRecord:
    """Return the surviving entry as a record with what it takes over; a part that it has already is not added."""
    record = current_record(kept)
    for name in taken.get("values", ()):
        source = given_up.organisation if name in ORGANISATION_FIELDS else given_up
        setattr(record, name, getattr(source, name))
    sites, contacts, services = record.sites or [], record.contacts or [], record.services or []
    places: dict[int, int] = {}
    for position, (row, site) in enumerate(parts.sites):
        keys = [known.key for known in sites]
        if site.key in keys:
            places[position] = keys.index(site.key)
        elif row.pk in taken.get("sites", ()):
            places[position] = len(sites)
            sites.append(replace(site, row_id=None))
    told = {contact.key for contact in contacts}
    for contact_row, contact in parts.contacts:
        if contact_row.pk in taken.get("contacts", ()) and contact.key not in told:
            contacts.append(replace(contact, row_id=None))
    given = {service.key for service in services}
    for service_row, service in parts.services:
        if service_row.pk in taken.get("services", ()) and service.key not in given:
            at_sites = tuple(sorted({places[place] for place in service.at_sites if place in places}))
            services.append(replace(service, row_id=None, at_sites=at_sites))
    return record


def _carry_services(kept: RegisterEntry, parts: Parts, taken: Collection[int]) -> None:
    """Let evidence and a suspension follow the services that were taken over."""
    known = {(row.service_type_id, row.title.casefold()): row for row in Service.objects.filter(entry=kept)}
    for row, service in parts.services:
        if row.pk in taken and service.key in known:
            now = known[service.key]
            Evidence.objects.filter(service=row).update(entry=kept, service=now)
            if row.standing == ServiceStanding.SUSPENDED and now.standing != row.standing:
                for name in ("standing", "suspended_until", "standing_ground"):
                    setattr(now, name, getattr(row, name))
                now.save(update_fields=["standing", "suspended_until", "standing_ground"])


def _identify(kept: RegisterEntry, given_up: RegisterEntry) -> list[Amendment]:
    """Hand over the identifiers that the surviving organisation lacks; a РНОКПП changes hands without a line."""
    here, there = kept.organisation, given_up.organisation
    moved = {name: getattr(there, name) for name in IDENTIFIERS if getattr(there, name) and not getattr(here, name)}
    if not moved:
        return []
    for name, value in moved.items():
        setattr(there, name, None)
        setattr(here, name, value)
    there.save(update_fields=list(moved))
    here.save(update_fields=list(moved))
    return [Amendment(kept, name, None, value, obj="organisation") for name, value in moved.items() if name != "rnokpp"]


def _move_branches(kept: RegisterEntry, given_up: RegisterEntry) -> list[Amendment]:
    """Make the branches of the entry that is given up branches of the surviving one, which takes its head."""
    changes = []
    if would_circle(given_up, kept):
        before, kept.parent = kept.parent, given_up.parent
        told = (before.number if before else None), (kept.parent.number if kept.parent else None)
        changes.append(Amendment(kept, "parent", *told, columns=("parent",)))
    branches = RegisterEntry.objects.select_for_update(of=("self",)).filter(parent=given_up).exclude(pk=kept.pk)
    for branch in branches.order_by("pk"):
        branch.parent = kept
        changes.append(Amendment(branch, "parent", given_up.number, kept.number, columns=("parent",)))
    return changes
