"""From what was understood to what an engine is asked: first everything at once, then the best that there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from search.engines.interface import COUNTRY, MET, WEIGHTS, Alternative, Box, Clause, Plan, Where, worth_of
from search.needs import LEVELS, needs, token_of
from search.places import Place
from search.thesaurus import PREFIX, SERVICE
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
# what being about the needs of a question is worth beside meeting its words, and how steeply by how much it is
NEED_WEIGHT: Final = 5.0
NEED_SCALE: Final = 5.0
# what being a service, or for a group, that mostly meets the needs is worth; so many of them, none below this share
BY_SERVICE: Final = 2.0
BY_GROUP: Final = 4.0
MOST_MET: Final = 5
LEAST_MET: Final = 0.1
# a need that a question means with such a share is sure; a document is full of it at these levels
SURE: Final = 0.3
FULL: Final = (5, 6)
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
            should=(*clauses, *_needs(understood), *nearby),
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


def of_needs(understood: Understood) -> Plan | None:
    """Ask for what is much about a need that the question surely means, whatever its words; None where none is."""
    sure = [slug for slug, share in understood.needs if share >= SURE]
    ways = [Alternative((token_of(slug, level),), LEVELS[level - 1], ("body",)) for slug in sure for level in FULL]
    return Plan(must=(Clause(tuple(ways)),)) if ways else None


def worth_of_needs(understood: Understood) -> Callable[[frozenset[str]], float]:
    """Return what says how much an engine would add to a document with such tokens, for the needs that are meant."""
    ways = [
        {way.tokens[0]: worth_of(way, clause.weight, "body") for way in clause.alternatives}
        for clause in _needs(understood)
    ]
    telling = frozenset(token for way in ways for token in way)

    def worth(tokens: frozenset[str]) -> float:
        # few tokens of a document tell of a need, and most of its needs are others
        met = telling & tokens
        return sum(max((way[token] for token in way.keys() & met), default=0.0) for way in ways) if met else 0.0

    return worth


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


def _needs(understood: Understood) -> tuple[Clause, ...]:
    """Return a preference for each need that the question means: by how much of a document is about it."""
    levels = range(1, len(LEVELS) + 1)
    met: dict[str, float] = defaultdict(float)
    for slug, share in understood.needs:
        for token, worth in needs()[slug].met_by:
            met[token] += share * worth
    usual = sorted(((share, token) for token, share in met.items() if share >= LEAST_MET), reverse=True)[:MOST_MET]
    return (
        *(
            Clause(
                tuple(Alternative((token_of(slug, level),), worth_of_level(level), ("body",)) for level in levels),
                NEED_WEIGHT * share,
                exclusive=True,
            )
            for slug, share in understood.needs
        ),
        *(
            Clause(
                (Alternative((token,), 0.0, ("needs", "body")),),
                share * (BY_SERVICE if token.startswith(PREFIX[SERVICE]) else BY_GROUP),
            )
            for share, token in usual
        ),
    )


def worth_of_level(level: int) -> float:
    """Return the worth of an alternative that scores in proportion to how much of a document is about a need."""
    return max(0.0, (NEED_SCALE * LEVELS[level - 1] - MET) / WEIGHTS["body"])


def _wishes(understood: Understood) -> tuple[Clause, ...]:
    return tuple(
        Clause((Alternative((f"f:{wish.facet}:{wish.value}",), 1.0, ("body",)),), WISH_WEIGHT)
        for wish in understood.wishes
        if wish.facet in _WISHES
    )
