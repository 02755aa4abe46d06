"""What every test needs: a clean memory between tests, and a decision log that only tests may empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from portal.kernel import append_only
from registry.queries.index import register_index

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"

_flush = TransactionTestCase._fixture_teardown
_as_migrated: list[str] = []


def _flush_with_log(self: TransactionTestCase) -> None:
    """Bring all tables back to what the migrations wrote; the log's triggers forbid that to everybody else."""
    self.serialized_rollback = True
    connection._test_serialized_contents = _as_migrated[0]
    with append_only.suspended(connection):
        _flush(self)
        connection.creation.deserialize_db_from_string(_as_migrated[0])


TransactionTestCase._fixture_teardown = _flush_with_log


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Remember what the migrations wrote, for the tests that follow one with real transactions."""
    with django_db_blocker.unblock():
        _as_migrated[:] = [connection.creation.serialize_db_to_string()]


@pytest.fixture(autouse=True)
def forget_between_tests() -> Iterator[None]:
    register_index.forget()
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
    yield
    register_index.forget()
    cache.clear()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data that is not committed, or skip with the reason."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data of ../shared/data are not beside this checkout")
    return SHARED_DATA
