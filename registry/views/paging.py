"""Pages of a list whose length is known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Pages:
    """Where in a list the reader is; a page past the end means the last one."""

    total: int
    number: int
    size: int
    query: Callable[[int], str]

    def __post_init__(self) -> None:
        self.number = min(max(self.number, 1), self.count)

    @property
    def count(self) -> int:
        return max(-(-self.total // self.size), 1)

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        return self.start + self.size

    @property
    def earlier(self) -> str | None:
        """The query string of the page before, if there is one."""
        return self.query(self.number - 1) if self.number > 1 else None

    @property
    def later(self) -> str | None:
        return self.query(self.number + 1) if self.number < self.count else None


def page_number(value: str) -> int:
    """Read a page number from an address; anything else is the first page."""
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 8 else 1  # noqa: PLR2004
