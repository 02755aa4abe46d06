"""Printing that takes a second of one core: one paper at a time in a process, and what was printed is kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings

_press: Final = BoundedSemaphore(1)
PATIENCE: Final = 8.0


class PressBusyError(Exception):
    """Too many papers are asked for at once."""


def print_once(name: str, make: Callable[[], bytes]) -> bytes:
    """Return the kept paper of this name, or print and keep it; raises `PressBusyError`.

    The name holds everything that the paper depends on: a paper that may differ has another name.
    """
    path = _path(name)
    if (kept := kept_paper(name)) is not None:
        return kept
    if not _press.acquire(timeout=PATIENCE):
        raise PressBusyError
    try:
        content = path.read_bytes() if path.is_file() else _keep(path, make())
    finally:
        _press.release()
    return content


def print_unkept(make: Callable[[], bytes]) -> bytes:
    """Print a paper and keep nothing: it says what only whoever asked may know. Raises `PressBusyError`."""
    if not _press.acquire(timeout=PATIENCE):
        raise PressBusyError
    try:
        return make()
    finally:
        _press.release()


def kept_paper(name: str) -> bytes | None:
    """Return the paper of this name if it was printed and is still kept."""
    try:
        return _path(name).read_bytes()
    except FileNotFoundError:
        return None


def drop_paper(name: str) -> None:
    """Keep the paper of this name no longer; asked for again, it is printed again."""
    _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    return Path(settings.PRIVATE_ROOT) / "papers" / f"{name}.pdf"


def _keep(path: Path, content: bytes) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix="draft-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(draft).replace(path)
    return content
