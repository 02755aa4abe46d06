"""Between an entry of the register and the flat content of an application; the paths stand in `registry.domain.drafts`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from registry.domain.records import ProviderRecord
from registry.models import Application, RegisterEntry

Content = dict[str, Any]


def content_of(entry: RegisterEntry) -> Content:
    """Return what the register says of the entry as the content of an amendment, `row` beside every part."""
    raise NotImplementedError


def record_of(application: Application, *, services: Collection[str] | None = None) -> ProviderRecord:
    """Return what the application says as a record for `put_providers`; `services` keeps only those keys."""
    raise NotImplementedError


def keys_of(content: Content, part: str) -> list[str]:
    """Return the keys of the part that are not removed, in the order of their numbers."""
    raise NotImplementedError
