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
