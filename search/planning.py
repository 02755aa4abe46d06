"""From what was understood to what an engine is asked: first everything at once, then the best that there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from search.engines.interface import COUNTRY, Alternative, Box, Clause, Plan, Where
from search.places import Place
from search.understanding import Understood

# the worth of being in the place, of serving it, of serving what it lies in: where all is met, and among the rest
PLACE_WORTH: Final = (8.0, 5.0, 3.5, 3.0, 2.5)
NEARBY_WORTH: Final = (10.0, 9.0, 7.5, 6.5, 5.5)
WISH_WEIGHT: Final = 0.5
# a profile of accessibility weighs about as much as the place: known to fit it, not known, known not to
REACH_WEIGHT: Final = 3.0
REACH: Final = {"yes": 1.0, "unknown": 0.5, "no": 0.0}
# services whose work is to listen and explain; the catalogue's own slugs
ADVISERS: Final = (("information", 1.0), ("counselling", 0.9), ("crisis-intervention", 0.5))
ADVISERS_SHOWN: Final = 5
_WISHES: Final = frozenset({"price", "urgent", "form", "ownership", "access"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader chose besides words."""

    place: Place | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_slot: str = ""
    box: Box | None = None
    sort: str = "relevance"
    # a profile of accessibility: what is known to fit comes first, or comes alone
    profile: str = ""
    only_reachable: bool = False


def where_of(place: Place, *, required: bool) -> Where:
    """Return a place as engines take it: inside it, or served by whoever serves it or what it lies in."""
    return Where(place.inside, (*place.chain, COUNTRY), PLACE_WORTH if required else NEARBY_WORTH)


def strict(understood: Understood, asked: Asked, **page: object) -> Plan:
    """Ask for documents that meet every concept, in the place."""
    place = asked.place or understood.place
    return replace(
        Plan(
            must=(
                *(Clause(tuple(concept.alternatives), concept.weight) for concept in understood.concepts),
                *_reach(asked),
            ),
            should=_wishes(understood),
            where=where_of(place, required=True) if place else None,
            filters=asked.filters,
            open_slot=asked.open_slot,
            box=asked.box,
            sort=asked.sort,
        ),
        **page,  # type: ignore[arg-type]
    )


def relaxed(understood: Understood, asked: Asked, **page: object) -> Plan:
    """Ask for documents that meet some concept, those that meet more and more telling ones first, nearer ones first."""
    place = asked.place or understood.place
    clauses = tuple(Clause(tuple(concept.alternatives), concept.weight) for concept in understood.concepts)
    nearby = (_around(place),) if place and place.oblast else ()
    return replace(
        Plan(
            must=_reach(asked),
            should=(*clauses, *nearby),
            least=1,
            where=where_of(place, required=False) if place else None,
            where_required=False,
            filters=asked.filters,
            open_slot=asked.open_slot,
            box=asked.box,
        ),
        **page,  # type: ignore[arg-type]
    )


def somebody_to_ask(asked: Asked, understood: Understood) -> Plan:
    """Ask for those who explain and go through it with people, near the place: for a question that nothing meets."""
    place = asked.place or understood.place
    ask = Clause(tuple(Alternative((f"s:{slug}",), worth, ("needs", "body")) for slug, worth in ADVISERS))
    where = where_of(place, required=False) if place else None
    return Plan(should=(ask,), where=where, where_required=False, limit=ADVISERS_SHOWN)


def _around(place: Place) -> Clause:
    """Return a preference for the oblast of the place."""
    return Clause((Alternative((f"p:{place.oblast}",), 0.8, ("body",)),), 1.0)


def _reach(asked: Asked) -> tuple[Clause, ...]:
    """Return the preference for what is known to fit the profile, then for what is not known not to; or the condition.

    Every service meets one of the three, so the preference narrows nothing.
    """
    if not asked.profile:
        return ()
    states = {"yes": REACH["yes"]} if asked.only_reachable else REACH
    ways = (Alternative((f"f:reach:{asked.profile}-{state}",), worth, ("body",)) for state, worth in states.items())
    return (Clause(tuple(ways), REACH_WEIGHT),)


def _wishes(understood: Understood) -> tuple[Clause, ...]:
    return tuple(
        Clause((Alternative((f"f:{wish.facet}:{wish.value}",), 1.0, ("body",)),), WISH_WEIGHT)
        for wish in understood.wishes
        if wish.facet in _WISHES
    )
