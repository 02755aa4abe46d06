"""The engine that runs inside the portal: Tantivy, one directory beside the database, no server.

The live index is the one that the file `current` names. A rebuild writes a directory of its own and then moves that
name. Readers look at two modification times a question and reopen when one has moved. One writer at a time: a lock of
the operating system, which dies with its process.
"""

from __future__ import annotations

import fcntl
import shutil
import threading
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from functools import lru_cache
from math import log2
from pathlib import Path
from typing import Any, Final

import orjson
import tantivy
from tantivy import FieldType, Occur, Order, Query

from search.engines.interface import (
    ALSO,
    OF_KIND,
    STATE_ID,
    WEIGHTS,
    Alternative,
    Clause,
    EngineAway,
    Found,
    Hit,
    IndexState,
    Plan,
    Where,
    worth_of,
)
from search.enums import Kind

KEYWORDS: Final = ("service", "group", "form", "price", "ownership", "urgent", "access", "oblast")
CODES: Final = ("place", "covers", "open")
NUMBERS: Final = ("latitude", "longitude", "cost", "quality")
MANY: Final = 2_000
# facet counts of questions that so many documents meet are kept until the index changes, for so many questions
VERY_COMMON: Final = 50_000
MOST_REMEMBERED: Final = 500
# in an index of so many documents a second core counts while the first one looks: in smaller ones a thread costs more
LARGE: Final = 50_000
# queries of clauses that are kept
CLAUSES: Final = 200
HEAP: Final = 64 * 1024 * 1024
# facet → value → number of documents
_Counts = dict[str, dict[str, int]]
STATE: Final = "state"
# the kind that nearly all documents are of, and the others
_MOST: Final = (Kind.SERVICE.value,)
_REST: Final = (*(kind for kind in Kind.values if kind not in _MOST), STATE)
_SORTS: Final = {"fresh": ("verified", Order.Desc), "price": ("cost", Order.Asc)}


def _schema() -> tantivy.Schema:
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


