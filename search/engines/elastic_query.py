"""What Elasticsearch is asked: plans as queries of `elasticsearch.dsl`, and the fields of an index.

Scores are sums of constants, so Elasticsearch's own statistics have no part in them and the embedded engine reaches
the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Any, Final

from elasticsearch.dsl import Mapping, Search
from elasticsearch.dsl.function import FieldValueFactor
from elasticsearch.dsl.query import Bool, ConstantScore, DisMax, FunctionScore, MatchNone, Query, Range, Term, Terms

from search.engines.interface import ALSO, OF_KIND, WEIGHTS, Alternative, Clause, Plan, Where, worth_of
from search.enums import Facet

# values of a facet, the longest list of the register several times over
MANY: Final = 2_000
# how deep a list goes; a page further down is empty, but counted
DEEPEST: Final = 100_000
SORTS: Final[dict[str, tuple[Any, ...]]] = {
    "relevance": ({"_score": "desc"}, "id"),
    "fresh": ({"verified": "desc"}, "id"),
    "price": ("cost", "id"),
}
# the group of facets that nobody chose a value of
UNCHOSEN: Final = "unchosen"
# Elasticsearch knows the logarithm to base 10 only
_LOG2: Final = 1 / math.log10(2)


def fields() -> dict[str, Any]:
    """Return the mapping of an index; a document with any other field is refused."""
    mapping = Mapping().meta("dynamic", "strict")
    for name in ("id", "kind", *Facet.values, "place", "covers", "open"):
        mapping.field(name, "keyword")
    for name in WEIGHTS:
        mapping.field(name, "text", analyzer="whitespace", norms=False, index_options="docs")
    for name in ("latitude", "longitude", "cost"):
        mapping.field(name, "double")
    mapping.field("entry", "long").field("verified", "integer").field("quality", "float")
    mapping.field("data", "object", enabled=False)
    return dict(mapping.to_dict())


def search(plan: Plan) -> dict[str, Any]:
    """Return a whole request: hits, the exact total, and each counted facet without its own filter."""
    chosen = {name: values for name, values in plan.filters.items() if values and name in plan.counted}
    scored = FunctionScore(
        query=question(plan, without=chosen),
        functions=[FieldValueFactor(field="quality", modifier="log2p", missing=0)],
        boost_mode="multiply",
        boost=_LOG2,
    )
    size = plan.limit if plan.offset + plan.limit <= DEEPEST else 0
    start = plan.offset if size else 0
    request = Search().query(scored).sort(*SORTS.get(plan.sort, SORTS["relevance"]))[start : start + size]
    request = request.source(includes=["data"]).extra(track_total_hits=True)
    if chosen:
        request = request.post_filter(_filtered(chosen))
    unchosen = [name for name in plan.counted if name not in chosen]
    if unchosen:
        group = request.aggs.bucket(UNCHOSEN, "filter", filter=_filtered(chosen))
        for name in unchosen:
            group.bucket(name, "terms", field=name, size=MANY)
    for name in chosen:
        others = {other: values for other, values in chosen.items() if other != name}
        group = request.aggs.bucket(name, "filter", filter=_filtered(others))
        group.bucket(name, "terms", field=name, size=MANY)
    return dict(request.to_dict())


def question(plan: Plan, without: Collection[str] = ()) -> Bool:
    """Return the query of a plan, apart from the filters on the facets of `without`."""
    kinds = Terms(kind=list(plan.kinds))
    must: list[Query] = [_clause(clause) for clause in plan.must]
    if not plan.asks_for_something:
        must.append(ConstantScore(filter=kinds, boost=OF_KIND))
    should = [_clause(clause) for clause in plan.should]
    if plan.least:
        # apart from an optional place, which does not count among them
        must.append(Bool(should=should, minimum_should_match=plan.least) if should else MatchNone())
        should = []
    if plan.where is not None:
        (must if plan.where_required else should).append(_where(plan.where))
    return Bool(
        must=must,
        should=should,
        filter=[kinds, *_filters(plan, without)],
        must_not=[Terms(id=list(plan.excluded_ids))] if plan.excluded_ids else [],
    )


def _filters(plan: Plan, without: Collection[str]) -> Iterator[Query]:
    for name, values in plan.filters.items():
        if values and name not in without:
            yield Terms(name, list(values))
    if plan.open_slot:
        yield Term(open=plan.open_slot)
    if plan.ids:
        yield Terms(id=list(plan.ids))
    if plan.box is not None:
        yield Range(latitude={"gte": plan.box.south, "lte": plan.box.north})
        yield Range(longitude={"gte": plan.box.west, "lte": plan.box.east})


def _filtered(chosen: dict[str, tuple[str, ...]]) -> Bool:
    return Bool(filter=[Terms(name, list(values)) for name, values in chosen.items()])


def _clause(clause: Clause) -> Query:
    ways = [way for alternative in clause.alternatives for way in _ways(alternative, clause.weight)]
    return DisMax(queries=ways, tie_breaker=ALSO) if ways else MatchNone()


def _ways(alternative: Alternative, weight: float) -> Iterator[Query]:
    """Yield one constant for each field that has all tokens, and one for their standing in different fields."""
    for name in alternative.fields:
        together = [Term(**{name: token}) for token in alternative.tokens]
        yield ConstantScore(filter=_all(together), boost=worth_of(alternative, weight, name))
    if len(alternative.tokens) > 1 and len(alternative.fields) > 1:
        somewhere = [
            Bool(should=[Term(**{name: token}) for name in alternative.fields]) for token in alternative.tokens
        ]
        yield ConstantScore(filter=_all(somewhere), boost=worth_of(alternative, weight))


def _all(queries: list[Any]) -> Query:
    return queries[0] if len(queries) == 1 else Bool(filter=queries)


def _where(where: Where) -> Query:
    ways = [ConstantScore(filter=Term(place=where.inside), boost=where.worth[0])]
    for step, code in enumerate(where.served_by, start=1):
        worth = where.worth[min(step, len(where.worth) - 1)]
        ways.append(ConstantScore(filter=Term(covers=code), boost=worth))
    return DisMax(queries=ways, tie_breaker=0.0)
