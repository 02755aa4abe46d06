"""The engine for whoever outgrows one machine: Elasticsearch 9, one node or several.

The live index is the one that the alias `<prefix>` names. A rebuild writes `<prefix>-<name>` and then moves the alias
in one step. Nothing written is seen before `commit`, for indexes refresh only when told to; the state is written after
that, so it can be behind the documents and never ahead of them. One writer at a time, see `elastic_lease`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields
from http import HTTPStatus
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError, UnsupportedProductError, helpers

from search.engines import elastic_query
from search.engines.elastic_lease import Lease
from search.engines.interface import STATE_ID, EngineAway, Found, Hit, IndexState, Plan

# the only kind that no question asks for
STATE_KIND: Final = "state"
SETTINGS: Final = {
    "number_of_shards": 1,
    # a copy on a second node, as soon as there is one
    "auto_expand_replicas": "0-1",
    # only `commit` shows what was written
    "refresh_interval": -1,
    "max_result_window": elastic_query.DEEPEST,
}
# a request that writes may take so many seconds
WRITING: Final = 30.0
# changes sent at once
BATCH: Final = 2_000
# documents read at once
PAGE: Final = 2_000
# answers below 500 that also mean: not now, or not to us
_REFUSALS: Final = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
}


class ElasticEngine:
    """`url` may list several nodes of one cluster, with commas: what one does not answer, another is asked."""

    name = "elasticsearch"

    def __init__(self, url: str, prefix: str = "poruch", timeout: float = 2.0) -> None:
        nodes = [node for node in re.split(r"[,\s]+", url) if node]
        self._prefix = prefix
        several = len(nodes) > 1
        self._client = Elasticsearch(nodes, request_timeout=timeout, max_retries=len(nodes), retry_on_timeout=several)
        self._writing = self._client.options(request_timeout=max(timeout, WRITING))

    # --- reading ---------------------------------------------------------------------------------------------------

    def search(self, plan: Plan) -> Found:
        answer = self._asked(elastic_query.search(plan))
        counts: dict[str, dict[str, int]] = {}
        for name in plan.counted:
            group = answer["aggregations"].get(name) or answer["aggregations"][elastic_query.UNCHOSEN]
            counts[name] = {row["key"]: row["doc_count"] for row in group[name]["buckets"]}
        hits = [Hit(row["_id"], float(row["sort"][0]), row["_source"]["data"]) for row in answer["hits"]["hits"]]
        return Found(hits, answer["hits"]["total"]["value"], counts)

    def count(self, plan: Plan) -> int:
        body = {"query": elastic_query.question(plan).to_dict(), "size": 0, "track_total_hits": True}
        return int(self._asked(body)["hits"]["total"]["value"])

    def state(self) -> IndexState | None:
        with answering():
            try:
                told = self._client.get(index=self._prefix, id=STATE_ID)["_source"]["data"]
            except NotFoundError:
                return None
        return IndexState(**{one.name: told[one.name] for one in fields(IndexState) if one.name in told})

    def documents(self, ids: Sequence[str]) -> dict[str, Hit]:
        if not ids:
            return {}
        with answering():
            # in real time it would show what was written and not committed
            answer = self._client.mget(index=self._prefix, ids=list(ids), realtime=False, source_includes=["data"])
        rows = answer["docs"]
        if any("error" in row for row in rows):
            raise EngineAway(str(next(row["error"] for row in rows if "error" in row)))
        return {row["_id"]: Hit(row["_id"], 0.0, row["_source"]["data"]) for row in rows if row["found"]}

    def everything(self) -> Iterator[Mapping[str, Any]]:
        query = {"bool": {"must_not": [{"term": {"kind": STATE_KIND}}]}}
        for row in self._all(self._prefix, query, ["data"]):
            yield row["_source"]["data"]

    def _asked(self, body: Mapping[str, Any], index: str = "") -> Mapping[str, Any]:
        """Return an answer of all shards: part of an answer is a wrong number."""
        with answering():
            return self._client.search(
                index=index or self._prefix, body=dict(body), allow_partial_search_results=False
            ).body

    def _all(self, index: str, query: Mapping[str, Any], source: list[str] | bool) -> Iterator[Mapping[str, Any]]:
        body = {"query": query, "sort": ["id"], "size": PAGE, "_source": source, "track_total_hits": False}
        while rows := self._asked(body, index)["hits"]["hits"]:
            yield from rows
            body["search_after"] = rows[-1]["sort"]

    # --- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def writer(self) -> Iterator[_Writer | None]:
        with self._alone() as lease:
            live = self._live() if lease else []
            if not lease or not live:
                yield None
                return
            yield _Writer(self, live[0], lease)

    @contextmanager
    def rebuild(self, name: str, expected: int = 0) -> Iterator[_Writer | None]:
        # a server divides its indexes by itself
        del expected
        with self._alone() as lease:
            if not lease:
                yield None
                return
            live = self._live()
            index = f"{self._prefix}-{name}".lower()
            if index in live:
                raise ValueError(f"{index} is the live index")
            # what rebuilds that were killed left behind
            self._keep_only(live)
            self._make(index)
            writer = _Writer(self, index, lease)
            try:
                yield writer
                writer.require_commit()
            except BaseException:
                with suppress(EngineAway):
                    self._keep_only(live)
                raise
            lease.check()
            self._swap(live, index)
            self._keep_only([index])

    def forget(self) -> None:
        """Delete all indexes of this prefix: for scratch engines of evaluations and tests."""
        self._keep_only([])
        with answering():
            self._writing.indices.delete(index=f"{self._prefix}_writer", ignore_unavailable=True)

    @contextmanager
    def _alone(self) -> Iterator[Lease | None]:
        """Hold the right to write, None where another has it; never waits."""
        lease = Lease(self._client, f"{self._prefix}_writer")
        with answering():
            taken = lease.take()
        if not taken:
            yield None
            return
        try:
            yield lease
        finally:
            lease.release()

    def _live(self) -> list[str]:
        with answering():
            try:
                return list(self._client.indices.get_alias(name=self._prefix).body)
            except NotFoundError:
                return []

    def _make(self, index: str) -> None:
        mapping = elastic_query.fields() | {"_meta": {"index_of": self._prefix}}
        with answering():
            self._writing.indices.create(index=index, settings=SETTINGS, mappings=mapping)

    def _swap(self, old: Sequence[str], new: str) -> None:
        moved = [{"remove": {"index": one, "alias": self._prefix}} for one in old]
        with answering():
            # where a second node is, its copy is to be whole before it is asked
            patient = self._writing.options(ignore_status=HTTPStatus.REQUEST_TIMEOUT)
            patient.cluster.health(index=new, wait_for_no_initializing_shards=True, timeout="20s")
            self._writing.indices.update_aliases(actions=[*moved, {"add": {"index": new, "alias": self._prefix}}])

    def _keep_only(self, names: Sequence[str]) -> None:
        """Delete every other index of this engine; the mark tells them from those of a longer prefix."""
        with answering():
            marks = self._writing.indices.get_mapping(
                index=f"{self._prefix}-*", filter_path="*.mappings._meta.index_of"
            ).body
            for index, found in marks.items():
                if index not in names and found["mappings"]["_meta"]["index_of"] == self._prefix:
                    self._writing.indices.delete(index=index, ignore_unavailable=True)


class _Writer:
    """Holds changes back until `commit`, or until there are too many to hold."""

    def __init__(self, engine: ElasticEngine, index: str, lease: Lease) -> None:
        self._engine = engine
        self._client = engine._writing  # noqa: SLF001 the writer is a part of the engine
        self._index = index
        self._lease = lease
        # id → its new document, None where it goes
        self._changes: dict[str, Mapping[str, Any] | None] = {}
        self._committed = False
        # a writer that was killed may have left what a search for documents of an entry would not see
        self._refresh()

    def put(self, documents: Iterable[Mapping[str, Any]]) -> None:
        for document in documents:
            self._change(document["id"], document)

    def remove(self, ids: Iterable[str]) -> None:
        for one in ids:
            self._change(one, None)

    def remove_of_entries(self, entry_ids: Iterable[int]) -> None:
        entries = set(entry_ids)
        if self._unseen:
            self._refresh()
        known = sorted(entries)
        for start in range(0, len(known), BATCH):
            query = {"terms": {"entry": known[start : start + BATCH]}}
            self.remove([row["_id"] for row in self._engine._all(self._index, query, source=False)])  # noqa: SLF001
        self.remove([one for one, document in self._changes.items() if document and document["entry"] in entries])

    def commit(self, state: IndexState) -> None:
        self._send()
        self._refresh()
        self._lease.check()
        told = {"id": STATE_ID, "kind": STATE_KIND, "data": asdict(state)}
        with answering():
            self._client.index(index=self._index, id=STATE_ID, document=told)
        self._committed = True

    def require_commit(self) -> None:
        if not self._committed:
            raise RuntimeError("nothing was committed to the index")

    def _change(self, one: str, document: Mapping[str, Any] | None) -> None:
        self._changes[one] = document
        if len(self._changes) >= BATCH:
            self._send()

    def _send(self) -> None:
        if not self._changes:
            return
        self._lease.check()
        actions = [
            {"_op_type": "delete", "_index": self._index, "_id": one}
            if document is None
            else {"_op_type": "index", "_index": self._index, "_id": one, "_source": document}
            for one, document in self._changes.items()
        ]
        with answering():
            _, failed = helpers.bulk(self._client, actions, chunk_size=BATCH, max_retries=3, raise_on_error=False)
        _judge(failed)
        self._changes.clear()
        self._unseen = True

    def _refresh(self) -> None:
        with answering():
            answer = self._client.indices.refresh(index=self._index)
        if answer["_shards"]["failed"]:
            raise EngineAway("a copy of the index could not be refreshed")
        self._unseen = False


def _judge(failed: Any) -> None:
    """Raise for changes that were not made; to remove what is not there is no failure."""
    for item in failed:
        ((action, result),) = item.items()
        if action == "delete" and result["status"] == HTTPStatus.NOT_FOUND:
            continue
        reason = f"{result.get('_id')}: {result.get('error')}"
        if result["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR or result["status"] in _REFUSALS:
            raise EngineAway(reason)
        raise ValueError(reason)


@contextmanager
def answering() -> Iterator[None]:
    """Turn whatever says that Elasticsearch cannot answer now into EngineAway; an error of ours stays one."""
    try:
        yield
    except (TransportError, UnsupportedProductError) as error:
        raise EngineAway(str(error)) from error
    except ApiError as error:
        if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status_code in _REFUSALS:
            raise EngineAway(str(error)) from error
        raise
