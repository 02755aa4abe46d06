"""The feed of public changes: one sequence of positions in which every change of a public object comes exactly late.

Writers pay nothing: the sequencer reads what is newer than what it has seen (`touched`), makes the public object anew
and, where its digest is another one, gives it the next position. An object has one row, so a reader that follows from
zero reads each once and its later changes again; what is public no more becomes a tombstone. The sequencer runs alone:
its positions follow its commits, and the objects of one batch are those of one moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import orjson
from django.db import connection
from django.utils import timezone

from portal.kernel.pieces import pieces
from portal.kernel.turns import turn
from portal.site.models import FeedHead, FeedObject
from portal.site.opendata.objects import CHUNK, KINDS, Kind, objects_of
from portal.site.opendata.objects.services import provider_of
from portal.site.opendata.touched import Heads, read_heads, touched_since

# any number that nobody else takes an advisory lock by
_LOCK: Final = 7_302_027
_BATCHES: Final = 10
_NEW: Final[tuple[str, bool]] = ("", True)


def catch_up(now: datetime) -> int:
    """Bring the feed up to the last commit and return how many changes it was given; cheap where nothing is new.

    Where others write without a pause it stops after some batches: the next call goes on.
    """
    head = FeedHead.objects.filter(pk=1).first()
    if head is None or head.reconciled_at is None:
        return reconcile(now)
    moved = 0
    for _batch in range(_BATCHES):
        if not _lags(head, read_heads()):
            break
        with _held() as head:
            moved += _follow(head, read_heads(), now)
    return moved


def reconcile(now: datetime) -> int:
    """Compare every public object with the feed, whatever was touched, and return how many changes were found.

    What no writer announces comes into the feed by this alone: names in reference tables, units of the codifier.
    """
    with _held():
        moved = 0
    for kind in KINDS.values():
        for keys in pieces(_all_keys(kind), CHUNK):
            with _held() as head:
                moved += _write(head, kind, keys, now)
    with _held() as head:
        head.reconciled_at = now
        head.save()
    return moved + catch_up(now)


def look_again(keys: Mapping[str, Collection[str]], now: datetime) -> int:
    """Compare these objects, keys by kind, with the feed at once, whoever has touched them."""
    with _held() as head:
        return sum(_write(head, KINDS[name], sorted(some), now) for name, some in keys.items())


def begin_anew(now: datetime) -> int:
    """Give the feed another name, so that no cursor of before is taken, and compare everything with it.

    For a database that was restored from a backup: positions that were given out after the backup are given out again
    for other changes, and whoever went on with such a cursor would miss them.
    """
    with _held() as head:
        head.epoch = secrets.token_hex(6)
        head.save()
    return reconcile(now)


def digest_of(told: dict[str, Any]) -> str:
    """Return the SHA-256 of an object, the same however its fields are ordered."""
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


# --- the sequencer ---------------------------------------------------------------------------------------------------


def _lags(head: FeedHead, heads: Heads) -> bool:
    return head.revision < heads.revision or head.log_seq < heads.log_seq


def _follow(head: FeedHead, heads: Heads, now: datetime) -> int:
    """Take in one batch of what was touched, in the transaction that holds the feed."""
    moved = 0
    if head.revision < heads.rebuild_from:
        moved += sum(_write(head, kind, sorted(_gone(kind)), now) for kind in KINDS.values())
    touched = touched_since(head.revision, head.log_seq, heads)
    for name, kind in KINDS.items():
        moved += _write(head, kind, sorted(touched.keys.get(name, ())), now)
    head.revision, head.log_seq = max(head.revision, touched.revision), max(head.log_seq, touched.log_seq)
    head.save()
    return moved


def _write(head: FeedHead, kind: Kind, keys: list[str], now: datetime) -> int:
    """Give a position to each of these objects that is not what the feed last told of it."""
    rows = []
    for some in pieces(keys, CHUNK):
        told = dict(objects_of(kind, some, today=timezone.localdate(now)))
        known = _known(kind, some)
        for key in some:
            digest = digest_of(told[key]) if key in told else ""
            if known.get(key, _NEW) != (digest, not digest):
                head.position += 1
                rows.append(_row(kind, key, head.position, digest, now))
    FeedObject.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["position", "digest", "is_removed", "at"],
    )
    if rows:
        head.save()
    return len(rows)


def _known(kind: Kind, keys: list[str]) -> dict[str, tuple[str, bool]]:
    rows = FeedObject.objects.filter(kind=kind.name, key__in=keys)
    return {key: (digest, is_removed) for key, digest, is_removed in rows.values_list("key", "digest", "is_removed")}


def _row(kind: Kind, key: str, position: int, digest: str, now: datetime) -> FeedObject:
    of = provider_of(key) if kind.name == "service" else ""
    return FeedObject(kind=kind.name, key=key, of=of, position=position, digest=digest, is_removed=not digest, at=now)


def _told_keys(kind: Kind) -> set[str]:
    return set(FeedObject.objects.filter(kind=kind.name, is_removed=False).values_list("key", flat=True))


def _gone(kind: Kind) -> set[str]:
    """Return what the feed has as public and is so no more."""
    return _told_keys(kind) - set(kind.keys())


def _all_keys(kind: Kind) -> list[str]:
    keys = kind.keys()
    return [*keys, *sorted(_told_keys(kind) - set(keys))]


# --- alone, and of one moment ----------------------------------------------------------------------------------------


@contextmanager
def _held() -> Iterator[FeedHead]:
    """Hold the feed in a transaction of its own that sees the database as it was at one moment."""
    is_nested = connection.in_atomic_block
    with _alone(), turn():
        if connection.vendor == "postgresql" and not is_nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield _head()


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other process moves the feed; before the transaction begins, for its moment is its first look."""
    if connection.vendor != "postgresql":
        yield
        return
    _ask("SELECT pg_advisory_lock(%s)")
    try:
        yield
    finally:
        _ask("SELECT pg_advisory_unlock(%s)")


def _ask(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_LOCK])


def _head() -> FeedHead:
    """Return the held head; a new feed begins at this moment, and is whole when everything was compared with it."""
    head = FeedHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        heads = read_heads()
        head = FeedHead.objects.create(pk=1, epoch=secrets.token_hex(6), revision=heads.revision, log_seq=heads.log_seq)
    return head
