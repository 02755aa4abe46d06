"""The browser and the world of `tests/browser`, a clock that can be moved, words by which a leak is found, patience."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import browse, chromium, live, searchable, world
from tests.passing_time import passing_time
from tests.sealing.test_dump import marks

__all__ = ["browse", "chromium", "live", "marks", "passing_time", "searchable", "world"]


@pytest.fixture
def patience():
    """Let states take their time on a busy machine."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def desk(browse):
    """Return a function that seats a person of this kind before a large screen."""
    return lambda kind: _seated(kind, browse(1280, 900))


@pytest.fixture
def telephone(browse):
    """Return a function that gives a telephone to a person of this kind."""
    return lambda kind: _seated(kind, browse(390, 844, is_mobile=True, has_touch=True))


def _seated(kind, window):
    person = kind(window)
    person.page.set_default_timeout(30_000)
    return person
