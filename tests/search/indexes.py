"""A portal with a search: the embedded engine in a directory of its own, for tests of what goes into the index."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

import pytest

from search import annotation, lexicon, understanding
from search.analysis.typos import Speller
from search.engines import engine
from search.engines.interface import Engine
from search.thesaurus import Associations, Phrasebook, shipped


def by_value(kind: type) -> Callable[..., Any]:
    """Return what makes one thing of the same phrases in a process: nothing changes it, and it takes its time."""
    made = lru_cache(maxsize=8)(lambda meanings, options: kind(meanings, **dict(options)))
    return lambda meanings, **options: made(tuple(meanings), tuple(options.items()))


def speller(vocabulary: Mapping[str, int]) -> Speller:
    # it looks at words of letters alone; codes of providers are other ones in each test
    return _speller(frozenset(one for one in vocabulary.items() if one[0].isalpha()))


_speller = lru_cache(maxsize=8)(lambda words: Speller(dict(words)))
KEPT = {"Phrasebook": by_value(Phrasebook), "Associations": by_value(Associations)}
SHIPPED = cache(lambda: tuple(shipped()))


@pytest.fixture
def live(settings, tmp_path, monkeypatch) -> Iterator[Engine]:
    """Turn the search on and return its engine; there is no index yet."""
    for name, make in KEPT.items():
        monkeypatch.setattr(annotation, name, make)
        monkeypatch.setattr(understanding, name, make)
    monkeypatch.setattr(understanding, "Speller", speller)
    monkeypatch.setattr(lexicon, "shipped", SHIPPED)
    settings.SEARCH_ENGINE, settings.SEARCH_DIR = "tantivy", tmp_path / "search"
    lexicon.forget()
    yield engine()
    lexicon.forget()
