"""A browser for the public pages of contracts."""

from tests.browser.conftest import browse, chromium

__all__ = ["browse", "chromium"]
