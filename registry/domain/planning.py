"""What records would change: the organisations and entries they speak of, and the differences between the two.

Nothing is written here, but the rows in hand take the values that the records tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal.accounts.models import Organisation
from registry.domain import comparing, parts
from registry.domain.parts import Difference, Parts, Writes
from registry.domain.records import ENTRY_FIELDS, ORGANISATION_FIELDS, UNSET, ProviderRecord, SiteRecord
from registry.enums import SiteKind, Standing
from registry.models import RegisterEntry


@dataclass(slots=True)
class Outcome:
    """What became of one record: `created`, `changed` or `unchanged`, with the differences for a preview."""

    record: ProviderRecord
    entry: RegisterEntry
    kind: str
    differences: list[Difference] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """What known providers become, not written yet; `organisations` are those that the records tell otherwise."""

    outcomes: list[Outcome]
    writes: Writes
    organisations: list[Organisation]


def find_organisations(records: Sequence[ProviderRecord]) -> dict[tuple[str, str], Organisation]:
    """Return the organisations that the records speak of by the keys of the records."""
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


def compare(known: list[tuple[ProviderRecord, RegisterEntry]], *, replace_parts: bool) -> Plan:
    """Set on known providers what the records say, and return what is to be written of it."""
    plan = Plan([], Writes(), [])
    stored = parts.load_parts([entry.pk for _, entry in known]) if known else {}
    for record, entry in known:
        mine = stored.get(entry.pk) or Parts()
        told_organisation = tell(entry.organisation, record, ORGANISATION_FIELDS)
        if told_organisation:
            plan.organisations.append(entry.organisation)
        differences = told_organisation + tell(entry, record, ENTRY_FIELDS)
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
    for name, value in seat_of(record).items():
        setattr(entry, name, value)


def _hide_seat(entry: RegisterEntry, record: ProviderRecord) -> None:
    """Forget the settlement of a seat that has become confidential."""
    if any(site.confidential and site.territory_id == entry.territory_id for site in record.sites or ()):
        entry.territory_id = None


def tell(row: Any, record: ProviderRecord, names: Sequence[str]) -> list[Difference]:
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


def seat_of(record: ProviderRecord) -> dict[str, int | None]:
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
