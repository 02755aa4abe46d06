"""Small tables of names that every page asks for, kept in the process for a minute.

Django's cache would hand out a fresh copy each time: unpickling the vocabulary cost a tenth of a register page.
What is kept here is shared by all readers, so nobody may change it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

SECONDS: Final = 60
_kept: dict[Hashable, tuple[float, Any]] = {}
Kept = TypeVar("Kept")


def kept(key: Hashable, make: Callable[[], Kept]) -> Kept:
    """Return what was made for the key within the last minute, or make it."""
    found = _kept.get(key)
    if found is None or found[0] < time.monotonic():
        found = (time.monotonic() + SECONDS, make())
        _kept[key] = found
    value: Kept = found[1]
    return value


def forget() -> None:
    _kept.clear()
