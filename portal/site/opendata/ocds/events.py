"""Things that happened to a process, each with what it made public, and how they become releases in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from .merging import merge
from .parties import reference
from .values import Json, release_id, stamp

LANGUAGE: Final = "uk"
_SECTIONS: Final = ("planning", "tender", "bids", "awards", "contracts")
DELIVERY: Final = "implementation"


@dataclass(slots=True)
class Event:
    """What became public at a moment: the sections of OCDS that it touches, and who appears in it in what role."""

    at: datetime
    tags: tuple[str, ...]
    told: Json
    parties: list[tuple[str, Json]] = field(default_factory=list)

    def take(self, role: str, party: Json) -> Json:
        """Note that the party appears here in this role; return the reference to it."""
        self.parties.append((role, party))
        return reference(party)


def releases_of(ocid: str, buyer: Json, events: Iterable[Event]) -> list[Json]:
    """Return the releases of a process, one for each second in which something happened, the first one first.

    Parties are those of the release, each with all the roles it has had by then.
    """
    known: dict[str, Json] = {}
    roles: dict[str, list[str]] = {}
    made, delivered = [], False
    ordered = sorted(events, key=lambda one: one.at)
    for second, group in groupby(ordered, key=lambda one: stamp(one.at)):
        together = list(group)
        told = _merged(together)
        here = list(_parties(together, buyer, known, roles))
        tags = _tags(together, delivered)
        delivered = delivered or DELIVERY in tags
        release: Json = {
            "ocid": ocid,
            "id": release_id(ocid, together[0].at),
            "date": second,
            "tag": tags,
            "initiationType": "tender",
            "language": LANGUAGE,
            "parties": here,
            "buyer": reference(buyer),
        }
        made.append(release | {name: told[name] for name in _SECTIONS if name in told})
    return made


def _merged(events: list[Event]) -> Json:
    told: Json = {}
    for one in events:
        merge(told, one.told, keeps_null=True)
    return told


def _tags(events: list[Event], delivered: bool) -> list[str]:
    """Return the tags, each once; what is delivered after the first time is an update."""
    tags = list(dict.fromkeys(tag for one in events for tag in one.tags))
    return [f"{tag}Update" if tag == DELIVERY and delivered else tag for tag in tags]


def _parties(events: list[Event], buyer: Json, known: dict[str, Json], roles: dict[str, list[str]]) -> Iterator[Json]:
    here: dict[str, Any] = {}
    for role, party in (("buyer", buyer), *(pair for one in events for pair in one.parties)):
        key = party["id"]
        here[key] = known[key] = {**known.get(key, {}), **party}
        had = roles.setdefault(key, [])
        if role not in had:
            had.append(role)
    for key, party in here.items():
        yield {**party, "roles": list(roles[key])}
