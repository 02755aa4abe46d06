"""The browser and the world of `tests/browser`."""

from tests.browser.conftest import browse, chromium, live, searchable, world

__all__ = ["browse", "chromium", "live", "searchable", "world"]
