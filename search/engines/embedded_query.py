"""Questions as Tantivy takes them, and the fields of its index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import tantivy
from tantivy import FieldType, Occur, Query

from search.engines.interface import ALSO, OF_KIND, WEIGHTS, Alternative, Clause, Plan, Where, worth_of
from search.enums import Kind

KEYWORDS: Final = ("service", "group", "form", "price", "ownership", "urgent", "access", "oblast")
CODES: Final = ("place", "covers", "open")
NUMBERS: Final = ("latitude", "longitude", "cost", "quality")
# queries of clauses that are kept
CLAUSES: Final = 200
STATE: Final = "state"
# the kind that nearly all documents are of, and the others
_MOST: Final = (Kind.SERVICE.value,)
_REST: Final = (*(kind for kind in Kind.values if kind not in _MOST), STATE)


def make_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("entry", stored=False, indexed=True)
    for name in WEIGHTS:
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="basic")
    for name in KEYWORDS:
        builder.add_text_field(name, stored=False, fast=True, tokenizer_name="raw", index_option="basic")
    for name in CODES:
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        builder.add_float_field(name, stored=False, indexed=name in {"latitude", "longitude"}, fast=True)
    builder.add_unsigned_field("verified", stored=False, fast=True)
    builder.add_bytes_field("data", stored=True, indexed=False)
    return builder.build()


class Queries:
    """Makes the queries of plans."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema
        # one question asks for services, providers, pages and competitions by the same clauses
        self._clause = lru_cache(CLAUSES)(self._made)
        self._met = lru_cache(CLAUSES)(self._any_of)

    def of(self, plan: Plan) -> Query:
        """Return the query of a plan, which scores what it finds."""
        parts: list[tuple[Occur, Query]] = [(Occur.Must, self._clause(clause)) for clause in plan.must]
        if plan.where is not None:
            where = Query.disjunction_max_query(list(self._where(plan.where)), 0.0)
            parts.append((Occur.Must if plan.where_required else Occur.Should, where))
        if plan.should:
            any_of = [(Occur.Should, query) for clause in plan.should for query in self._sought(clause, plan.least)]
            if plan.least:
                parts.append((Occur.Must, Query.boolean_query(any_of, minimum_number_should_match=plan.least)))
            else:
                parts += any_of
        return Query.boolean_query([*parts, *self._narrowed(plan), *self._kinds(plan)])

    def met(self, plan: Plan, without: str = "") -> Query:
        """Return a query that finds the same, without the filter of that name, and scores nothing: half the time."""
        parts: list[tuple[Occur, Query]] = [(Occur.Must, self._met(clause)) for clause in plan.must]
        if plan.where is not None and plan.where_required:
            parts.append((Occur.Must, _either(list(self._where(plan.where)))))
        if plan.should and plan.least:
            any_of = [(Occur.Should, self._met(clause)) for clause in plan.should]
            parts.append((Occur.Must, Query.boolean_query(any_of, minimum_number_should_match=plan.least)))
        return Query.boolean_query([*parts, *self._narrowed(plan, without), *self._kinds(plan)])

    def _narrowed(self, plan: Plan, without: str = "") -> list[tuple[Occur, Query]]:
        """Return what a document has to be, whatever words it has; nothing of it scores."""
        parts: list[tuple[Occur, Query]] = []
        for name, values in plan.filters.items():
            if values and name != without:
                parts.append((Occur.Must, self._silent(Query.term_set_query(self._schema, name, list(values)))))
        if plan.open_slot:
            parts.append((Occur.Must, self._silent(self.term("open", plan.open_slot))))
        if plan.box is not None:
            for name, low, high in (
                ("latitude", plan.box.south, plan.box.north),
                ("longitude", plan.box.west, plan.box.east),
            ):
                degrees = Query.range_query(self._schema, name, FieldType.Float, low, high)
                parts.append((Occur.Must, self._silent(degrees)))
        if plan.ids:
            parts.append((Occur.Must, self._silent(self.of_ids(plan.ids))))
        return parts + [(Occur.MustNot, self.term("id", one)) for one in plan.excluded_ids]

    def of_ids(self, ids: Iterable[str]) -> Query:
        return Query.term_set_query(self._schema, "id", list(ids))

    def everything(self) -> Query:
        return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, self.term("kind", STATE))])

    def term(self, name: str, token: str) -> Query:
        return Query.term_query(self._schema, name, token, "basic")

    def _kinds(self, plan: Plan) -> list[tuple[Occur, Query]]:
        """Keep to the kinds asked for: services, which are nearly everything, by leaving out the few others."""
        if plan.asks_for_something and plan.kinds == _MOST:
            return [(Occur.MustNot, self.term("kind", kind)) for kind in _REST]
        kinds = [self.term("kind", kind) for kind in plan.kinds]
        return [(Occur.Must, Query.const_score_query(_either(kinds), 0.0 if plan.asks_for_something else OF_KIND))]

    def _sought(self, clause: Clause, least: int) -> list[Query]:
        """Return queries of which a document that meets the clause meets one, where one is enough: a walk less."""
        if clause.exclusive and least <= 1 and all(len(one.fields) == 1 for one in clause.alternatives):
            return [way for one in clause.alternatives for way in self._ways(one, clause.weight)]
        return [self._clause(clause)]

    def _made(self, clause: Clause) -> Query:
        ways = [way for alternative in clause.alternatives for way in self._ways(alternative, clause.weight)]
        return ways[0] if len(ways) == 1 else Query.disjunction_max_query(ways, ALSO)

    def _ways(self, alternative: Alternative, weight: float) -> Iterator[Query]:
        for name in alternative.fields:
            together = _all([self.term(name, token) for token in alternative.tokens])
            yield Query.const_score_query(together, worth_of(alternative, weight, name))
        if len(alternative.tokens) > 1 and len(alternative.fields) > 1:
            yield Query.const_score_query(self._together(alternative), worth_of(alternative, weight))

    def _any_of(self, clause: Clause) -> Query:
        """Return what finds the documents that meet a concept.

        Several words together are looked for only where none of them is enough by itself.
        """
        single = {
            (name, alternative.tokens[0]): None
            for alternative in clause.alternatives
            if len(alternative.tokens) == 1
            for name in alternative.fields
        }
        ways = [self.term(name, token) for name, token in single]
        for alternative in (one for one in clause.alternatives if len(one.tokens) > 1):
            enough = (all((name, token) in single for name in alternative.fields) for token in alternative.tokens)
            if not any(enough):
                ways.append(self._together(alternative))
        return _either(ways)

    def _together(self, alternative: Alternative) -> Query:
        """Find documents that have all these tokens, each in any of the fields."""
        return _all([_either([self.term(name, token) for name in alternative.fields]) for token in alternative.tokens])

    def _where(self, where: Where) -> Iterator[Query]:
        yield Query.const_score_query(self.term("place", where.inside), where.worth[0])
        for step, code in enumerate(where.served_by, start=1):
            worth = where.worth[min(step, len(where.worth) - 1)]
            yield Query.const_score_query(self.term("covers", code), worth)

    @staticmethod
    def _silent(query: Query) -> Query:
        return Query.const_score_query(query, 0.0)


def _all(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, one) for one in queries])


def _either(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, one) for one in queries])
