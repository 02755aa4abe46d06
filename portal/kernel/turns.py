"""Queues that are fair: in front of SQLite's one writer, and in front of what many may read and one may change.

SQLite lets those who wait for its lock sleep and try again, so somebody unlucky waits for seconds and may miss a
closing moment. A lock of the operating system beside the database wakes them in turn. PostgreSQL has queues of its own.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import local
from typing import Final

from django.db import connection, transaction

# the queue in front of which database this thread stands first
_first: Final = local()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for the turn, then run the block in a transaction that has the database's write lock from its first line.

    Inside a transaction it is a savepoint: whoever has the lock already must not wait for somebody who waits for it.
    """
    with queue(), transaction.atomic():
        yield


@contextmanager
def queue() -> Iterator[None]:
    """Hold the place at the head of SQLite's queue, without a transaction; what is done inside does not queue again."""
    path = _path()
    if path is None or connection.in_atomic_block or getattr(_first, "at", None) == path:
        yield
        return
    # closing the file gives the turn on, and so does the end of a process that was killed
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _first.at = path
        try:
            yield
        finally:
            _first.at = None


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Say whether nobody else is inside with this file, another thread included; never waits.

    The lock is the operating system's and dies with its process; what stands in the file means nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _path() -> Path | None:
    """Return the file of the queue, the same for every process that writes to this database; none for one in memory."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not name or ":" in name:
        return None
    return Path(f"{name}-turn")


def pass_together(space: int, key: int) -> None:
    """Pass a gate that others may pass too, until the transaction ends; whoever asks to be alone is let in next.

    Rows locked FOR SHARE know no queue: as long as somebody else comes in time, whoever wants the row alone waits for
    ever. PostgreSQL's advisory locks are given in the order in which they were asked for. SQLite has one writer.
    """
    _pass("pg_advisory_xact_lock_shared", space, key)


def pass_alone(space: int, key: int) -> None:
    """Pass the gate when everybody who passed it is done, and let nobody in until the transaction ends."""
    _pass("pg_advisory_xact_lock", space, key)


def _pass(function: str, space: int, key: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [space, key])
