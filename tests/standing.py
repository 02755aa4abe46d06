"""Rows that the tests of one module share: made once, and taken back after the last of them.

What a test itself writes is taken back after it, as always. Only for modules without a test with real transactions.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

T = TypeVar("T")


@contextmanager
def standing(blocker: DjangoDbBlocker, make: Callable[[], T]) -> Iterator[T]:
    """Make rows that stand until the end; between, the database is closed to whoever does not ask for it."""
    whole = transaction.atomic()
    with blocker.unblock():
        whole.__enter__()
        made = make()
    try:
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)
