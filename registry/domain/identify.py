"""The code by which an organisation is known: entered when it becomes known, corrected when it was mistyped.

`put_providers` finds an organisation by its code, so it cannot change one; this is the one place that does.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portal.accounts.models import Organisation
from portal.kernel import audit
from registry.domain.bookkeeping import lock_entry, next_revision, tell_entries_changed
from registry.domain.desk import StaleEntryError
from registry.domain.providers import AMEND_TAG, Actor
from registry.enums import ChangeAct
from registry.models import EntryChange, RegisterEntry


class CodeTakenError(Exception):
    """Another organisation has this code."""


@transaction.atomic
def correct_code(*, entry_id: int, version: int, code: str, actor: Actor, ground: str, now: datetime) -> RegisterEntry:
    """Give the organisation of the entry its ЄДРПОУ; raises `StaleEntryError` and `CodeTakenError`."""
    entry = lock_entry(entry_id)
    if entry.version != version:
        raise StaleEntryError(entry)
    organisation = entry.organisation
    before = organisation.code
    if before == code:
        return entry
    if Organisation.objects.filter(code=code).exists():
        raise CodeTakenError(code)
    organisation.code = code
    organisation.save(update_fields=["code"])
    revision = next_revision()
    entry.revision, entry.version = revision, entry.version + 1
    entry.save(update_fields=["revision", "version"])
    line = audit.append(
        tag=AMEND_TAG,
        subject=f"registry.entry:{entry.number}",
        payload={"number": entry.number, "fields": ["organisation.code"], "old": before, "new": code, "ground": ground},
        actor_role=actor.role,
        at=now,
        clause="99",
    )
    EntryChange.objects.create(
        entry=entry,
        revision=revision,
        at=now,
        by=actor.user,
        actor_role=actor.role,
        act=ChangeAct.AMENDED,
        ground=ground,
        obj="organisation",
        field="code",
        old=before,
        new=code,
        log_seq=line.seq,
    )
    tell_entries_changed([entry.pk], revision)
    return entry
