"""After a test with real transactions: every table as the migrations left it, for the tests that follow."""

import sqlite3
import time
from collections.abc import Callable

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase

from portal.kernel import append_only
from procurement import contract_guard

_flush = TransactionTestCase._fixture_teardown
_as_migrated: list[str | sqlite3.Connection] = []


def remember() -> None:
    """Keep what the migrations wrote.

    Content types are read once: Wagtail asks for one while a row is being read back, and would make it anew.
    """
    ContentType.objects.get_for_models(*apps.get_models(), for_concrete_models=False)
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _as_migrated[:] = [sqlite3.connect(":memory:", check_same_thread=False)]
        connection.connection.backup(_as_migrated[0])
    else:
        _as_migrated[:] = [connection.creation.serialize_db_to_string()]


def _patience() -> Callable[[int, int, int], None]:
    """Return what lets SQLite wait for others that still use the file, twenty seconds and not for ever."""
    last = time.monotonic() + 20

    def look(status: int, _remaining: int, _total: int) -> None:
        if status not in {sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE} and time.monotonic() > last:
            raise sqlite3.OperationalError("somebody keeps the database after the test")

    return look


def _bring_back(self: TransactionTestCase) -> None:
    """Give SQLite the pages of its file back, which takes a fifth of the time; empty and fill PostgreSQL's tables."""
    kept = _as_migrated[0]
    if isinstance(kept, sqlite3.Connection):
        connection.ensure_connection()
        kept.backup(connection.connection, progress=_patience(), sleep=0.1)
        return
    # the triggers of the log and of contracts forbid to empty them to everybody else
    self.serialized_rollback = True
    connection._test_serialized_contents = kept
    with append_only.suspended(connection), contract_guard.suspended(connection):
        _flush(self)
        connection.creation.deserialize_db_from_string(kept)


TransactionTestCase._fixture_teardown = _bring_back
