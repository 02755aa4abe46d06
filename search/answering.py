"""One question from its words to its answer: understood, asked of the engine, relaxed where nothing fits, explained."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from search.analysis.tokens import families_among
from search.blending import blended
from search.concepts import is_named
from search.engines.interface import Alternative, Box, Engine, Found, Hit
from search.enums import Facet, Kind, Sort
from search.needs import level_of
from search.places import Place
from search.planning import Asked, of_needs, relaxed, somebody_to_ask, strict, worth_of_needs
from search.thesaurus import GROUP, SERVICE
from search.understanding import Lexicon, Understood, understand

# below this many full matches, the best partial ones follow them
ENOUGH: Final = 10
# of each other kind that the words name so many are shown
OTHER_KINDS: Final = (Kind.PROVIDER, Kind.PAGE, Kind.COMPETITION)
OTHERS, OTHERS_ASKED = 3, 12
# so many pages stand in one order with what meets a part, where no more than so many things meet everything
HEAD_PAGES: Final = 2
FEW: Final = 500
# of what meets a part a page shows so many beside its share of what meets everything
MOST_PARTIAL: Final = 10
# a service or group explains a result when it is worth this share of the best way
TELLING: Final = 0.3
# a result is said to be about a need that the question means with such a share, from this level on
MEANT: Final = 0.3
MUCH: Final = 3
EARTH_KM: Final = 6371.0
KM_A_DEGREE: Final = 111.2
# an answer by distance looks at no more documents than this
NEAREST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks, already checked, unknown values left out; `place` wins over a place in the words."""

    text: str = ""
    place: Place | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # the quarter of an hour of the week, as `search.hours.slot` writes it, when only what is open now is wanted
    open_slot: str = ""
    near: tuple[float, float] | None = None
    radius_km: float = 25.0
    sort: str = Sort.RELEVANCE.value
    # a profile of accessibility, and whether only what is known to fit it is wanted
    profile: str = ""
    only_reachable: bool = False
    page: int = 1
    size: int = 20


@dataclass(slots=True)
class Result:
    """One thing found; `why` are (said, tokens) pairs that met the question, `missing` what of it is not met."""

    id: str
    kind: str
    data: dict[str, object]
    score: float
    why: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    # the needs that the question means and the thing is about, the surest first: of how much of it (`search.needs`)
    about: list[tuple[str, int]] = field(default_factory=list)
    distance_km: float | None = None


@dataclass(slots=True)
class Answer:
    """`total` counts what meets the whole question; among `results` stand a few that meet its heart better.

    Those, and `partly`, which follow where there is little, say what they miss.
    """

    question: Question
    understood: Understood
    results: list[Result] = field(default_factory=list)
    total: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    partly: list[Result] = field(default_factory=list)
    # things of other kinds that the words name, a few of each
    others: dict[str, list[Result]] = field(default_factory=dict)

    @property
    def place(self) -> Place | None:
        return self.question.place or self.understood.place

    @property
    def is_relaxed(self) -> bool:
        return not self.results and bool(self.partly)


def answer(question: Question, *, engine: Engine, lexicon: Lexicon, counted: Sequence[str] = ()) -> Answer:
    """Answer a question; raises EngineAway when the engine cannot be asked."""
    understood = understand(question.text, lexicon, with_place=question.place is None)
    asked = Asked(
        question.place,
        question.filters,
        question.open_slot,
        box_around(question.near, question.radius_km) if question.near else None,
        question.sort if question.sort != Sort.NEAR else Sort.RELEVANCE.value,
        question.profile,
        question.only_reachable,
    )
    result, tell = Answer(question, understood), _Teller(question, understood)
    if question.near and question.sort == Sort.NEAR:
        found = _nearest(question, understood, asked, engine, counted)
        result.results = tell.results(found.hits)
    elif question.page <= HEAD_PAGES and asked.sort == Sort.RELEVANCE:
        found = _head(result, asked, engine, lexicon, counted, tell)
    else:
        page = {"offset": (question.page - 1) * question.size, "limit": question.size, "counted": tuple(counted)}
        found = engine.search(strict(understood, asked, **page))
        result.results = tell.results(found.hits)
    result.total, result.counts = found.total, found.counts
    if found.total < ENOUGH and question.page == 1 and not result.partly and (understood.concepts or result.place):
        shown = tuple(one.id for one in result.results)
        more = engine.search(relaxed(understood, asked, limit=ENOUGH, excluded_ids=shown))
        result.partly = tell.results(more.hits)
    if not result.results and not result.partly and question.page == 1:
        result.partly = tell.results(engine.search(somebody_to_ask(asked, understood)).hits)
    if question.page == 1 and question.text:
        result.others = _others(understood, asked, engine, tell)
    return result


def _head(
    result: Answer, asked: Asked, engine: Engine, lexicon: Lexicon, counted: Sequence[str], tell: _Teller
) -> Found:
    """Fill a page of the first ones; what meets a part stands among them only before something that meets all."""
    question, understood = result.question, result.understood
    head = HEAD_PAGES * question.size
    found = engine.search(strict(understood, asked, limit=head, counted=tuple(counted)))
    is_whole = {hit.id for hit in found.hits}
    some: list[Hit] = []
    if found.total <= FEW and (
        len(understood.concepts) > 1 or (understood.concepts and (result.place or understood.needs))
    ):
        some = engine.search(relaxed(understood, asked, limit=head)).hits
    whole = found.hits
    if found.total > FEW:
        # where so many meet everything, those among the first come up that are about what is needed
        worth = worth_of_needs(understood)
        whole = [hit.scored(hit.score + worth(hit.tokens)) for hit in whole]
    order = blended(whole, some, lexicon.tells) if understood.concepts else found.hits
    places = [place for place, hit in enumerate(order) if hit.id in is_whole]
    # a page ends with the last of its share of what meets everything
    ends = [0, *(place + 1 for place in places[question.size - 1 :: question.size])]
    if len(places) % question.size:
        ends.append(places[-1] + 1)
    start, stop = (ends[min(page, len(ends) - 1)] for page in (question.page - 1, question.page))
    result.results = tell.results(_shortened(order[start:stop], is_whole))
    if found.total < ENOUGH and question.page == 1:
        result.partly = tell.results(order[stop:][: max(0, ENOUGH - stop)])
    return found


