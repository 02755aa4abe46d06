"""The words of an index, stored with it: those of its last rebuild, and those that were written since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from search.engines.interface import Engine
from search.lexicon import NEW_WORDS_ID, VOCABULARY_ID

STATE_KIND: Final = "state"


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


class NewWords:
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


_known_words: dict[str, frozenset[str]] = {}


def _words_of_index(engine: Engine, index: str) -> frozenset[str]:
    """Return the words of the last rebuild; they are read once for each index."""
    if index not in _known_words:
        found = engine.documents([VOCABULARY_ID])
        _known_words.clear()
        _known_words[index] = frozenset(found[VOCABULARY_ID].data["words"]) if VOCABULARY_ID in found else frozenset()
    return _known_words[index]
