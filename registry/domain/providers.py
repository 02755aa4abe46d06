"""The one way providers come into the register or change there: records in, entries, history and log lines out.

The desk, the importer, the demo set and the lists of real institutions all call `put_providers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from portal.accounts.models import Organisation
from portal.kernel import audit
from registry.domain import bulk, comparing, parts
from registry.domain.bookkeeping import next_revision, take_numbers
from registry.domain.history import history_rows, mask_what_became_private, write_inclusions
from registry.domain.names import sort_key
from registry.domain.parts import Difference, Parts, Writes
from registry.domain.records import ENTRY_FIELDS, ORGANISATION_FIELDS, UNSET, ProviderRecord, SiteRecord
from registry.enums import SiteKind, Standing
from registry.models import EntryChange, RegisterEntry
from registry.signals import entries_changed

if TYPE_CHECKING:
    from portal.accounts.models import User

INCLUDE_TAG = "registry:entry:include"
AMEND_TAG = "registry:entry:amend"


@dataclass(slots=True)
class Actor:
    """Who acts: an account, or a command (`user` is None), in a role that the log and the history name."""

    user: User | None
    role: str


@dataclass(slots=True)
class Outcome:
    """What became of one record: `created`, `changed` or `unchanged`, with the differences for a preview."""

    record: ProviderRecord
    entry: RegisterEntry
    kind: str
    differences: list[Difference] = field(default_factory=list)


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
    organisations = _find_organisations(records)
    entries = find_active_entries(organisations.values())
    outcomes: dict[int, Outcome] = {}
    fresh: list[tuple[ProviderRecord, Organisation]] = []
    known: list[tuple[ProviderRecord, RegisterEntry]] = []
    for record in records:
        organisation = organisations.get(record.key)
        entry = entries.get(organisation.pk) if organisation else None
        if entry is None:
            fresh.append((record, organisation or _new_organisation(record, demo=demo)))
        else:
            known.append((record, entry))

    plan = _compare(known, replace_parts=replace_parts)
    changed = [outcome for outcome in plan.outcomes if outcome.kind == "changed"]
    for outcome in plan.outcomes:
        outcomes[id(outcome.record)] = outcome
    if not fresh and not changed:
        return [outcomes[id(record)] for record in records]

    revision = next_revision()
    for outcome in _include(fresh, revision=revision, actor=actor, ground=ground, now=now, demo=demo):
        outcomes[id(outcome.record)] = outcome
    _amend(changed, plan, revision=revision, actor=actor, ground=ground, now=now)
    touched = [outcomes[id(record)].entry.pk for record in records if outcomes[id(record)].kind != "unchanged"]
    transaction.on_commit(partial(entries_changed.send, sender=RegisterEntry, entry_ids=touched, revision=revision))
    return [outcomes[id(record)] for record in records]


def _find_organisations(records: Sequence[ProviderRecord]) -> dict[tuple[str, str], Organisation]:
    found: dict[tuple[str, str], Organisation] = {}
    for name in ("code", "rnokpp", "external_ref"):
        values = [record.key[1] for record in records if record.key[0] == name]
        for start in range(0, len(values), 900):
            for organisation in Organisation.objects.filter(**{f"{name}__in": values[start : start + 900]}):
                found[(name, getattr(organisation, name))] = organisation
    return found


def find_active_entries(organisations: Iterable[Organisation]) -> dict[int, RegisterEntry]:
    """Return the active entry of each organisation, locked; one whose entry was merged away has the surviving entry."""
    ids = [organisation.pk for organisation in organisations]
    found: dict[int, RegisterEntry] = {}
    for start in range(0, len(ids), 900):
        rows = RegisterEntry.objects.filter(organisation__in=ids[start : start + 900], standing__in=Standing.active)
        for entry in rows.select_related("organisation").select_for_update(of=("self",)):
            found[entry.organisation_id] = entry
    left = [key for key in ids if key not in found]
    for start in range(0, len(left), 900):
        gone = RegisterEntry.objects.filter(organisation__in=left[start : start + 900], merged_into__isnull=False)
        for entry in gone.select_related("merged_into__organisation"):
            if survivor := _survivor(entry):
                found[entry.organisation_id] = survivor
    return found


def _survivor(entry: RegisterEntry) -> RegisterEntry | None:
    """Return the entry at the end of a chain of mergings, locked, if it is still active."""
    while entry.merged_into is not None:
        entry = entry.merged_into
    rows = RegisterEntry.objects.select_related("organisation").select_for_update(of=("self",))
    return rows.filter(pk=entry.pk, standing__in=Standing.active).first()


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
    _tell(organisation, record, ORGANISATION_FIELDS)
    return organisation


def _tell(row: Any, record: ProviderRecord, names: Sequence[str]) -> list[Difference]:
    """Set on the row what the record says otherwise, and return the differences."""
    obj = "organisation" if isinstance(row, Organisation) else "entry"
    differences = []
    for name in names:
        told = getattr(record, name)
        if told is UNSET or getattr(row, name) == told:
            continue
        differences.append(Difference(obj, "", name, getattr(row, name), told, row))
        setattr(row, name, told)
    return differences


def _seat(record: ProviderRecord) -> dict[str, int | None]:
    """Return where the provider is seated; a confidential address gives no more than its hromada."""
    sites = record.sites or []
    legal = [site for site in sites if site.kind == SiteKind.LEGAL]
    site: SiteRecord | None = next(iter(legal or sites), None)
    if site is None:
        return {}
    return {
        "territory_id": None if site.confidential else site.territory_id,
        "hromada_id": site.hromada_id,
        "oblast_id": site.oblast_id,
    }


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome]
    writes: Writes
    organisations: list[Organisation]


def _compare(known: list[tuple[ProviderRecord, RegisterEntry]], *, replace_parts: bool) -> _Plan:
    plan = _Plan([], Writes(), [])
    stored = parts.load_parts([entry.pk for _, entry in known]) if known else {}
    for record, entry in known:
        mine = stored.get(entry.pk) or Parts()
        told_organisation = _tell(entry.organisation, record, ORGANISATION_FIELDS)
        if told_organisation:
            plan.organisations.append(entry.organisation)
        differences = told_organisation + _tell(entry, record, ENTRY_FIELDS)
        rows = [row for row, _ in mine.sites]
        if record.sites is not None:
            found, rows = comparing.compare_sites(
                entry.pk, mine.sites, record.sites, plan.writes, replace=replace_parts
            )
            differences += found
            if replace_parts or not entry.oblast_id:
                _reseat(entry, record)
            _hide_seat(entry, record)
        if record.contacts is not None:
            differences += comparing.compare_contacts(
                entry.pk, mine.contacts, record.contacts, plan.writes, replace=replace_parts
            )
        if record.services is not None:
            services = _with_places(mine, rows)
            differences += comparing.compare_services(
                entry.pk, services, record.services, rows, plan.writes, replace=replace_parts
            )
        plan.outcomes.append(Outcome(record, entry, "changed" if differences else "unchanged", differences))
    return plan


def _with_places(mine: Parts, rows: list[Any]) -> list[Any]:
    """Return the stored services with `at_sites` counted in the order of `rows` instead of the stored one."""
    position = {id(row): index for index, row in enumerate(rows)}
    old_rows = [row for row, _ in mine.sites]
    return [
        (
            service,
            replace(
                record,
                at_sites=tuple(
                    sorted(
                        position[id(old_rows[index])] for index in record.at_sites if id(old_rows[index]) in position
                    )
                ),
            ),
        )
        for service, record in mine.services
    ]


def _reseat(entry: RegisterEntry, record: ProviderRecord) -> None:
    for name, value in _seat(record).items():
        setattr(entry, name, value)


def _hide_seat(entry: RegisterEntry, record: ProviderRecord) -> None:
    """Forget the settlement of a seat that has become confidential."""
    if any(site.confidential and site.territory_id == entry.territory_id for site in record.sites or ()):
        entry.territory_id = None


def _include(
    fresh: list[tuple[ProviderRecord, Organisation]],
    *,
    revision: int,
    actor: Actor,
    ground: str,
    now: datetime,
    demo: bool,
) -> list[Outcome]:
    if not fresh:
        return []
    new = [organisation for _, organisation in fresh if organisation.pk is None]
    again = [(record, organisation) for record, organisation in fresh if organisation.pk is not None]
    bulk.insert(Organisation, new)
    for record, organisation in again:
        _tell(organisation, record, ORGANISATION_FIELDS)
    bulk.update(Organisation, [organisation for _, organisation in again], ORGANISATION_FIELDS)

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
            **_seat(record),
        )
        _tell(entry, record, ENTRY_FIELDS)
        entries.append(entry)
    bulk.insert(RegisterEntry, entries)

    writes = Writes()
    for (record, _), entry in zip(fresh, entries, strict=True):
        sites = [comparing.new_site(entry.pk, told) for told in record.sites or ()]
        writes.new_sites += list(zip(sites, record.sites or (), strict=True))
        writes.first_contacts += [(entry.pk, told) for told in record.contacts or ()]
        writes.new_services += [(comparing.new_service(entry.pk, told), told, sites) for told in record.services or ()]
    writes.flush()

    sequence = audit.append_many(
        [
            audit.Entry(
                tag=INCLUDE_TAG,
                subject=f"registry.entry:{entry.number}",
                payload=_inclusion_payload(entry, record, ground),
                clause="99",
            )
            for (record, _), entry in zip(fresh, entries, strict=True)
        ],
        actor_role=actor.role,
        at=now,
    )
    keys = [entry.pk for entry in entries]
    write_inclusions(
        zip(keys, sequence, strict=True), revision=revision, by=actor.user, role=actor.role, ground=ground, now=now
    )
    return [Outcome(record, entry, "created") for (record, _), entry in zip(fresh, entries, strict=True)]


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


def _amend(changed: list[Outcome], plan: _Plan, *, revision: int, actor: Actor, ground: str, now: datetime) -> None:
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
                payload={
                    "number": outcome.entry.number,
                    "fields": sorted({f"{item.obj}.{item.field}".rstrip(".") for item in outcome.differences}),
                    "ground": ground,
                },
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
