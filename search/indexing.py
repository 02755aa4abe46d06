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

import hashlib
import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.utils import timezone

from registry.models import RegisterEntry, RegisterRevision
from search import reference_words
from search.annotation import LANGUAGES
from search.engines.interface import Engine, IndexState, Plan, Writer
from search.enums import Kind
from search.lexicon import NEW_WORDS_ID, VOCABULARY_ID, annotator, present_meanings
from search.sources import (
    Source,
    Told,
    competition_numbers,
    competition_versions,
    competitions,
    count_entries,
    entry_chunks,
    findable_numbers,
    pages,
)

BATCH: Final = 500
STATE_KIND: Final = "state"
HERE: Final = Path(__file__).resolve().parent
# what decides how a document looks
MADE_BY: Final = (
    "analysis/*.py",
    "annotation.py",
    "documents/*.py",
    "hours.py",
    "sources.py",
    "thesaurus.py",
    "engines/embedded.py",
    "engines/elastic_query.py",
    "reference/*.json",
    "reference/stopwords.txt",
)


class IndexBusy(Exception):  # noqa: N818 the name says what it is
    """Another process writes the index now."""


class IndexMissing(Exception):  # noqa: N818 the name says what it is
    """There is no index to bring a change to."""


class Health(Enum):
    """How an index stands to the register and to the program."""

    OK = "ok"
    AWAY = "away"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Followed:
    """What a run did: which revision the index has reached, and how many entries were written for it."""

    revision: int
    entries: int = 0
    documents: int = 0


@dataclass(slots=True)
class Vocabulary:
    """In how many documents each token stands, and the words of texts as people write them."""

    tokens: dict[str, int] = field(default_factory=dict)
    surface: dict[str, int] = field(default_factory=dict)
    documents: int = 0

    def learn(self, words: Iterable[str], written: Iterable[Mapping[str, Any]]) -> None:
        """Count the words of an entry, and the tokens of its documents as they are written."""
        for word in words:
            self.surface[word] = self.surface.get(word, 0) + 1
        for document in written:
            self.documents += 1
            for token in _tokens_of(document):
                self.tokens[token] = self.tokens.get(token, 0) + 1

    @property
    def words(self) -> dict[str, int]:
        return {**self.surface, **self.tokens}

    def as_index(self, name: str) -> dict[str, Any]:
        """Return the document of the index that holds the words."""
        data = {"words": self.words, "documents": self.documents}
        return {"id": name, "kind": STATE_KIND, "entry": 0, "data": data}


def _tokens_of(document: Mapping[str, Any]) -> set[str]:
    found = {token for name in ("title", "needs", "body", "provider") for token in document[name].split()}
    return {token for token in found if not token.startswith(("f:", "p:"))}


# --- what there is -------------------------------------------------------------------------------------------------


def register_revision() -> tuple[int, int]:
    """Return the revision of the register and the one of its last deletion."""
    found = RegisterRevision.objects.filter(pk=1).values_list("value", "rebuild_from").first()
    return found or (0, 0)


def analysis_version() -> str:
    """Return a digest of everything that decides how documents look, but for the register itself."""
    together = hashlib.sha256(_code_digest().encode())
    together.update(_provider().encode())
    phrases = {
        (meaning.phrase, meaning.kind, meaning.target, meaning.weight)
        for meaning in present_meanings()
        if meaning.language in LANGUAGES
    }
    together.update(repr(sorted(phrases)).encode())
    together.update(repr([(term.slug, term.broader) for term in reference_words.services()]).encode())
    return together.hexdigest()[:16]


@lru_cache(maxsize=1)
def _code_digest() -> str:
    together = hashlib.sha256()
    for pattern in MADE_BY:
        for path in sorted(HERE.glob(pattern)):
            together.update(path.name.encode() + path.read_bytes())
    return together.hexdigest()


def _provider() -> str:
    """Return which morphology is used, without loading it."""
    try:
        return " ".join(importlib.metadata.version(name) for name in ("pymorphy3", "pymorphy3-dicts-uk"))
    except importlib.metadata.PackageNotFoundError:
        return "stems"


def health(state: IndexState | None) -> Health:
    """Say whether the index serves, or has to be built; whether it is a second behind is not asked."""
    if state is None:
        return Health.MISSING
    is_ahead = state.revision > register_revision()[0]
    return Health.STALE if is_ahead or state.analysis_version != analysis_version() else Health.OK


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
        self._new = _NewWords(engine, state.name)
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


