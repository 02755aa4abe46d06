"""Numbers that follow the order of commits: the register's revision and the register numbers."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from registry.models import NumberSequence, RegisterRevision

REAL_PREFIX = ""
DEMO_PREFIX = "D"


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
