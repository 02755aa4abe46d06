"""The one way providers come into the register or change there: records in, entries, history and log lines out.

The desk, the importer, the demo set and the lists of real institutions all call `put_providers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from portal.accounts.models import Organisation
from portal.kernel import audit
from registry.domain import bulk, comparing
from registry.domain.bookkeeping import next_revision, take_numbers, tell_entries_changed
from registry.domain.history import history_rows, mask_what_became_private, write_inclusions
from registry.domain.names import sort_key
from registry.domain.parts import Writes
from registry.domain.planning import Outcome, Plan, compare, find_active_entries, find_organisations, seat_of, tell
from registry.domain.records import ENTRY_FIELDS, ORGANISATION_FIELDS, ProviderRecord
from registry.models import EntryChange, RegisterEntry

if TYPE_CHECKING:
    from portal.accounts.models import User

INCLUDE_TAG = "registry:entry:include"
AMEND_TAG = "registry:entry:amend"


@dataclass(slots=True)
class Actor:
    """Who acts: an account, or a command (`user` is None), in a role that the log and the history name."""

    user: User | None
    role: str


# the clock of the portal itself, as history and log call it
CLOCK: Final = Actor(None, "clock")
# a record of a provider that has no place in the register, or none any more
Fresh = tuple[ProviderRecord, Organisation]


class UnknownHeadError(ValueError):
    """The head organisation named by a record is not in the register."""


@transaction.atomic
def put_providers(
    records: Sequence[ProviderRecord],
    *,
    actor: Actor,
    ground: str,
    now: datetime,
    demo: bool = False,
    replace_parts: bool = False,
) -> list[Outcome]:
    """Make the register say what the records say; return one outcome a record, in order.

    A record is found again by its key, so the same records put twice change nothing the second time: no row, no
    history line, no log entry. Parts that a record does not mention stay, unless `replace_parts`. Keys must be unique
    within one call. Raises `UnknownHeadError` for a branch whose head organisation has no entry.
    """
    organisations = find_organisations(records)
    entries = find_active_entries(organisations.values())
    fresh: list[Fresh] = []
    known: list[tuple[ProviderRecord, RegisterEntry]] = []
    for record in records:
        organisation = organisations.get(record.key)
        entry = entries.get(organisation.pk) if organisation else None
        if entry is None:
            fresh.append((record, organisation or _new_organisation(record, demo=demo)))
        else:
            known.append((record, entry))

    plan = compare(known, replace_parts=replace_parts)
    changed = [outcome for outcome in plan.outcomes if outcome.kind == "changed"]
    of_record = {id(outcome.record): outcome for outcome in plan.outcomes}
    if fresh or changed:
        revision = next_revision()
        included = _include(fresh, revision=revision, actor=actor, ground=ground, now=now, demo=demo)
        of_record |= {id(outcome.record): outcome for outcome in included}
        _amend(changed, plan, revision=revision, actor=actor, ground=ground, now=now)
        outcomes = [of_record[id(record)] for record in records]
        tell_entries_changed([outcome.entry.pk for outcome in outcomes if outcome.kind != "unchanged"], revision)
    return [of_record[id(record)] for record in records]


def _new_organisation(record: ProviderRecord, *, demo: bool) -> Organisation:
    organisation = Organisation(
        code=record.code,
        rnokpp=record.rnokpp,
        external_ref=record.external_ref,
        person_type=PersonType.LEGAL_ENTITY,
        legal_form=LegalForm.OTHER,
        ownership_form=OwnershipForm.UNKNOWN,
        sector=Sector.UNKNOWN,
        is_demo=demo,
    )
    tell(organisation, record, ORGANISATION_FIELDS)
    return organisation


def _include(
    fresh: list[Fresh], *, revision: int, actor: Actor, ground: str, now: datetime, demo: bool
) -> list[Outcome]:
    if not fresh:
        return []
    _insert_organisations(fresh)
    entries = _insert_entries(fresh, revision=revision, now=now, demo=demo)
    pairs = [(record, entry) for (record, _), entry in zip(fresh, entries, strict=True)]
    _insert_parts(pairs)
    sequence = audit.append_many(
        [
            audit.Entry(
                tag=INCLUDE_TAG,
                subject=f"registry.entry:{entry.number}",
                payload=_inclusion_payload(entry, record, ground),
                clause="99",
            )
            for record, entry in pairs
        ],
        actor_role=actor.role,
        at=now,
    )
    keys = [entry.pk for entry in entries]
    write_inclusions(
        zip(keys, sequence, strict=True), revision=revision, by=actor.user, role=actor.role, ground=ground, now=now
    )
    return [Outcome(record, entry, "created") for record, entry in pairs]


def _insert_organisations(fresh: list[Fresh]) -> None:
    new = [organisation for _, organisation in fresh if organisation.pk is None]
    again = [(record, organisation) for record, organisation in fresh if organisation.pk is not None]
    bulk.insert(Organisation, new)
    for record, organisation in again:
        tell(organisation, record, ORGANISATION_FIELDS)
    bulk.update(Organisation, [organisation for _, organisation in again], ORGANISATION_FIELDS)


def _insert_entries(fresh: list[Fresh], *, revision: int, now: datetime, demo: bool) -> list[RegisterEntry]:
    heads = _heads([record.head_number for record, _ in fresh if record.head_number])
    today = timezone.localdate(now)
    entries = []
    for (record, organisation), number in zip(fresh, take_numbers(len(fresh), demo=demo), strict=True):
        entry = RegisterEntry(
            organisation=organisation,
            number=number,
            parent_id=heads[record.head_number] if record.head_number else None,
            included_on=record.included_on or today,
            is_open=organisation.person_type != PersonType.NATURAL_PERSON,
            is_demo=demo,
            revision=revision,
            sort_key=sort_key(organisation.name),
            **seat_of(record),
        )
        tell(entry, record, ENTRY_FIELDS)
        entries.append(entry)
    bulk.insert(RegisterEntry, entries)
    return entries


def _insert_parts(pairs: list[tuple[ProviderRecord, RegisterEntry]]) -> None:
    writes = Writes()
    for record, entry in pairs:
        sites = [comparing.new_site(entry.pk, told) for told in record.sites or ()]
        writes.new_sites += list(zip(sites, record.sites or (), strict=True))
        writes.first_contacts += [(entry.pk, told) for told in record.contacts or ()]
        writes.new_services += [(comparing.new_service(entry.pk, told), told, sites) for told in record.services or ()]
    writes.flush()


def _heads(numbers: list[str]) -> dict[str, int]:
    if not numbers:
        return {}
    found = dict(RegisterEntry.objects.filter(number__in=numbers).values_list("number", "pk"))
    if missing := sorted(set(numbers) - set(found)):
        raise UnknownHeadError(", ".join(missing))
    return found


def _inclusion_payload(entry: RegisterEntry, record: ProviderRecord, ground: str) -> dict[str, Any]:
    organisation = entry.organisation
    public = organisation.person_type != PersonType.NATURAL_PERSON
    return {
        "number": entry.number,
        "edrpou": organisation.code or "",
        "name": organisation.name if public else "",
        "included_on": entry.included_on.isoformat(),
        "services": len(record.services or ()),
        "ground": ground,
    }


def _amend(changed: list[Outcome], plan: Plan, *, revision: int, actor: Actor, ground: str, now: datetime) -> None:
    if not changed:
        return
    plan.writes.flush()
    bulk.update(Organisation, plan.organisations, ORGANISATION_FIELDS)
    for outcome in changed:
        outcome.entry.revision = revision
        outcome.entry.version += 1
        outcome.entry.sort_key = sort_key(outcome.entry.organisation.name)
    bulk.update(
        RegisterEntry,
        [outcome.entry for outcome in changed],
        [*ENTRY_FIELDS, "territory", "hromada", "oblast", "sort_key", "revision", "version"],
    )
    sequence = audit.append_many(
        [
            audit.Entry(
                tag=AMEND_TAG,
                subject=f"registry.entry:{outcome.entry.number}",
                payload=_amendment_payload(outcome, ground),
                clause="99",
            )
            for outcome in changed
        ],
        actor_role=actor.role,
        at=now,
    )
    bulk.insert(
        EntryChange,
        history_rows(
            [(outcome.entry, outcome.differences, seq) for outcome, seq in zip(changed, sequence, strict=True)],
            revision=revision,
            by=actor.user,
            role=actor.role,
            ground=ground,
            now=now,
        ),
    )
    mask_what_became_private((outcome.entry, outcome.differences) for outcome in changed)


def _amendment_payload(outcome: Outcome, ground: str) -> dict[str, Any]:
    fields = {f"{item.obj}.{item.field}".rstrip(".") for item in outcome.differences}
    return {"number": outcome.entry.number, "fields": sorted(fields), "ground": ground}
