"""Public objects: the one place where a provider, service, territory, competition or contract becomes plain values.

API, feed, snapshot, webhooks and the standards all take them from here. Each module has `KIND`, `FIELDS`, `keys()` and
`objects(keys, today=…)`: values are ready for JSON, in Ukrainian, money and other decimals as text, days and moments
as ISO 8601 has them; what may not be shown is absent. The number of queries does not depend on how many keys are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from portal.kernel.pieces import pieces
from portal.site.opendata.objects import competitions, contracts, providers, services, territories
from portal.site.opendata.objects.fields import Field

CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of public objects: `key` is the field that holds the key, the functions are those of its module."""

    name: str
    key: str
    fields: tuple[Field, ...]
    keys: Callable[[], list[str]]
    objects: Callable[..., Iterator[dict[str, Any]]]


def _kind(module: Any) -> Kind:
    return Kind(module.KIND, module.KEY, module.FIELDS, module.keys, module.objects)


# in this order they are published: whoever reads a later one has met what it names
KINDS: Final[Mapping[str, Kind]] = {
    module.KIND: _kind(module) for module in (territories, providers, services, competitions, contracts)
}


def objects_of(kind: Kind, keys: Sequence[str], *, today: date) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the public ones among any number of keys with their keys, chunk by chunk, in the order of the keys."""
    for some in pieces(keys, CHUNK):
        for one in kind.objects(some, today=today):
            yield one[kind.key], one
