"""One browser for every folder of tests that needs it: its driver runs once a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

_running: dict[str, Any] = {"users": 0}


@contextmanager
def running_browser(**options: Any) -> Iterator[Browser]:
    """Start the browser for the first who asks and end it with the last."""
    if not _running["users"]:
        # the browser's driver runs an event loop in this thread; the database is still used from it, one call at a time
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        _running["driver"] = sync_playwright().start()
        _running["browser"] = _running["driver"].chromium.launch(**options)
    _running["users"] += 1
    yield _running["browser"]
    _running["users"] -= 1
    if not _running["users"]:
        _running["browser"].close()
        _running["driver"].stop()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
