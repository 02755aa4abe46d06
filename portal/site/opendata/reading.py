"""Reading the feed: pages of changes after a cursor, each object the very one that the feed has the digest of.

An object is made when it is read. It may have changed since the feed looked, and might change back before the feed
looks again: whoever was told the state between would keep it for ever. So what has another digest is not told; the feed
looks again at once, and tells it with the position that it gets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

from django.utils import timezone

from portal.site.models import FeedHead, FeedObject
from portal.site.opendata.feed import digest_of, look_again
from portal.site.opendata.objects import KINDS, objects_of
from procurement.interfaces.json_values import written

LONGEST_PAGE: Final = 200
_TRIES: Final = 5
At = tuple[str, str]
_CURSOR: Final = re.compile(r"([0-9a-f]{12})\.(0|[1-9][0-9]{0,17})")


class CursorUnknown(ValueError):  # noqa: N818 the name says what happened
    """The cursor is not one of this feed: whoever has it begins from zero."""


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in their order; `next` is the cursor after them, `watermark` that of the last change there is."""

    changes: list[dict[str, Any]]
    next: str
    watermark: str
    position: int
    more: bool


def changes_after(cursor: str, *, limit: int, now: datetime, kinds: Collection[str] = ()) -> Page:
    """Return up to `limit` changes after a cursor; raises `CursorUnknown`.

    A page never ends behind something that is not told yet: the head is read before the rows, and positions follow the
    commits of the one sequencer.
    """
    head = FeedHead.objects.get(pk=1)
    return page_after(_position(cursor, head), head, limit=limit, now=now, kinds=kinds)


def page_after(after: int, head: FeedHead, *, limit: int, now: datetime, kinds: Collection[str] = ()) -> Page:
    """Return the page after a position, none of it beyond the head."""
    for _turn in range(_TRIES):
        rows = _rows(after, head, limit, kinds)
        told = _told(rows[:limit], now)
        if not (others := _others(rows[:limit], told)):
            return _page(rows, told, head, limit)
        look_again(others, now)
        head = FeedHead.objects.get(pk=1)
    return _cut(rows[:limit], told, head, after)


def _rows(after: int, head: FeedHead, limit: int, kinds: Collection[str]) -> list[FeedObject]:
    """Return the rows of the page and one more, where there is one."""
    rows = FeedObject.objects.filter(position__gt=after, position__lte=head.position).order_by("position")
    return list((rows.filter(kind__in=kinds) if kinds else rows)[: limit + 1])


def _told(rows: Sequence[FeedObject], now: datetime) -> dict[At, dict[str, Any]]:
    """Return the objects as they are now, by kind and key, as far as their digest is the feed's."""
    keys: dict[str, list[str]] = {}
    for row in rows:
        if not row.is_removed:
            keys.setdefault(row.kind, []).append(row.key)
    digests = {(row.kind, row.key): row.digest for row in rows}
    today = timezone.localdate(now)
    return {
        (kind, key): one
        for kind, some in keys.items()
        for key, one in objects_of(KINDS[kind], some, today=today)
        if digest_of(one) == digests[kind, key]
    }


def _others(rows: Sequence[FeedObject], told: Mapping[At, Any]) -> dict[str, list[str]]:
    """Return what is no more what the feed says, keys by kind."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if not _is_known(row, told):
            found.setdefault(row.kind, []).append(row.key)
    return found


def _is_known(row: FeedObject, told: Mapping[At, Any]) -> bool:
    return row.is_removed or (row.kind, row.key) in told


def _page(rows: list[FeedObject], told: Mapping[At, Any], head: FeedHead, limit: int) -> Page:
    more = len(rows) > limit
    reached = rows[limit - 1].position if more else head.position
    changes = [_change(row, told.get((row.kind, row.key))) for row in rows[:limit]]
    return Page(changes, cursor_at(head, reached), cursor_at(head, head.position), reached, more)


def _cut(rows: list[FeedObject], told: Mapping[At, Any], head: FeedHead, after: int) -> Page:
    """Return the page up to the first thing that changes faster than it is looked at."""
    known = list(takewhile(lambda row: _is_known(row, told), rows))
    reached = known[-1].position if known else after
    changes = [_change(row, told.get((row.kind, row.key))) for row in known]
    return Page(changes, cursor_at(head, reached), cursor_at(head, head.position), reached, more=True)


def _change(row: FeedObject, told: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "position": row.position,
        "kind": row.kind,
        "id": row.key,
        "at": written(row.at),
        "removed": row.is_removed,
        "object": told,
    }


def _position(cursor: str, head: FeedHead) -> int:
    if not cursor:
        return 0
    found = _CURSOR.fullmatch(cursor)
    if found is None or found[1] != head.epoch or int(found[2]) > head.position:
        raise CursorUnknown(cursor)
    return int(found[2])


def cursor_at(head: FeedHead, position: int) -> str:
    return f"{head.epoch}.{position}"
