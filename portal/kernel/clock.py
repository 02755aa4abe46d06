"""The one clock by which moments are judged: the database's, whichever machine asks.

A moment that decides a right is read after the row that guards it is locked: `now()` of a transaction is its start.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone


def moment() -> datetime:
    """Return this very moment, aware, by the database's clock; on SQLite, which has no machine of its own, by ours."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        read: datetime = cursor.fetchone()[0]
    return read
