"""The one shape that every kind of thing has in the index, and the marks that all kinds share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from zlib import crc32

from search.analysis.tokens import families
from search.enums import Kind

EPOCH: Final = date(2000, 1, 1)
# no price sorts after every price
NO_PRICE: Final = 1e12
# a part of quality that is drawn, and the rest of it is what is known (`parts.judge`)
LOT: Final = 0.01
# characters of the text that a list shows
SUMMARY: Final = 220


@dataclass(slots=True)
class Document:
    """One thing to be found.

    `title`, `needs`, `body`, `provider` are tokens, weighted in this order. `place` holds codes of the units it stands
    in, each with all its ancestors; `covers` the units it serves ("UA" for the country). `open` has a token for each
    quarter of an hour of the week at which it is open. `data` is what a list shows of it.
    """

    id: str
    kind: Kind
    entry: int | None = None
    title: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    provider: list[str] = field(default_factory=list)
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    place: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    verified_on: date | None = None
    cost: Decimal | None = None
    # 0 to 1: complete, verified, fresh
    quality: float = 0.0
    data: dict[str, Any] = field(default_factory=dict)

    def as_index(self) -> dict[str, Any]:
        """Return the document as engines store it: token lists joined by spaces, missing numbers as their defaults."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "entry": self.entry or 0,
            "title": joined(self.title),
            "needs": joined(self.needs),
            "body": joined([*self.body, *families([*self.title, *self.body])]),
            "provider": joined(self.provider),
            **{name: list(values) for name, values in self.facets.items()},
            "place": list(self.place),
            "covers": list(self.covers),
            "open": list(self.open),
            "latitude": self.latitude,
            "longitude": self.longitude,
            "verified": (self.verified_on - EPOCH).days if self.verified_on else 0,
            "cost": float(self.cost) if self.cost is not None else NO_PRICE,
            "quality": round(self.quality, 6),
            "data": self.data,
        }


def joined(tokens: Iterable[str]) -> str:
    """Join tokens, each once: how often a word stands in a text tells little of what people need."""
    return " ".join(dict.fromkeys(tokens))


def lot(name: str) -> float:
    """Return a fixed lot of at most 0.01, so that equal answers are not ordered by anybody's name or number."""
    return LOT * crc32(name.encode()) / 0xFFFF_FFFF


def summary(text: str) -> str:
    short = " ".join(text.split())
    if len(short) <= SUMMARY:
        return short
    return short[:SUMMARY].rpartition(" ")[0].rstrip(",;:–—- ") + "…"


def with_tokens(document: Document) -> Document:
    document.data["about"] = joined(dict.fromkeys(document.needs))
    document.data["tokens"] = joined([*document.title, *document.needs, *document.body, *document.provider])
    return document
