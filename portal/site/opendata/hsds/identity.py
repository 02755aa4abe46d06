"""Identifiers of HSDS are UUIDs, each made of what the portal itself calls the thing: the same wherever it is made."""

from __future__ import annotations

from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

# never changes: every identifier that was ever given out is made with it
SPACE: Final = uuid5(NAMESPACE_URL, "urn:poruch:hsds")


def identify(kind: str, *key: str | int) -> str:
    """Return the identifier of a thing of this kind, UUID version 5 of its key: `identify("organization", number)`."""
    return str(uuid5(SPACE, "/".join((kind, *map(str, key)))))


def organization_id(number: str) -> str:
    """Return the identifier of the provider with this register number."""
    return identify("organization", number)


def service_id(key: str) -> str:
    """Return the identifier of the service with this key (`s-<number>-<place>`)."""
    return identify("service", key)


def service_at_location_id(key: str, place: int) -> str:
    """Return the identifier of a service at one of the addresses where it is given, counted from 0."""
    return identify("service_at_location", key, place)


def can_be(text: str) -> bool:
    """Whether this is how the portal writes an identifier."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
