"""What is said at start-up about the keys: on the day of the opening it would be too late."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 Django's own names
from django.db import DatabaseError

from procurement.domain.seal.keys import is_needed, key_faults

_OTHERS = 0o077


@register("keys")
def check_keys(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Name a key that is lost, wrong or damaged; before anything is sealed, only that there is none yet.

    Which key is needed stands in the database, so it is looked at only where Django was asked to look there, as
    `check --database default`, `run_worker` and `run_due` do. A database without tables is no matter of this.
    """
    if not databases:
        return []
    where = f"Sealing key: {settings.SEALING_KEY_FILE}; key of drafts: {settings.DRAFT_KEY_FILE}."
    try:
        faults, needed = key_faults(), is_needed()
    except DatabaseError:
        return []
    if needed:
        hint = f"Put the file back from its copy, never a new one in its place. {where}"
        return [Error(fault, hint=hint, id="procurement.E001") for fault in faults]
    hint = f"Run manage.py make_sealing_keys. {where}"
    return [Warning(fault, hint=hint, id="procurement.W001") for fault in faults]


@register("keys")
def check_readers(**_options: Any) -> list[CheckMessage]:
    """Name a file of keys that other accounts of the machine may read."""
    return [
        Warning(f"Other accounts may read the file of keys {path}.", hint=f"chmod 600 {path}", id="procurement.W002")
        for path in (Path(settings.SEALING_KEY_FILE), Path(settings.DRAFT_KEY_FILE))
        if path.is_file() and path.stat().st_mode & _OTHERS
    ]
