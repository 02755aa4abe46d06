"""What an engine is asked and what it answers: the same for the embedded one and for a server.

Both index the same strings made by `search.analysis` and score the same way: the weight of a field times the weight of
a word, no statistics of the engine's own. So their answers agree, and a result can be explained without asking them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

# field of the index → what a word found there is worth
WEIGHTS: Final[dict[str, float]] = {"title": 4.0, "needs": 4.0, "body": 2.5, "provider": 1.0}
# a second field that has the word adds this share of its worth
ALSO: Final = 0.4
# what meeting a concept at all is worth, so that documents that meet more of a question come first
MET: Final = 1.2
# what tokens of one alternative are worth when they stand in different fields
APART: Final = 2.4
# what being of a kind is worth where no word was asked for: a score above nothing, so that quality orders
OF_KIND: Final = 0.001
STATE_ID: Final = "state"
# codes of the index for a territory that covers everything
COUNTRY: Final = "UA"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to meet a concept: all tokens stand in the document. `worth` is 1 for the visitor's own word."""

    tokens: tuple[str, ...]
    worth: float = 1.0
    fields: tuple[str, ...] = tuple(WEIGHTS)


def worth_of(alternative: Alternative, weight: float, name: str = "") -> float:
    """Return the score of an alternative whose tokens all stand in the field, or, without one, in different fields."""
    return weight * (alternative.worth * (WEIGHTS[name] if name else APART) + MET)


@dataclass(frozen=True, slots=True)
class Clause:
    """A concept of the question: any of its alternatives meets it, and the best one gives the score.

    Of alternatives that exclude one another no document has two, so an engine need not look for the best of them.
    """

    alternatives: tuple[Alternative, ...]
    weight: float = 1.0
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """A place: documents inside it (`inside`) or serving it (`served_by`: itself, its ancestors, the whole country)."""

    inside: str
    served_by: tuple[str, ...]
    # worth of being inside, of serving the place itself, of serving one of its ancestors, the nearest first
    worth: tuple[float, ...] = (4.0, 3.0, 2.0, 1.6, 1.2)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of degrees."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A question to an engine.

    `must` narrows and scores, `should` only scores, `least` is the smallest number of `should` that must be met.
    Values of one facet widen, facets narrow; each facet of `counted` is counted without its own filter.
    """

    kinds: tuple[str, ...] = ("service",)
    must: tuple[Clause, ...] = ()
    should: tuple[Clause, ...] = ()
    least: int = 0
    where: Where | None = None
    # with a place that is not required, documents elsewhere only lose its worth
    where_required: bool = True
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_slot: str = ""
    box: Box | None = None
    excluded_ids: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20

    @property
    def asks_for_something(self) -> bool:
        """Say whether everything that is found has a score by what was asked for."""
        return bool(self.must or (self.should and self.least))


@dataclass(slots=True)
class Hit:
    id: str
    score: float
    # what the document shows of itself, as its constructor wrote it
    data: dict[str, Any]
    _tokens: frozenset[str] | None = field(default=None, repr=False, compare=False)

    @property
    def tokens(self) -> frozenset[str]:
        """What it is found by."""
        if self._tokens is None:
            self._tokens = frozenset(str(self.data.get("tokens", "")).split())
        return self._tokens

    def scored(self, score: float) -> Hit:
        """Return the same with another score."""
        return Hit(self.id, score, self.data, self._tokens)


@dataclass(slots=True)
class Found:
    """`total` is exact; `counts` has facet → value → number of documents."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexState:
    """What an index says of itself: how far it followed the register, and with which analysis it was made."""

    revision: int = 0
    analysis_version: str = ""
    documents: int = 0
    name: str = ""


class EngineAway(Exception):  # noqa: N818 the name says what it is
    """The engine cannot answer now; pages say so and the register still browses."""


class Writer(Protocol):
    """Writes one index; `commit` makes everything written so far visible at once, together with its state."""

    def put(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Write index documents (see `search.documents.Document.as_index`), each in place of the one with its id."""

    def remove(self, ids: Iterable[str]) -> None: ...

    def remove_of_entries(self, entry_ids: Iterable[int]) -> None:
        """Remove every document of these register entries, so that what they have now can be put."""

    def commit(self, state: IndexState) -> None: ...


class Engine(Protocol):
    name: str

    def search(self, plan: Plan) -> Found:
        """Answer; raise EngineAway when there is no index or no engine."""

    def count(self, plan: Plan) -> int: ...

    def state(self) -> IndexState | None:
        """Return the state of the live index, None where there is none; raise EngineAway when it cannot be asked."""

    def writer(self) -> AbstractContextManager[Writer | None]:
        """Open the live index for writing; None when another process writes it."""

    def rebuild(self, name: str, expected: int = 0) -> AbstractContextManager[Writer | None]:
        """Open a new index; when the block ends well it takes the place of the live one, else it is thrown away.

        `expected` says about how many documents it will have, where that is known.
        """

    def documents(self, ids: Sequence[str]) -> dict[str, Hit]:
        """Return these documents, whatever the question."""

    def everything(self) -> Iterator[Mapping[str, Any]]:
        """Yield the stored data of every document, for checks and tests."""
