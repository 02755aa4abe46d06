"""A portal with a search: the embedded engine in a directory of its own, for tests of what goes into the index."""

from collections.abc import Iterator

import pytest

from search import lexicon
from search.engines import engine
from search.engines.interface import Engine


@pytest.fixture
def live(settings, tmp_path) -> Iterator[Engine]:
    """Turn the search on and return its engine; there is no index yet."""
    settings.SEARCH_ENGINE, settings.SEARCH_DIR = "tantivy", tmp_path / "search"
    lexicon.forget()
    yield engine()
    lexicon.forget()
