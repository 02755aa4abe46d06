"""The engines of `tests.search.engines`, for every test of the search."""

from tests.search.engines import documents, elastic, embedded, empty_engine, engine, node, runnable
from tests.search.indexes import live

__all__ = ["documents", "elastic", "embedded", "empty_engine", "engine", "live", "node", "runnable"]
