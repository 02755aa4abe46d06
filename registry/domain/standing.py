"""The lawful steps of an entry: suspend, restore, exclude; and the day on which a human confirmed the data."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.kernel import audit
from registry.domain.bookkeeping import next_revision
from registry.domain.providers import Actor
from registry.enums import ChangeAct, Standing
from registry.models import EntryChange, RegisterEntry
from registry.signals import entries_changed
from registry.workflow import ENTRY


@transaction.atomic
def suspend_entry(
    *, entry_id: int, actor: Actor, ground: str, now: datetime, until: date | None = None
) -> RegisterEntry:
    """Suspend the entry, with or without a day on which the suspension ends; `StepRefused` without a ground."""
    return _step("suspend", ChangeAct.SUSPENDED, entry_id, actor, ground, now, {"suspended_until": until})


@transaction.atomic
def restore_entry(*, entry_id: int, actor: Actor, ground: str, now: datetime) -> RegisterEntry:
    return _step("restore", ChangeAct.RESTORED, entry_id, actor, ground, now, {"suspended_until": None})


@transaction.atomic
def exclude_entry(*, entry_id: int, actor: Actor, ground: str, now: datetime) -> RegisterEntry:
    """Exclude the entry; its card stays readable with the ground, its number is never given again."""
    stamps = {"excluded_on": timezone.localdate(now), "suspended_until": None}
    return _step("exclude", ChangeAct.EXCLUDED, entry_id, actor, ground, now, stamps)


@transaction.atomic
def verify_entry(*, entry_id: int, actor: Actor, ground: str, now: datetime) -> RegisterEntry:
    """Record that a human confirmed the data today."""
    entry = _lock(entry_id)
    _record(entry, ChangeAct.VERIFIED, actor, ground, now, {"verified_on": timezone.localdate(now)})
    return entry


def _lock(entry_id: int) -> RegisterEntry:
    return RegisterEntry.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=entry_id)


def _step(
    name: str,
    act: ChangeAct,
    entry_id: int,
    actor: Actor,
    ground: str,
    now: datetime,
    stamps: dict[str, Any],
) -> RegisterEntry:
    entry = _lock(entry_id)
    step = ENTRY.step(name, state=Standing(entry.standing), comment=ground)
    _record(entry, act, actor, ground, now, {"standing": step.target, **stamps}, clause=step.clause)
    return entry


def _record(
    entry: RegisterEntry,
    act: ChangeAct,
    actor: Actor,
    ground: str,
    now: datetime,
    values: dict[str, Any],
    *,
    clause: str = "99",
) -> None:
    revision = next_revision()
    before = {name: getattr(entry, name) for name in values}
    for name, value in values.items():
        setattr(entry, name, value)
    entry.revision = revision
    entry.version += 1
    entry.save(update_fields=[*values, "revision", "version"])
    line = audit.append(
        tag=f"registry:entry:{act.value}",
        subject=f"registry.entry:{entry.number}",
        payload={
            "number": entry.number,
            "ground": ground,
            **{name: _plain(value) for name, value in values.items()},
        },
        actor_role=actor.role,
        at=now,
        clause=clause,
    )
    EntryChange.objects.bulk_create(
        EntryChange(
            entry=entry,
            revision=revision,
            at=now,
            by=actor.user,
            actor_role=actor.role,
            act=act,
            ground=ground,
            field=name,
            old=_plain(before[name]),
            new=_plain(value),
            log_seq=line.seq,
        )
        for name, value in values.items()
        if before[name] != value or act == ChangeAct.VERIFIED
    )
    transaction.on_commit(partial(entries_changed.send, sender=RegisterEntry, entry_ids=[entry.pk], revision=revision))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
