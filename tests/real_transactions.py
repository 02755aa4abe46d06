"""After a test with real transactions: every table as the migrations left it, for the tests that follow."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase

from portal.kernel import append_only
from procurement import contract_guard

_flush = TransactionTestCase._fixture_teardown
_as_migrated: list[str] = []


def remember() -> None:
    """Keep what the migrations wrote.

    Content types are read once: Wagtail asks for one while a row is being read back, and would make it anew.
    """
    ContentType.objects.get_for_models(*apps.get_models(), for_concrete_models=False)
    _as_migrated[:] = [connection.creation.serialize_db_to_string()]


def _flush_and_bring_back(self: TransactionTestCase) -> None:
    """Empty all tables and fill them again; the triggers of the log and of contracts forbid that to everybody else."""
    self.serialized_rollback = True
    connection._test_serialized_contents = _as_migrated[0]
    with append_only.suspended(connection), contract_guard.suspended(connection):
        _flush(self)
        connection.creation.deserialize_db_from_string(_as_migrated[0])


TransactionTestCase._fixture_teardown = _flush_and_bring_back
