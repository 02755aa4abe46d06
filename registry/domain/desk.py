"""What a registrar does at the desk: changes one entry knowingly, brings in a new one, looks at what is private.

Everything ends in `put_providers`; here stand the guards that only a human editor needs: the version of the card that
was read, the territory one answers for, and no part told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.bookkeeping import lock_entry
from registry.domain.parts import Parts, load_parts
from registry.domain.planning import Outcome, find_active_entries
from registry.domain.providers import Actor, put_providers
from registry.domain.records import ENTRY_FIELDS, ORGANISATION_FIELDS, ProviderRecord
from registry.enums import Standing
from registry.models import PrivateView, RegisterEntry

if TYPE_CHECKING:
    from portal.accounts.models import User

Change = Callable[[ProviderRecord], None]


class StaleEntryError(Exception):
    """The entry was changed after the editor read it; `entry` is what stands in the register now."""

    def __init__(self, entry: RegisterEntry) -> None:
        super().__init__(entry.number)
        self.entry = entry


class OutsideTerritoryError(Exception):
    """The change would place the entry where this official does not answer."""


class SamePartTwiceError(Exception):
    """The entry would hold the same address, contact or service twice; `part` says which."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class AlreadyIncludedError(Exception):
    """The organisation has an active entry; `entry` is that one."""

    def __init__(self, entry: RegisterEntry) -> None:
        super().__init__(entry.number)
        self.entry = entry


def actor_for(user: User, *roles: Role) -> Actor:
    """Return the actor with the role in which this account may do it, the administrator's before the others."""
    for role in (Role.ADMINISTRATOR, *roles):
        if role in user.roles:
            return Actor(user, role.value)
    raise PermissionError(", ".join(roles))


def current_record(entry: RegisterEntry) -> ProviderRecord:
    """Return the entry as a record: put back unchanged, it changes nothing."""
    organisation = entry.organisation
    parts = load_parts([entry.pk]).get(entry.pk) or Parts()
    return ProviderRecord(
        code=organisation.code,
        rnokpp=organisation.rnokpp,
        external_ref=organisation.external_ref,
        included_on=entry.included_on,
        sites=[record for _row, record in parts.sites],
        contacts=[record for _row, record in parts.contacts],
        services=[record for _row, record in parts.services],
        **{name: getattr(organisation, name) for name in ORGANISATION_FIELDS},
        **{name: getattr(entry, name) for name in ENTRY_FIELDS},
    )


@transaction.atomic
def change_entry(*, entry_id: int, version: int, change: Change, actor: Actor, ground: str, now: datetime) -> Outcome:
    """Apply the change to the entry as it stands now, if it is still the version the editor saw.

    Raises `StaleEntryError`, `OutsideTerritoryError`, `SamePartTwiceError`, and `StepRefused` for an excluded entry,
    which is history and stays as it was.
    """
    entry = lock_entry(entry_id)
    if entry.version != version:
        raise StaleEntryError(entry)
    if entry.standing == Standing.EXCLUDED:
        raise StepRefused(_("An excluded entry is not changed any more."))
    record = current_record(entry)
    if not record.key[1]:
        raise StepRefused(_("The organisation has neither a code nor a reference, so it cannot be told from others."))
    change(record)
    check_once(record)
    (outcome,) = put_providers([record], actor=actor, ground=ground, now=now, replace_parts=True)
    _check_territory(outcome.entry, actor)
    return outcome


@transaction.atomic
def create_entry(*, record: ProviderRecord, actor: Actor, ground: str, now: datetime) -> RegisterEntry:
    """Include a provider; one that was excluded before gets a new entry.

    Raises `AlreadyIncludedError`, `OutsideTerritoryError`, `SamePartTwiceError`, and `UnknownHeadError` from below.
    """
    name, value = record.key
    organisation = Organisation.objects.filter(**{name: value}).first() if value else None
    known = find_active_entries([organisation]) if organisation else {}
    if known:
        raise AlreadyIncludedError(*known.values())
    check_once(record)
    (outcome,) = put_providers([record], actor=actor, ground=ground, now=now)
    _check_territory(outcome.entry, actor)
    return outcome.entry


def remove_site(record: ProviderRecord, position: int) -> None:
    """Take an address out of the record; services given there are no longer given there."""
    sites, services = record.sites or [], record.services or []
    del sites[position]
    for service in services:
        service.at_sites = tuple(place - (place > position) for place in service.at_sites if place != position)


def record_private_view(*, entry: RegisterEntry, user: User, what: Iterable[str], now: datetime) -> None:
    """Leave a trace that this official saw what the public does not."""
    role = next((role for role in Role if role in user.roles), None)
    PrivateView.objects.create(
        entry=entry, by=user, at=now, actor_role=role.value if role else "", what=", ".join(sorted(set(what)))[:200]
    )


def check_once(record: ProviderRecord) -> None:
    """Raise `SamePartTwiceError` when the record tells one address, contact or service twice."""
    for name in ("sites", "contacts", "services"):
        keys = [part.key for part in getattr(record, name) or ()]
        if len(keys) != len(set(keys)):
            raise SamePartTwiceError(name)


def _check_territory(entry: RegisterEntry, actor: Actor) -> None:
    if actor.user is not None and not rules.can_edit_entry(actor.user, entry):
        raise OutsideTerritoryError
