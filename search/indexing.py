"""Keeping the index what the register is: it follows the register's revision, and is built anew when analysis changes.

The register numbers its commits and writes into each entry the number of its last change, all in the transaction of the
change. So what an index lacks is always known from the index's own number: news in the outbox only say that it is time
to look, and losing one loses nothing. A batch is written and committed together with the number it reaches; a process
that dies in the middle leaves the batch before, and whoever comes next repeats one batch at most.

Entries that were deleted leave no row to find. Whoever deletes notes the revision in `RegisterRevision.rebuild_from`,
in the same transaction again; an index that knows less compares the numbers of all its entries with the register
before anything else, and commits that before its own number passes the noted one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import uuid4

from django.utils import timezone

from registry.models import RegisterEntry
from search.engines.interface import Engine, IndexState, Plan, Writer
from search.enums import Kind
from search.lexicon import VOCABULARY_ID, annotator
from search.renewing import follow_competitions, follow_pages, lags_in_competitions
from search.sources import (
    Source,
    Told,
    competitions,
    count_entries,
    count_offers,
    entry_chunks,
    findable_numbers,
    pages,
)
from search.staleness import Health, IndexBusy, IndexMissing, analysis_version, health, register_revision
from search.vocabulary import NewWords, Vocabulary

__all__ = [
    "Followed",
    "Health",
    "IndexBusy",
    "IndexMissing",
    "Vocabulary",
    "analysis_version",
    "batches",
    "count_documents",
    "ensure",
    "follow",
    "follow_competitions",
    "follow_pages",
    "health",
    "lags_in_competitions",
    "rebuild",
    "register_revision",
]

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Followed:
    """What a run did: which revision the index has reached, and how many entries were written for it."""

    revision: int
    entries: int = 0
    documents: int = 0


# --- following -----------------------------------------------------------------------------------------------------


def follow(engine: Engine, now: datetime) -> Followed | None:
    """Bring the live index up to the register; None where there is no index to bring up.

    Raises IndexBusy while another process writes, EngineAway while the engine cannot be asked.
    """
    state = engine.state()
    if state is None:
        return None
    if state.revision >= register_revision()[0]:
        return Followed(state.revision, documents=state.documents)
    with engine.writer() as writer:
        if writer is None:
            raise IndexBusy
        # another may have written since
        state = engine.state() or state
        return _Follower(engine, writer, state, now).run()


class _Follower:
    """One run over the live index."""

    def __init__(self, engine: Engine, writer: Writer, state: IndexState, now: datetime) -> None:
        self._engine, self._writer, self._state = engine, writer, state
        self._source = Source(annotator(), timezone.localdate(now))
        self._new = NewWords(engine, state.name)
        self._entries = 0

    def run(self) -> Followed:
        revision, rebuild_from = register_revision()
        if self._state.revision < rebuild_from:
            self._take_out_deleted()
        for reached, keys in batches(self._state.revision, revision):
            self._writer.remove_of_entries(keys)
            for told in self._source.of_entries(keys):
                _put(self._writer, told, self._new.learned)
            self._entries += len(keys)
            self._commit(reached)
        if self._state.revision < revision:
            self._commit(revision)
        documents = count_documents(self._engine)
        if documents != self._state.documents:
            self._state = replace(self._state, documents=documents)
            self._commit(revision)
        return Followed(revision, self._entries, documents)

    def _take_out_deleted(self) -> None:
        """Remove every document whose entry the public may not find any more, whatever the revisions say."""
        told = (
            (str(data["number"]), str(data["id"]))
            for data in self._engine.everything()
            if data.get("number") and data.get("id")
        )
        for some in _in_pieces(told, BATCH):
            known = findable_numbers({number for number, _id in some})
            self._writer.remove([one for number, one in some if number not in known])
        self._commit(self._state.revision)

    def _commit(self, revision: int) -> None:
        self._writer.put(self._new.as_index())
        self._state = replace(self._state, revision=revision)
        self._writer.commit(self._state)


def _put(writer: Writer, told: Told, vocabulary: Vocabulary) -> None:
    written = [document.as_index() for document in told.documents]
    writer.put(written)
    vocabulary.learn(told.words, written)


def batches(since: int, until: int) -> Iterator[tuple[int, list[int]]]:
    """Yield entries changed after a revision, in the order of revisions, with the revision that each batch reaches.

    No revision is divided between batches: an index that says it has reached a number has all of it.
    """
    while since < until:
        changed = RegisterEntry.objects.filter(revision__gt=since, revision__lte=until).order_by("revision", "pk")
        first = list(changed.values_list("pk", "revision")[:BATCH])
        if not first:
            return
        reached = first[-1][1]
        keys = [key for key, _revision in first]
        if len(first) == BATCH:
            keys += changed.filter(revision=reached, pk__gt=keys[-1]).values_list("pk", flat=True)
        yield reached, keys
        since = reached


# --- building anew -------------------------------------------------------------------------------------------------


def rebuild(engine: Engine, progress: Callable[[int], object] | None = None) -> Followed | None:
    """Build a new index beside the live one, which answers until the new one takes its place.

    None while another process writes. What fails leaves the live index as it was. What changed meanwhile is followed
    right after the swap: the live index had none of it either, for nobody else may write while this is going on.
    """
    now = timezone.now()
    name = f"{now:%Y%m%d%H%M%S}-{uuid4().hex[:6]}"
    with engine.rebuild(name, count_offers()) as writer:
        if writer is None:
            return None
        state = _build(writer, name, now, progress)
    built = Followed(state.revision, count_entries(), state.documents)
    try:
        followed = follow(engine, now)
    except IndexBusy:
        # the worker was quicker, and does the same
        return built
    return replace(built, revision=followed.revision, documents=followed.documents) if followed else built


def _build(writer: Writer, name: str, now: datetime, progress: Callable[[int], object] | None) -> IndexState:
    words, version = annotator(), analysis_version()
    # whatever is newer than this number is followed later, so it may be read here or not
    revision, _rebuild_from = register_revision()
    source = Source(words, timezone.localdate(now))
    vocabulary = Vocabulary()
    for keys in entry_chunks():
        for told in source.of_entries(keys):
            _put(writer, told, vocabulary)
        if progress:
            progress(len(keys))
    for told in (*pages(words), *competitions(words)):
        _put(writer, told, vocabulary)
    writer.put([vocabulary.as_index(VOCABULARY_ID)])
    state = IndexState(revision, version, vocabulary.documents, name)
    writer.commit(state)
    return state


def ensure(engine: Engine, now: datetime, progress: Callable[[int], object] | None = None) -> Followed | None:
    """Build the index where it is missing or made otherwise, else bring it up; None while another process writes."""
    if health(engine.state()) is Health.OK:
        try:
            return follow(engine, now)
        except IndexBusy:
            return None
    return rebuild(engine, progress)


def count_documents(engine: Engine) -> int:
    """Return how many things can be found."""
    return engine.count(Plan(kinds=tuple(Kind.values)))


def _in_pieces(rows: Iterator[tuple[str, str]], size: int) -> Iterator[list[tuple[str, str]]]:
    while piece := list(islice(rows, size)):
        yield piece