def _shortened(page: Sequence[Hit], is_whole: Container[str]) -> list[Hit]:
    """Leave out what meets a part where a page has more of it than the most: a phone has to load it all."""
    partial = [hit.id for hit in page if hit.id not in is_whole]
    left_out = set(partial[MOST_PARTIAL:])
    return [hit for hit in page if hit.id not in left_out]


def _others(understood: Understood, asked: Asked, engine: Engine, tell: _Teller) -> dict[str, list[Result]]:
    plan = strict(understood, replace(asked, filters={}, open_slot="", box=None, sort=Sort.RELEVANCE.value, profile=""))
    # one question for all of them; a kind is asked for by itself only where the first dozen may not show all it has
    first = engine.search(replace(plan, kinds=tuple(kind.value for kind in OTHER_KINDS), limit=OTHERS_ASKED))
    found = {}
    for kind in OTHER_KINDS:
        hits = [hit for hit in first.hits if hit.data.get("kind") == kind][:OTHERS]
        if len(hits) < OTHERS and first.total > len(first.hits):
            hits = engine.search(replace(plan, kinds=(kind.value,), limit=OTHERS)).hits
        if kind == Kind.PAGE and not hits and (about := of_needs(understood)):
            # a guide to a situation seldom has the words in which people tell of it
            hits = engine.search(replace(about, kinds=(kind.value,), limit=OTHERS)).hits
        if hits:
            found[kind.value] = tell.results(hits)
    return found


class _Teller:
    """Says of what is found by which words it meets a question, what it is about and what of the question it misses."""

    def __init__(self, question: Question, understood: Understood) -> None:
        self._near = question.near
        self._concepts = understood.concepts
        self._meant = [slug for slug, share in understood.needs if share >= MEANT]
        asked = {token for concept in understood.concepts for one in concept.alternatives for token in one.tokens}
        self._families = frozenset(token for token in asked if token.startswith("~"))

    def results(self, hits: Iterable[Hit]) -> list[Result]:
        return [self._result(hit) for hit in hits]

    def _result(self, hit: Hit) -> Result:
        result = Result(hit.id, str(hit.data.get("kind", Kind.SERVICE.value)), hit.data, hit.score)
        known = hit.tokens.union(families_among(hit.tokens, self._families)) if self._families else hit.tokens
        result.about = [(slug, level) for slug in self._meant if (level := level_of(slug, known)) >= MUCH]
        for concept in self._concepts:
            met = [one for one in concept.alternatives if known.issuperset(one.tokens)]
            if not met:
                # what is about the need itself lacks no word of the story that told it
                if known and not (result.about and concept.kind not in {SERVICE, GROUP}):
                    result.missing.append(concept.said)
                continue
            # a reader learns more from the name of a service than from another word
            best = max(met, key=partial(_telling, least=TELLING * met[0].worth))
            result.why.append((concept.said, " ".join(best.tokens)))
        if self._near and isinstance(hit.data.get("at"), list):
            result.distance_km = distance_km(self._near, tuple(hit.data["at"]))
        return result


def _telling(way: Alternative, least: float) -> tuple[bool, float]:
    """Order ways of meeting a concept by what they tell a reader: the name of a service that is worth enough, first."""
    return is_named(way.tokens[0]) and way.worth >= least, way.worth


def _nearest(question: Question, understood: Understood, asked: Asked, engine: Engine, counted: Sequence[str]) -> Found:
    """Order by distance, exactly within the radius; a radius that holds too many is narrowed first."""
    assert question.near is not None
    radius = question.radius_km
    plan = strict(understood, replace(asked, place=None), where=None, limit=NEAREST, counted=tuple(counted))
    found = engine.search(replace(plan, box=box_around(question.near, radius)))
    while found.total > NEAREST:
        radius /= 2
        found = engine.search(replace(plan, box=box_around(question.near, radius)))
    placed = sorted(
        ((distance_km(question.near, tuple(hit.data["at"])), hit.id, hit) for hit in found.hits if hit.data.get("at")),
        key=lambda one: one[:2],
    )
    start = (question.page - 1) * question.size
    return Found([hit for _km, _id, hit in placed[start : start + question.size]], len(placed), found.counts)


def box_around(near: tuple[float, float], radius_km: float) -> Box:
    """Return a box that has every point within the radius of a point of (latitude, longitude), and some more."""
    north = radius_km / KM_A_DEGREE
    east = north / max(math.cos(math.radians(near[0])), 0.2)
    return Box(near[0] - north, near[0] + north, near[1] - east, near[1] + east)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance along the Earth of two points of (latitude, longitude)."""
    north, other_north = math.radians(one[0]), math.radians(other[0])
    half = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


COUNTED: Final = (*Facet.ticked, Facet.OBLAST.value)