class EmbeddedEngine:
    name = "tantivy"

    def __init__(self, directory: Path) -> None:
        self._root = directory
        self._opened = threading.Lock()
        self._live = ""
        self._seen: tuple[int, ...] = ()
        self._index: tantivy.Index | None = None
        self._searcher: Any = None
        self._schema = _schema()
        # one question asks for services, providers, pages and competitions by the same clauses
        self._clause = lru_cache(CLAUSES)(self._made)
        self._common: dict[str, _Counts] = {}
        self._common_of: Any = None

    # --- reading ---------------------------------------------------------------------------------------------------

    def search(self, plan: Plan) -> Found:
        searcher = self._ready()
        query = self._query(plan)
        found = Found()
        order, direction = _SORTS.get(plan.sort, (None, Order.Desc))
        # where nothing is worth more than anything else, the field alone orders: a third of the time
        plain = order is None and not (plan.must or plan.should or plan.where)
        if plain:
            order = "quality"
        arguments: dict[str, Any] = {"order_by_field": order} if order else {"weight_by_field": "quality"}
        try:
            with self._counting(searcher, plan, query) as counts:
                result = searcher.search(query, max(plan.limit, 1), offset=plan.offset, order=direction, **arguments)
                found.hits = [
                    self._hit(searcher, OF_KIND * log2(2 + key) if plain else key, address)
                    for key, address in result.hits[: plan.limit]
                ]
                found.total = int(result.count)
                found.counts = counts(found.total)
        except (ValueError, OSError) as error:
            raise EngineAway(str(error)) from error
        return found

    @contextmanager
    def _counting(self, searcher: Any, plan: Plan, query: Query) -> Iterator[Callable[[int], _Counts]]:
        """Yield what gives the counts of the facets once it is told how many documents there are.

        Of a question that very many documents meet they are kept until the index changes. In a large index they are
        counted by another thread meanwhile; Tantivy lets go of Python's lock.
        """
        if not plan.counted:
            yield lambda _total: {}
            return
        if self._common_of is not searcher:
            self._common, self._common_of = {}, searcher
        kept, key = self._common, repr(replace(plan, offset=0, limit=0, sort=""))
        if key in kept:
            counts = kept[key]
            yield lambda _total: counts
            return

        def keep(total: int, counts: _Counts) -> _Counts:
            if total >= VERY_COMMON:
                if len(kept) >= MOST_REMEMBERED:
                    kept.clear()
                kept[key] = counts
            return counts

        if searcher.num_docs < LARGE:
            yield lambda total: keep(total, self._counts(searcher, plan, query))
            return
        with ThreadPoolExecutor(1) as aside:
            counted = aside.submit(self._counts, searcher, plan, query)
            yield lambda total: keep(total, counted.result())

    def count(self, plan: Plan) -> int:
        return self._count(self._ready(), self._query(plan))

    def state(self) -> IndexState | None:
        if not self._pointer().exists():
            return None
        hits = self._of_ids(self._ready(), [STATE_ID])
        return IndexState(**hits[STATE_ID].data) if STATE_ID in hits else None

    def documents(self, ids: Sequence[str]) -> dict[str, Hit]:
        return self._of_ids(self._ready(), ids) if ids else {}

    def everything(self) -> Iterator[Mapping[str, Any]]:
        searcher = self._ready()
        query = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, self._term("kind", STATE))])
        result = searcher.search(query, max(searcher.num_docs, 1), count=False)
        for _score, address in result.hits:
            yield orjson.loads(searcher.doc(address)["data"][0])

    def _hit(self, searcher: Any, score: Any, address: Any) -> Hit:
        stored = searcher.doc(address)
        return Hit(stored["id"][0], float(score), orjson.loads(stored["data"][0]))

    def _of_ids(self, searcher: Any, ids: Sequence[str]) -> dict[str, Hit]:
        query = Query.term_set_query(self._schema, "id", list(ids))
        result = searcher.search(query, len(ids), count=False)
        return {hit.id: hit for hit in (self._hit(searcher, score, address) for score, address in result.hits)}

    @staticmethod
    def _count(searcher: Any, query: Query) -> int:
        return int(searcher.search(query, 1, count=True).count)

    def _counts(self, searcher: Any, plan: Plan, query: Query) -> dict[str, dict[str, int]]:
        """Count each facet without its own filter; facets nobody chose share one walk over the matches."""
        if plan.should and not plan.least:
            # what only scores costs time and changes no count
            plan = replace(plan, should=())
            query = self._query(plan)
        together = [name for name in plan.counted if not plan.filters.get(name)]
        counts: dict[str, dict[str, int]] = {}
        if together:
            counts |= self._aggregated(searcher, query, together)
        for name in plan.counted:
            if name not in together:
                counts |= self._aggregated(searcher, self._query(plan, without=name), [name])
        return {name: counts[name] for name in plan.counted}

    @staticmethod
    def _aggregated(searcher: Any, query: Query, names: Sequence[str]) -> dict[str, dict[str, int]]:
        wanted = {name: {"terms": {"field": name, "size": MANY, "segment_size": MANY}} for name in names}
        answer = searcher.aggregate(query, wanted)
        return {name: {row["key"]: row["doc_count"] for row in answer[name]["buckets"]} for name in names}

    def _pointer(self) -> Path:
        return self._root / "current"

    def _ready(self) -> Any:
        """Return a searcher over what was committed last."""
        try:
            seen = self._look(self._live) if self._live else ()
        except OSError:
            seen = ()
        if self._searcher is None or seen != self._seen:
            self._reopened()
        return self._searcher

    def _look(self, live: str) -> tuple[int, ...]:
        """Return what differs as soon as another index is live or the live one has a new commit."""
        pointer, meta = self._pointer().stat(), (self._root / live / "meta.json").stat()
        return pointer.st_mtime_ns, pointer.st_ino, meta.st_mtime_ns, meta.st_ino, meta.st_size

    def _reopened(self) -> None:
        with self._opened:
            try:
                live = self._pointer().read_text().strip()
                seen = self._look(live)
                if live != self._live or self._index is None:
                    self._index = tantivy.Index.open(str(self._root / live))
                    self._index.config_reader("manual", 1)
                    self._live = live
                self._index.reload()
                self._searcher = self._index.searcher()
            except (OSError, ValueError) as error:
                self._live, self._index, self._searcher = "", None, None
                raise EngineAway(str(error)) from error
            self._seen = seen

    # --- questions -------------------------------------------------------------------------------------------------

    def _query(self, plan: Plan, without: str = "") -> Query:
        parts: list[tuple[Occur, Query]] = [(Occur.Must, self._clause(clause)) for clause in plan.must]
        if plan.where is not None:
            parts.append((Occur.Must if plan.where_required else Occur.Should, self._where(plan.where)))
        for name, values in plan.filters.items():
            if values and name != without:
                parts.append((Occur.Must, self._silent(Query.term_set_query(self._schema, name, list(values)))))
        if plan.open_slot:
            parts.append((Occur.Must, self._silent(self._term("open", plan.open_slot))))
        if plan.box is not None:
            for name, low, high in (
                ("latitude", plan.box.south, plan.box.north),
                ("longitude", plan.box.west, plan.box.east),
            ):
                degrees = Query.range_query(self._schema, name, FieldType.Float, low, high)
                parts.append((Occur.Must, self._silent(degrees)))
        if plan.ids:
            parts.append((Occur.Must, self._silent(Query.term_set_query(self._schema, "id", list(plan.ids)))))
        parts += [(Occur.MustNot, self._term("id", one)) for one in plan.excluded_ids]
        if plan.should:
            any_of = [(Occur.Should, self._clause(clause)) for clause in plan.should]
            if plan.least:
                parts.append((Occur.Must, Query.boolean_query(any_of, minimum_number_should_match=plan.least)))
            else:
                parts += any_of
        parts += self._kinds(plan)
        return Query.boolean_query(parts)

    def _kinds(self, plan: Plan) -> list[tuple[Occur, Query]]:
        """Keep to the kinds asked for: services, which are nearly everything, by leaving out the few others."""
        if plan.asks_for_something and plan.kinds == _MOST:
            return [(Occur.MustNot, self._term("kind", kind)) for kind in _REST]
        kinds = [self._term("kind", kind) for kind in plan.kinds]
        kind = kinds[0] if len(kinds) == 1 else Query.boolean_query([(Occur.Should, one) for one in kinds])
        return [(Occur.Must, Query.const_score_query(kind, 0.0 if plan.asks_for_something else OF_KIND))]

    def _made(self, clause: Clause) -> Query:
        ways = [way for alternative in clause.alternatives for way in self._ways(alternative, clause.weight)]
        return ways[0] if len(ways) == 1 else Query.disjunction_max_query(ways, ALSO)

    def _ways(self, alternative: Alternative, weight: float) -> Iterator[Query]:
        for name in alternative.fields:
            terms = [self._term(name, token) for token in alternative.tokens]
            one = terms[0] if len(terms) == 1 else Query.boolean_query([(Occur.Must, term) for term in terms])
            yield Query.const_score_query(one, worth_of(alternative, weight, name))
        if len(alternative.tokens) > 1 and len(alternative.fields) > 1:
            somewhere = [
                Query.boolean_query([(Occur.Should, self._term(name, token)) for name in alternative.fields])
                for token in alternative.tokens
            ]
            together = Query.boolean_query([(Occur.Must, one) for one in somewhere])
            yield Query.const_score_query(together, worth_of(alternative, weight))

    def _where(self, where: Where) -> Query:
        ways = [Query.const_score_query(self._term("place", where.inside), where.worth[0])]
        for step, code in enumerate(where.served_by, start=1):
            worth = where.worth[min(step, len(where.worth) - 1)]
            ways.append(Query.const_score_query(self._term("covers", code), worth))
        return Query.disjunction_max_query(ways, 0.0)

    def _term(self, name: str, token: str) -> Query:
        return Query.term_query(self._schema, name, token, "basic")

    @staticmethod
    def _silent(query: Query) -> Query:
        return Query.const_score_query(query, 0.0)

    # --- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def writer(self) -> Iterator[_Writer | None]:
        with self._alone() as alone:
            if not alone or not self._pointer().exists():
                yield None
                return
            live = self._pointer().read_text().strip()
            index = tantivy.Index.open(str(self._root / live))
            writer = _Writer(index, self._schema)
            try:
                yield writer
            finally:
                writer.close()

    @contextmanager
    def rebuild(self, name: str) -> Iterator[_Writer | None]:
        with self._alone() as alone:
            if not alone:
                yield None
                return
            directory = self._root / name
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            writer = _Writer(tantivy.Index(self._schema, path=str(directory)), self._schema)
            try:
                yield writer
            except BaseException:
                writer.close()
                shutil.rmtree(directory, ignore_errors=True)
                raise
            writer.close()
            new = self._root / "current.new"
            new.write_text(name)
            new.replace(self._pointer())
            for old in self._root.iterdir():
                if old.is_dir() and old.name != name:
                    shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Say whether this process may write; never waits."""
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / "writer.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            # what a killed writer left behind is of no use; the lock above is the one that counts
            yield True


def _packed(data: Any) -> str:
    return b64encode(orjson.dumps(data)).decode()


class _Writer:
    def __init__(self, index: tantivy.Index, schema: tantivy.Schema) -> None:
        self._writer = index.writer(HEAP, 1)
        self._schema = schema

    def put(self, documents: Iterable[Mapping[str, Any]]) -> None:
        for document in documents:
            self._writer.delete_documents_by_term("id", document["id"])
            told = {name: value for name, value in document.items() if value is not None and value != []}
            told["data"] = _packed(document["data"])
            self._writer.add_json(orjson.dumps(told).decode())

    def remove(self, ids: Iterable[str]) -> None:
        for one in ids:
            self._writer.delete_documents_by_term("id", one)

    def remove_of_entries(self, entry_ids: Iterable[int]) -> None:
        for one in entry_ids:
            # by a term, whole numbers are taken for signed ones and nothing is found
            self._writer.delete_documents_by_query(Query.term_query(self._schema, "entry", one))

    def commit(self, state: IndexState) -> None:
        self._writer.delete_documents_by_term("id", STATE_ID)
        told = {"id": STATE_ID, "kind": STATE, "entry": 0, "data": _packed(asdict(state))}
        self._writer.add_json(orjson.dumps(told).decode())
        self._writer.commit()

    def close(self) -> None:
        with suppress(ValueError):
            self._writer.rollback()
        with suppress(ValueError):
            self._writer.wait_merging_threads()
