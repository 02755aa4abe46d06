"""The browser of the public pages, for those of results too."""

from tests.browser.conftest import browse, chromium

__all__ = ["browse", "chromium"]
