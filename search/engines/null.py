"""The engine of a portal that has none: for tests, and for whoever wants the register without the search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NoReturn

from search.engines.interface import EngineAway, Found, Hit, IndexState, Plan, Writer


class NullEngine:
    name = "none"

    def search(self, plan: Plan) -> Found:
        del plan
        self._refuse()

    def count(self, plan: Plan) -> int:
        del plan
        self._refuse()

    def state(self) -> IndexState | None:
        self._refuse()

    def documents(self, ids: Sequence[str]) -> dict[str, Hit]:
        del ids
        self._refuse()

    def everything(self) -> Iterator[Mapping[str, Any]]:
        self._refuse()

    def writer(self) -> AbstractContextManager[Writer | None]:
        self._refuse()

    def rebuild(self, name: str, expected: int = 0) -> AbstractContextManager[Writer | None]:
        del name, expected
        self._refuse()

    @staticmethod
    def _refuse() -> NoReturn:
        raise EngineAway("this portal has no search engine")
