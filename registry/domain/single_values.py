"""Changes of an entry that no record tells: its head, its identifiers, what became part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.kernel import audit
from registry.domain import bulk
from registry.domain.bookkeeping import next_revision, tell_entries_changed
from registry.domain.history import entry_change
from registry.domain.providers import AMEND_TAG, Actor
from registry.enums import ChangeAct
from registry.models import EntryChange, RegisterEntry


@dataclass(slots=True)
class Amendment:
    """One value of one entry: as history shows it, and the columns of the entry in which it is set already."""

    entry: RegisterEntry
    field: str
    old: Any
    new: Any
    obj: str = "entry"
    columns: tuple[str, ...] = ()


def write_amendments(amendments: Sequence[Amendment], *, actor: Actor, ground: str, now: datetime) -> None:
    """Write the entries, their history and the log under one revision, in the caller's transaction."""
    if not amendments:
        return
    revision = next_revision()
    entries = {one.entry.pk: one.entry for one in amendments}
    for entry in entries.values():
        entry.revision, entry.version = revision, entry.version + 1
        columns = {name for one in amendments if one.entry.pk == entry.pk for name in one.columns}
        entry.save(update_fields=["revision", "version", *sorted(columns)])
    lines = [_line(entry, amendments, ground) for entry in entries.values()]
    sequence = dict(zip(entries, audit.append_many(lines, actor_role=actor.role, at=now), strict=True))
    bulk.insert(
        EntryChange,
        [
            entry_change(
                one.entry,
                ChangeAct.AMENDED,
                field=one.field,
                old=one.old,
                new=one.new,
                revision=revision,
                by=actor.user,
                role=actor.role,
                ground=ground,
                now=now,
                seq=sequence[one.entry.pk],
                obj=one.obj,
            )
            for one in amendments
        ],
    )
    tell_entries_changed(list(entries), revision)


def _line(entry: RegisterEntry, amendments: Sequence[Amendment], ground: str) -> audit.Entry:
    fields = sorted({f"{one.obj}.{one.field}" for one in amendments if one.entry.pk == entry.pk})
    return audit.Entry(
        tag=AMEND_TAG,
        subject=f"registry.entry:{entry.number}",
        payload={"number": entry.number, "fields": fields, "ground": ground},
        clause="99",
    )
