"""What becomes due by the clock alone: named functions, each safe to run twice, run by cron and by the worker.

Pages compute what is due from the clock; here it is only written down, told and carried out. One run at a time: on
PostgreSQL an advisory lock, on SQLite (one machine by its nature) a lock of the operating system beside the database.
Both die with their process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.dispatch import receiver
from django.utils import translation

from portal.kernel import turns
from portal.kernel.signals import worker_round

# takes the moment, returns in words what it did
Handler = Callable[[datetime], str]

BETWEEN_RUNS: Final = timedelta(hours=1)
# any number that nobody else takes an advisory lock by
_LOCK: Final = 7_302_026
_handlers: dict[str, Handler] = {}
_late: set[str] = set()
_ran_at: list[datetime] = []
log = logging.getLogger(__name__)


class AlreadyRunning(Exception):  # noqa: N818 the name says what it is
    """Another process goes through what is due now."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one function did, or why it failed."""

    name: str
    words: str = ""
    error: str = ""


def handles(name: str, *, late: bool = False) -> Callable[[Handler], Handler]:
    """Register a function to be run whenever something may have become due, in the order of registration.

    A `late` one looks at what the others have done, or takes long, and so comes after them.
    """

    def register(handler: Handler) -> Handler:
        if name in _handlers:
            raise ValueError(f"there is already a function called {name!r}")
        _handlers[name] = handler
        if late:
            _late.add(name)
        return handler

    return register


def run(now: datetime) -> list[Done]:
    """Run every function, one after the other; one that fails stops no other. Raises `AlreadyRunning`."""
    with _alone() as is_alone:
        if not is_alone:
            raise AlreadyRunning
        # what is written by the clock is written in the portal's first language, whoever started it
        with translation.override(settings.LANGUAGE_CODE):
            return [_run(name, _handlers[name], now) for name in sorted(_handlers, key=lambda name: name in _late)]


def _run(name: str, handler: Handler, now: datetime) -> Done:
    try:
        return Done(name, handler(now))
    except Exception as error:
        log.exception("what is due failed: %s", name)
        return Done(name, error=f"{type(error).__name__}: {error}")


@receiver(worker_round, dispatch_uid="kernel.due")
def run_once_an_hour(now: datetime, **_news: Any) -> None:
    """Let a worker do what cron may have been forgotten to."""
    if _ran_at and timedelta(0) <= now - _ran_at[0] < BETWEEN_RUNS:
        return
    _ran_at[:] = [now]
    try:
        run(now)
    except AlreadyRunning:
        return


@contextmanager
def _alone() -> Iterator[bool]:
    """Say whether nobody else runs, and keep it so until the block ends."""
    with _advisory() if connection.vendor == "postgresql" else turns.alone(Path(settings.VAR) / "due.lock") as taken:
        yield taken


@contextmanager
def _advisory() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        taken = bool(cursor.fetchone()[0])
    try:
        yield taken
    finally:
        if taken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
