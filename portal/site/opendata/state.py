"""Where the data stand: the moment of a snapshot is that of the last thing that happened, never of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from portal.kernel.models import LogEntry, LogHead
from portal.kernel.turns import queue
from registry.models import EntryChange, RegisterRevision

# of a portal where nothing has happened yet
_NOTHING_YET: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """What a snapshot was made of; equal states give equal bytes."""

    moment: datetime
    revision: int = 0
    log_seq: int = 0
    log_digest: str = ""

    @property
    def today(self) -> date:
        """The day in Kyiv for which everything is told that the clock changes."""
        return timezone.localdate(self.moment)


def read_state() -> State:
    """Return the state of register and log; to be asked inside `one_reading`."""
    head = LogHead.objects.first() or LogHead()
    logged: Any = LogEntry.objects.order_by("-seq").values_list("at", flat=True).first()
    changed = EntryChange.objects.aggregate(at=Max("at"))["at"]
    moments: list[datetime] = [moment for moment in (logged, changed) if moment]
    revision = RegisterRevision.objects.values_list("value", flat=True).first() or 0
    return State(max(moments, default=_NOTHING_YET), revision, head.seq, head.digest)


@contextmanager
def writers_wait() -> Iterator[None]:
    """Keep those who write in the queue for a moment, so that a reading can begin where the feed has just come to.

    On SQLite by the lock in front of the writer; on PostgreSQL by the two rows that every writer holds, taken in the
    writers' order by a connection of its own. Whoever writes past the queue is noticed by who compares afterwards.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor != "postgresql":
        with queue():
            yield
    else:
        # past the pool, which may have one connection alone
        wrapper: Any = connection
        with wrapper.Database.connect(**wrapper.get_connection_params()) as aside:
            for model in (RegisterRevision, LogHead):
                aside.execute(f"SELECT 1 FROM {model._meta.db_table} FOR UPDATE")  # noqa: S608, SLF001 our own tables
            yield


@contextmanager
def one_reading() -> Iterator[None]:
    """Read everything inside as it stood at one moment, while others go on writing."""
    if connection.in_atomic_block:
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        # a reader takes no lock of writers
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # of SQLite alone
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]  # of SQLite alone
