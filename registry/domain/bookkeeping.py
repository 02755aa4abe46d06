"""What every writer of the register does: it holds the entry, takes numbers that follow the order of commits, tells.

The numbers are the register's revision, the register numbers and those of its papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db import transaction

from registry.models import NumberSequence, RegisterEntry, RegisterRevision
from registry.signals import entries_changed

REAL_PREFIX = ""
DEMO_PREFIX = "D"


def lock_entry(entry_id: int, *related: str) -> RegisterEntry:
    """Return the entry with its organisation and what else is named, its row held until the transaction ends."""
    rows = RegisterEntry.objects.select_for_update(of=("self",)).select_related("organisation", *related)
    return rows.get(pk=entry_id)


def tell_entries_changed(entry_ids: Sequence[int], revision: int) -> None:
    """Give the news to the layers above, such as the search, when the transaction is committed."""
    transaction.on_commit(
        partial(entries_changed.send, sender=RegisterEntry, entry_ids=list(entry_ids), revision=revision)
    )


def next_revision() -> int:
    """Take the next revision of the register, holding its row until the caller's transaction ends.

    Writers therefore queue here, and a reader that has seen revision N has missed nothing below it.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A revision is taken inside the transaction that it numbers.")
    row, _ = RegisterRevision.objects.select_for_update().get_or_create(pk=1)
    row.value += 1
    row.save(update_fields=["value"])
    return row.value


def take_numbers(count: int, *, demo: bool = False) -> list[str]:
    """Return `count` register numbers never given before; demonstration entries have a series of their own."""
    prefix = DEMO_PREFIX if demo else REAL_PREFIX
    sequence, _ = NumberSequence.objects.select_for_update().get_or_create(prefix=prefix)
    first = sequence.last + 1
    sequence.last += count
    sequence.save(update_fields=["last"])
    return [f"{prefix}{number:07d}" for number in range(first, first + count)]


def take_serial(prefix: str) -> int:
    """Return the next number of a series of papers, never given before."""
    sequence, _ = NumberSequence.objects.select_for_update().get_or_create(prefix=prefix)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def take_decision_number(on: date) -> str:
    """Return the next number of a decision of the register: `17/2026`; each year counts from one."""
    return f"{take_serial(f'R{on:%y}')}/{on.year}"


def take_application_number(on: date) -> str:
    """Return the next number of an application to the register: `2026-000017`; each year counts from one."""
    return f"{on.year}-{take_serial(f'Z{on:%y}'):06d}"
