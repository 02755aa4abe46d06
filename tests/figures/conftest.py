"""A browser for the public figures."""

from tests.browser.conftest import browse, chromium

__all__ = ["browse", "chromium"]
