"""The lawful steps of an entry: suspend, restore, exclude; and the day on which a human confirmed the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.kernel import audit
from registry.domain import bulk
from registry.domain.bookkeeping import lock_entry, next_revision, tell_entries_changed
from registry.domain.history import entry_change
from registry.domain.providers import Actor
from registry.enums import ChangeAct, Standing, VerificationMethod
from registry.models import EntryChange, RegisterEntry
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


def verify_entry(*, entry_id: int, actor: Actor, ground: str, now: datetime) -> RegisterEntry:
    """Record that a registrar confirmed the data today."""
    from registry.domain.freshness import confirm_entry  # noqa: PLC0415 it rests on this module

    return confirm_entry(entry_id=entry_id, actor=actor, method=VerificationMethod.REGISTRAR, note=ground, now=now)


@dataclass(slots=True)
class Decision:
    """A lawful step with one entry, already judged: the act, its ground and what it sets."""

    entry: RegisterEntry
    act: ChangeAct
    ground: str
    values: dict[str, Any]
    clause: str = "99"


def judge(name: str, act: ChangeAct, entry: RegisterEntry, ground: str, stamps: dict[str, Any]) -> Decision:
    """Return the decision if the workflow allows it from where the entry stands; `StepRefused` if not."""
    step = ENTRY.step(name, state=Standing(entry.standing), comment=ground)
    return Decision(entry, act, ground, {"standing": step.target, **stamps}, step.clause)


def record_decisions(decisions: Sequence[Decision], *, actor: Actor, now: datetime) -> None:
    """Write decisions on different entries: the entries, their history and the log, under one revision."""
    if not decisions:
        return
    revision = next_revision()
    before = [{name: getattr(one.entry, name) for name in one.values} for one in decisions]
    for one in decisions:
        for name, value in one.values.items():
            setattr(one.entry, name, value)
        one.entry.revision = revision
        one.entry.version += 1
    fields = sorted({name for one in decisions for name in one.values})
    bulk.update(RegisterEntry, [one.entry for one in decisions], [*fields, "revision", "version"])
    sequence = audit.append_many([_line(one) for one in decisions], actor_role=actor.role, at=now)
    bulk.insert(
        EntryChange,
        [
            entry_change(
                one.entry,
                one.act,
                field=name,
                old=_plain(known[name]),
                new=_plain(value),
                revision=revision,
                by=actor.user,
                role=actor.role,
                ground=one.ground,
                now=now,
                seq=seq,
            )
            for one, known, seq in zip(decisions, before, sequence, strict=True)
            for name, value in one.values.items()
            if known[name] != value or one.act == ChangeAct.VERIFIED
        ],
    )
    tell_entries_changed([one.entry.pk for one in decisions], revision)


def _step(
    name: str,
    act: ChangeAct,
    entry_id: int,
    actor: Actor,
    ground: str,
    now: datetime,
    stamps: dict[str, Any],
) -> RegisterEntry:
    decision = judge(name, act, lock_entry(entry_id), ground, stamps)
    record_decisions([decision], actor=actor, now=now)
    return decision.entry


def _line(decision: Decision) -> audit.Entry:
    return audit.Entry(
        tag=f"registry:entry:{decision.act.value}",
        subject=f"registry.entry:{decision.entry.number}",
        payload={
            "number": decision.entry.number,
            "ground": decision.ground,
            **{name: _plain(value) for name, value in decision.values.items()},
        },
        clause=decision.clause,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
