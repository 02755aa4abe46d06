"""One order from those of the parts of an index, without reading all that stands before a far page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import isqrt
from typing import Any, Final

# what orders a document, and where it is
Best = list[tuple[Any, Any]]
# up to this place each part gives all that it has; further on, what stands near its share of the place
NEAR: Final = 200
# how far from its share a part is looked at, in square roots of the place: what falls to a part is a matter of chance
SPREAD: Final = 5


@dataclass(frozen=True, slots=True)
class Window:
    """Places of one part that are asked for: so many from `start` on."""

    start: int
    length: int


def windows(offset: int, limit: int, sizes: Sequence[int]) -> list[Window]:
    """Return where in parts of these sizes the documents probably stand that come at these places among all."""
    if len(sizes) == 1:
        return [Window(offset, limit)]
    if offset <= NEAR:
        return whole(offset, limit, sizes)
    spread = SPREAD * isqrt(offset)
    shares = [offset * size // max(sum(sizes), 1) for size in sizes]
    starts = [max(0, share - spread) for share in shares]
    return [Window(start, share + spread + limit - start) for start, share in zip(starts, shares, strict=True)]


def whole(offset: int, limit: int, sizes: Sequence[int]) -> list[Window]:
    """Return what surely has them: in its own part nothing stands further on than among all."""
    return [Window(0, offset + limit) for _size in sizes]


def merged(
    found: Sequence[Best], asked: Sequence[Window], offset: int, limit: int, *, descending: bool
) -> list[tuple[int, Any, Any]] | None:
    """Return (part, what orders it, where it is) of these places; None where what was asked for does not tell them.

    What is alike keeps the order of the parts.
    """
    if not limit:
        return []
    keys = [key for best in found for key, _at in best]
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=descending)
    ends = list(accumulate(map(len, found), initial=0))
    first = offset - sum(window.start for window in asked)
    if not _tell(order, ends, asked, first, first + limit):
        return None
    places = ((place, bisect_right(ends, place) - 1) for place in order[first : first + limit])
    return [(part, *found[part][place - ends[part]]) for place, part in places]


def _tell(order: Sequence[int], ends: Sequence[int], asked: Sequence[Window], first: int, stop: int) -> bool:
    """Say whether what no part was asked for stands before the first place, or after the last one, in every part."""
    standing = {place: at for at, place in enumerate(order)}
    for window, begin, end in zip(asked, ends, ends[1:], strict=False):
        if window.start and len(asked) > 1 and (begin == end or standing[begin] > first):
            return False
        if end - begin == window.length and standing[end - 1] < stop - 1:
            return False
    return first >= 0
