"""Long work done piece by piece, so that no query and no memory grows with how much there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def pieces(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in their order, `size` at a time; the last piece may be shorter, none is empty."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece
