"""Finding what an identifier was made of: UUID version 5 cannot be undone, so those of the register are remembered.

What is kept is a sorted array of whole numbers, eight bytes an identifier: the first four bytes of the UUID and the
key of the entry it belongs to. Organisations, services and services at addresses of 100,000 services are some two
megabytes; the first question of a process reads the register once, later ones only what a revision has changed.
Whoever looks something up reads the entry as it is public now: identifiers that are no more lead to nothing.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from hashlib import sha1
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from portal.site.opendata.hsds.identity import SPACE, can_be
from registry.enums import Standing
from registry.models import RegisterEntry, RegisterRevision, Service

_CHUNK: Final = 2_000
_ENTRY_BITS: Final = 32
_ENTRY: Final = (1 << _ENTRY_BITS) - 1
_REST_OF_UUID: Final = 96


class Identifiers:
    """Identifiers that the register has or had, and whose they are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._revision = -1
        self._known: array[int] = array("Q")

    def entries_of(self, identifier: str) -> list[int]:
        """Return the keys of entries that this may belong to: one, none, by rare chance more."""
        if not can_be(identifier):
            return []
        self._refresh()
        start = UUID(identifier).int >> _REST_OF_UUID
        place, found, known = bisect_left(self._known, start << _ENTRY_BITS), [], self._known
        while place < len(known) and known[place] >> _ENTRY_BITS == start:
            found.append(known[place] & _ENTRY)
            place += 1
        return found

    def _refresh(self) -> None:
        value, rebuild_from = RegisterRevision.objects.values_list("value", "rebuild_from").filter(pk=1).first() or (
            0,
            0,
        )
        if value == self._revision:
            return
        with self._lock:
            if self._revision < rebuild_from or not 0 <= self._revision <= value:
                known = array("Q", _made(RegisterEntry.objects.all()))
                self._known = array("Q", sorted(known))
            else:
                self._add(RegisterEntry.objects.filter(revision__gt=self._revision))
            self._revision = value

    def _add(self, entries: QuerySet[RegisterEntry]) -> None:
        # readers of other threads go on with the array they have
        known = self._known[:]
        for one in _made(entries):
            place = bisect_left(known, one)
            if place == len(known) or known[place] != one:
                known.insert(place, one)
        self._known = known


def _made(entries: QuerySet[RegisterEntry]) -> Iterator[int]:
    """Yield all identifiers of these entries that are public, shortened, each with the key of its entry."""
    public = entries.filter(is_open=True, standing__in=Standing.active)
    for entry, number in public.order_by().values_list("pk", "number").iterator(chunk_size=_CHUNK):
        yield _short("organization", number) | entry
    services = Service.objects.filter(entry__in=public.values("pk")).order_by("entry", "pk")
    rows = services.values_list("pk", "entry", "entry__number").annotate(Count("locations"))
    place, last = 0, 0
    for _pk, entry, number, addresses in rows.iterator(chunk_size=_CHUNK):
        place = place + 1 if entry == last else 1
        last = entry
        key = f"s-{number}-{place}"
        yield _short("service", key) | entry
        for address in range(addresses):
            yield _short("service_at_location", f"{key}/{address}") | entry


def _short(kind: str, key: str) -> int:
    """Return the beginning of the UUID, moved to where the key of an entry fits behind it."""
    digest = sha1(SPACE.bytes + f"{kind}/{key}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4]) << _ENTRY_BITS


identifiers: Final = Identifiers()
