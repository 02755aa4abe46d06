"""The engine that runs inside the portal: Tantivy, one directory beside the database, no server.

A large index has two parts, which threads search at once: Tantivy lets go of Python's lock. Readers look at the
modification times of the name of the live index and of its parts at each question and reopen when one has moved.
How it is written is in `embedded_writing`.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from math import log2
from pathlib import Path
from typing import Any, Final

import orjson
import tantivy
from tantivy import Order

from search.engines.embedded_merging import Best, Window, merged, whole, windows
from search.engines.embedded_query import Queries, make_schema
from search.engines.embedded_writing import EmbeddedWriter, live_parts, pointer, rebuilding, writing
from search.engines.interface import OF_KIND, STATE_ID, EngineAway, Found, Hit, IndexState, Plan

MANY: Final = 2_000
# how many meet a question, by facets too, is kept until the index changes: where so many do, for so many questions
VERY_COMMON: Final = 50_000
MOST_REMEMBERED: Final = 500
# in an index of so many documents a second core helps: in smaller ones a thread costs more than it saves
LARGE: Final = 50_000
# an index of so many documents is made of two parts, which are searched at once
DIVIDED: Final = LARGE
PARTS: Final = 2
# that this process may use
CORES: Final = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
# how often a reader looks for an index whose place another one takes at that moment
ATTEMPTS: Final = 3
# facet → value → number of documents
_Counts = dict[str, dict[str, int]]
_SORTS: Final = {"fresh": ("verified", Order.Desc), "price": ("cost", Order.Asc)}


@dataclass(frozen=True, slots=True)
class _Ordering:
    """By what a question's documents are ordered: a field, or a score that quality adds to."""

    by: str | None
    direction: Order
    # where nothing is worth more than anything else, the field alone orders: a third of the time
    is_plain: bool

    @classmethod
    def of(cls, plan: Plan) -> _Ordering:
        field, direction = _SORTS.get(plan.sort, (None, Order.Desc))
        is_plain = field is None and not (plan.must or plan.should or plan.where)
        return cls("quality" if is_plain else field, direction, is_plain)

    @property
    def arguments(self) -> dict[str, Any]:
        by: dict[str, Any] = {"order_by_field": self.by} if self.by else {"weight_by_field": "quality"}
        return {**by, "order": self.direction}

    def score(self, key: Any) -> float:
        return float(OF_KIND * log2(2 + key) if self.is_plain else key)


class _Part:
    """One Tantivy index as it was committed last."""

    def __init__(self, directory: Path, queries: Queries) -> None:
        index = tantivy.Index.open(str(directory))
        index.config_reader("manual", 1)
        index.reload()
        self._searcher: Any = index.searcher()
        self._queries = queries

    @property
    def size(self) -> int:
        return int(self._searcher.num_docs)

    def best(self, plan: Plan, offset: int, limit: int, *, is_counted: bool) -> tuple[int, Best]:
        """Return how many documents meet the question, and those that stand at these places, with what orders them."""
        query, order = self._queries.of(plan), _Ordering.of(plan)
        result = self._searcher.search(query, max(limit, 1), offset=offset, count=is_counted, **order.arguments)
        return int(result.count or 0), result.hits[:limit]

    def counts(self, plan: Plan) -> _Counts:
        """Count each facet without its own filter; facets nobody chose share one walk over the matches."""
        together = [name for name in plan.counted if not plan.filters.get(name)]
        counts: _Counts = self._aggregated(plan, "", together) if together else {}
        for name in plan.counted:
            if name not in together:
                counts |= self._aggregated(plan, name, [name])
        return counts

    def _aggregated(self, plan: Plan, without: str, names: Sequence[str]) -> _Counts:
        wanted = {name: {"terms": {"field": name, "size": MANY, "segment_size": MANY}} for name in names}
        answer = self._searcher.aggregate(self._queries.met(plan, without), wanted)
        return {name: {row["key"]: row["doc_count"] for row in answer[name]["buckets"]} for name in names}

    def count(self, plan: Plan) -> int:
        return int(self._searcher.search(self._queries.met(plan), 1, count=True).count)

    def hit(self, score: float, address: Any) -> Hit:
        stored = self._searcher.doc(address)
        return Hit(stored["id"][0], score, orjson.loads(stored["data"][0]))

    def of_ids(self, ids: Sequence[str]) -> Iterator[Hit]:
        result = self._searcher.search(self._queries.of_ids(ids), len(ids), count=False)
        return (self.hit(float(score), address) for score, address in result.hits)

    def everything(self) -> Iterator[Mapping[str, Any]]:
        result = self._searcher.search(self._queries.everything(), max(self.size, 1), count=False)
        for _score, address in result.hits:
            yield orjson.loads(self._searcher.doc(address)["data"][0])


