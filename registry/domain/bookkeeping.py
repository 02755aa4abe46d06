"""Numbers that follow the order of commits: the register's revision and the register numbers."""

from __future__ import annotations

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