class _NewWords:
    """Words of what was written since the rebuild that its vocabulary lacks: a small document of its own.

    The vocabulary has a line for every word of the register; to write it for every change would cost more than all
    the rest.
    """

    def __init__(self, engine: Engine, index: str) -> None:
        found = engine.documents([NEW_WORDS_ID])
        self._known = _words_of_index(engine, index)
        self._before = dict(found[NEW_WORDS_ID].data["words"]) if NEW_WORDS_ID in found else {}
        self.learned = Vocabulary()

    def as_index(self) -> list[dict[str, Any]]:
        """Return the document that holds them, if there is anything to say."""
        new = {word: times for word, times in self.learned.words.items() if word not in self._known}
        if not new.keys() - self._before.keys():
            return []
        # what is written twice is not counted twice
        self._before = {**new, **self._before}
        data = {"words": self._before, "documents": 0}
        return [{"id": NEW_WORDS_ID, "kind": STATE_KIND, "entry": 0, "data": data}]


def _put(writer: Writer, told: Told, vocabulary: Vocabulary) -> None:
    written = [document.as_index() for document in told.documents]
    writer.put(written)
    vocabulary.learn(told.words, written)


_known_words: dict[str, frozenset[str]] = {}


def _words_of_index(engine: Engine, index: str) -> frozenset[str]:
    """Return the words of the last rebuild; they are read once for each index."""
    if index not in _known_words:
        found = engine.documents([VOCABULARY_ID])
        _known_words.clear()
        _known_words[index] = frozenset(found[VOCABULARY_ID].data["words"]) if VOCABULARY_ID in found else frozenset()
    return _known_words[index]


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


def follow_pages(engine: Engine, page_ids: Iterable[int] | None = None) -> None:
    """Bring these pages to what they are now, or all of them.

    Pages have no revisions, so that nothing finds out later what was missed: where there is no index it raises
    IndexMissing, and the news wait. Else it raises as `follow` does.
    """
    if engine.state() is None:
        raise IndexMissing
    with engine.writer() as writer:
        state = engine.state()
        if writer is None or state is None:
            raise IndexBusy
        writer.remove(_all_of(engine, Kind.PAGE) if page_ids is None else [f"w-{key}" for key in page_ids])
        for told in pages(annotator(), page_ids):
            writer.put(document.as_index() for document in told.documents)
        writer.commit(state)


def follow_competitions(engine: Engine, keys: Iterable[int] | None = None) -> None:
    """Bring these competitions to what their announcements say now, or all of them; raises as `follow_pages` does."""
    if engine.state() is None:
        raise IndexMissing
    with engine.writer() as writer:
        state = engine.state()
        if writer is None or state is None:
            raise IndexBusy
        known = _all_of(engine, Kind.COMPETITION) if keys is None else [f"c-{one}" for one in competition_numbers(keys)]
        writer.remove(known)
        for told in competitions(annotator(), keys):
            writer.put(document.as_index() for document in told.documents)
        writer.commit(state)


def lags_in_competitions(engine: Engine) -> bool:
    """Say whether news of a competition were lost: the index tells of other competitions or versions than there are."""
    if engine.state() is None:
        return False
    known = engine.documents(list(_all_of(engine, Kind.COMPETITION)))
    return {name: hit.data.get("version") for name, hit in known.items()} != competition_versions()


def _all_of(engine: Engine, kind: Kind) -> list[str]:
    plan = Plan(kinds=(kind.value,))
    return [hit.id for hit in engine.search(replace(plan, limit=max(engine.count(plan), 1))).hits]


# --- building anew -------------------------------------------------------------------------------------------------


def rebuild(engine: Engine, progress: Callable[[int], object] | None = None) -> Followed | None:
    """Build a new index beside the live one, which answers until the new one takes its place.

    None while another process writes. What fails leaves the live index as it was. What changed meanwhile is followed
    right after the swap: the live index had none of it either, for nobody else may write while this is going on.
    """
    now = timezone.now()
    name = f"{now:%Y%m%d%H%M%S}-{uuid4().hex[:6]}"
    with engine.rebuild(name) as writer:
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