class _Opened:
    """The live index as it was at one moment; the counts of very common questions are kept with it."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        if not parts:
            raise ValueError("there is no index")
        self.parts = parts
        self._sizes = [part.size for part in parts]
        self._is_large = sum(self._sizes) >= LARGE
        self._kept: dict[str, tuple[int, _Counts]] = {}

    def search(self, plan: Plan) -> Found:
        # what is asked without facets is counted on the way
        key = repr(replace(plan, offset=0, limit=0, sort="")) if plan.counted else ""
        kept = self._kept.get(key)
        asked = windows(plan.offset, plan.limit, self._sizes)
        jobs = self._bests(plan, asked, is_counted=kept is None)
        if kept is None and plan.counted:
            jobs += [partial(part.counts, plan) for part in self.parts]
        done = self._done(jobs)
        found, counts = done[: len(self.parts)], done[len(self.parts) :]
        if kept is None:
            kept = sum(met for met, _best in found), _added(counts)
            self._keep(key, *kept)
        return Found(self._hits(plan, asked, [best for _met, best in found]), *kept)

    def _bests(self, plan: Plan, asked: Iterable[Window], *, is_counted: bool) -> list[Callable[[], Any]]:
        return [
            partial(part.best, plan, window.start, window.length, is_counted=is_counted)
            for part, window in zip(self.parts, asked, strict=True)
        ]

    def _done(self, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
        return _at_once(jobs) if self._is_large else [job() for job in jobs]

    def _hits(self, plan: Plan, asked: Sequence[Window], bests: Sequence[Best]) -> list[Hit]:
        order = _Ordering.of(plan)
        page = partial(merged, offset=plan.offset, limit=plan.limit, descending=order.direction == Order.Desc)
        rows = page(bests, asked)
        if rows is None:
            asked = whole(plan.offset, plan.limit, self._sizes)
            rows = page([best for _met, best in self._done(self._bests(plan, asked, is_counted=False))], asked) or []
        return [self.parts[number].hit(order.score(key), at) for number, key, at in rows]

    def _keep(self, key: str, total: int, counts: _Counts) -> None:
        if total >= VERY_COMMON and key:
            if len(self._kept) >= MOST_REMEMBERED:
                self._kept.clear()
            self._kept[key] = total, counts

    def of_ids(self, ids: Sequence[str]) -> dict[str, Hit]:
        return {hit.id: hit for part in self.parts for hit in part.of_ids(ids)}


class EmbeddedEngine:
    name = "tantivy"

    def __init__(self, directory: Path, divided_from: int = DIVIDED) -> None:
        """Take the directory of the index, and from how many documents on a new one is made of parts."""
        self._root = directory
        self._divided_from = divided_from
        self._opening = threading.Lock()
        self._parts: list[Path] = []
        self._seen: tuple[int, ...] = ()
        self._opened: _Opened | None = None
        self._schema = make_schema()
        self._queries = Queries(self._schema)

    # --- reading ---------------------------------------------------------------------------------------------------

    def search(self, plan: Plan) -> Found:
        opened = self._ready()
        try:
            return opened.search(plan)
        except (ValueError, OSError) as error:
            raise EngineAway(str(error)) from error

    def count(self, plan: Plan) -> int:
        return sum(part.count(plan) for part in self._ready().parts)

    def state(self) -> IndexState | None:
        if not live_parts(self._root):
            return None
        hits = self._ready().of_ids([STATE_ID])
        return IndexState(**hits[STATE_ID].data) if STATE_ID in hits else None

    def documents(self, ids: Sequence[str]) -> dict[str, Hit]:
        return self._ready().of_ids(ids) if ids else {}

    def everything(self) -> Iterator[Mapping[str, Any]]:
        for part in self._ready().parts:
            yield from part.everything()

    def _ready(self) -> _Opened:
        """Return the live index as it was committed last."""
        return self._unchanged() or self._reopened()

    def _unchanged(self) -> _Opened | None:
        opened = self._opened
        try:
            return opened if opened is not None and self._look(self._parts) == self._seen else None
        except OSError:
            return None

    def _look(self, parts: Iterable[Path]) -> tuple[int, ...]:
        """Return what differs as soon as another index is live or a part of the live one has a new commit."""
        files = [pointer(self._root), *(part / "meta.json" for part in parts)]
        return tuple(number for one in map(Path.stat, files) for number in (one.st_mtime_ns, one.st_ino, one.st_size))

    def _reopened(self) -> _Opened:
        with self._opening:
            # another thread may have opened it while this one waited
            if opened := self._unchanged():
                return opened
            for attempt in range(ATTEMPTS):
                try:
                    parts = live_parts(self._root)
                    seen = self._look(parts)
                    opened = _Opened([_Part(part, self._queries) for part in parts])
                    break
                except (OSError, ValueError) as error:
                    # another index may have taken its place meanwhile
                    if attempt + 1 == ATTEMPTS:
                        self._opened = None
                        raise EngineAway(str(error)) from error
            self._parts, self._seen, self._opened = parts, seen, opened
            return opened

    # --- writing ---------------------------------------------------------------------------------------------------

    def writer(self) -> AbstractContextManager[EmbeddedWriter | None]:
        return writing(self._root, self._schema)

    def rebuild(self, name: str, expected: int = 0) -> AbstractContextManager[EmbeddedWriter | None]:
        return rebuilding(self._root, self._schema, name, PARTS if expected >= self._divided_from else 1)


def _at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of these at once and return what they give in their order.

    There are no more threads than cores, this one included: three that want two cores end later than two in turn.
    """
    hands = min(len(jobs), CORES)
    if hands == 1:
        return [job() for job in jobs]
    done: list[Any] = [None] * len(jobs)

    def do(first: int) -> None:
        for number in range(first, len(jobs), hands):
            done[number] = jobs[number]()

    aside = _threads(CORES - 1)
    others = {first: aside.submit(do, first) for first in range(1, hands)}
    try:
        do(0)
        for first, other in others.items():
            # what no thread has begun, since other questions keep them, this one does itself
            if other.cancel():
                do(first)
            else:
                other.result()
    finally:
        for other in others.values():
            other.cancel()
    return done


@lru_cache(maxsize=1)
def _threads(number: int) -> ThreadPoolExecutor:
    """Return the threads of this process that help those who answer; they do not live on in its children."""
    return ThreadPoolExecutor(number, thread_name_prefix="search")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_threads.cache_clear)


def _added(counts: Sequence[_Counts]) -> _Counts:
    """Return the counts of an index from those of its parts."""
    if len(counts) == 1:
        return counts[0]
    names = dict.fromkeys(name for one in counts for name in one)
    return {name: dict(sum((Counter(one[name]) for one in counts), Counter())) for name in names}
