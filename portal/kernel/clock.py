"""The one clock by which moments are judged: the database's, whichever machine asks.

A moment that decides a right is read after the row that guards it is locked: `now()` of a transaction is its start.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils import timezone

_standing: Final[ContextVar[datetime | None]] = ContextVar("standing", default=None)


def moment() -> datetime:
    """Return this very moment, aware, by the database's clock; on SQLite, which has no machine of its own, by ours."""
    if (standing := _standing.get()) is not None:
        return standing
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        read: datetime = cursor.fetchone()[0]
    return read


@contextmanager
def standing_at(at: datetime) -> Iterator[None]:
    """Let the clock of this thread stand: for the demonstration, which tells of the past, and for tests."""
    token = _standing.set(at)
    try:
        yield
    finally:
        _standing.reset(token)
