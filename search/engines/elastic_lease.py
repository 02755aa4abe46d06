"""Who may write: one process at a time, by a document that names it and runs out with it.

Elasticsearch has no locks, but it refuses to create a document that is there (`op_type=create`) and to overwrite one
that has changed since it was read (`if_seq_no`). Of several takers so one succeeds. The owner renews the document as
long as it lives; a process that was killed loses it `LASTS` seconds later. Clocks of the machines may differ by the
`SPARE` seconds that an owner gives up its lease earlier than another may take it.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Final
from uuid import uuid4

from elasticsearch import ApiError, ConflictError, Elasticsearch, NotFoundError, TransportError

from search.engines.interface import EngineAway

LASTS: Final = 15.0
SPARE: Final = 5.0
BEAT: Final = 3.0
_ID: Final = "writer"


class Lease:
    def __init__(self, client: Elasticsearch, index: str) -> None:
        self._client = client
        self._index = index
        self._owner = uuid4().hex
        # which version of the document may be overwritten, none where there is no document
        self._version: tuple[int, int] | None = None
        self._safe_until = 0.0
        self._released = threading.Event()
        self._heart = threading.Thread(target=self._renew, name="lease of the search index", daemon=True)

    def check(self) -> None:
        """Raise EngineAway where the lease could not be renewed in time: asked before each request that writes."""
        if time.monotonic() > self._safe_until:
            raise EngineAway("the right to write was not renewed in time, another process may have it")

    def take(self) -> bool:
        """Say whether the lease is ours now; never waits for another to end."""
        try:
            found = self._client.get(index=self._index, id=_ID)
        except NotFoundError:
            self._make()
        else:
            self._version = found["_seq_no"], found["_primary_term"]
            if found["_source"]["expires"] > time.time():
                return False
        if not self._write(LASTS):
            return False
        self._heart.start()
        return True

    def release(self) -> None:
        self._released.set()
        self._heart.join()
        if time.monotonic() < self._safe_until:
            # what cannot be given back runs out
            with suppress(ApiError, TransportError):
                self._write(0.0)

    def _renew(self) -> None:
        while not self._released.wait(BEAT):
            # an engine that is away may come back in time
            with suppress(ApiError, TransportError):
                if not self._write(LASTS):
                    self._safe_until = 0.0
                    return

    def _write(self, seconds: float) -> bool:
        """Say that the lease is ours for so many seconds; False where it is another's."""
        started = time.monotonic()
        told = {"owner": self._owner, "expires": time.time() + seconds if seconds else 0.0}
        try:
            if self._version is None:
                done = self._client.index(index=self._index, id=_ID, document=told, op_type="create")
            else:
                seq_no, term = self._version
                done = self._client.index(
                    index=self._index, id=_ID, document=told, if_seq_no=seq_no, if_primary_term=term
                )
        except ConflictError:
            # another process; or ourselves, where an answer was lost and the client asked again
            done = self._client.get(index=self._index, id=_ID)
            if done["_source"]["owner"] != self._owner:
                return False
        self._version = done["_seq_no"], done["_primary_term"]
        self._safe_until = started + seconds - SPARE
        return True

    def _make(self) -> None:
        """Make the index of the lease, unless it is there or another process is quicker."""
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
        fields = {"dynamic": False}
        client = self._client.options(ignore_status=400)
        client.indices.create(index=self._index, settings=settings, mappings=fields)
