"""A portal with a search: the embedded engine in a directory of its own, for tests of what goes into the index."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest

from search import annotation, lexicon, understanding
from search.engines import engine
from search.engines.interface import Engine
from search.thesaurus import Associations, Phrasebook


def by_value(kind: type) -> Callable[..., Any]:
    """Return what makes one thing of the same phrases in a process: nothing changes it, and it takes its time."""
    made = lru_cache(maxsize=8)(lambda meanings, options: kind(meanings, **dict(options)))
    return lambda meanings, **options: made(tuple(meanings), tuple(options.items()))


KEPT = {"Phrasebook": by_value(Phrasebook), "Associations": by_value(Associations)}


@pytest.fixture
def live(settings, tmp_path, monkeypatch) -> Iterator[Engine]:
    """Turn the search on and return its engine; there is no index yet."""
    for name, make in KEPT.items():
        monkeypatch.setattr(annotation, name, make)
        monkeypatch.setattr(understanding, name, make)
    settings.SEARCH_ENGINE, settings.SEARCH_DIR = "tantivy", tmp_path / "search"
    lexicon.forget()
    yield engine()
    lexicon.forget()
