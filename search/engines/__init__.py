"""The engine this process asks, chosen by settings; whatever else it needs is imported with it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from search.engines.interface import Engine

NONE = "none"
ENGINES = ("tantivy", "elasticsearch", NONE)


def engine() -> Engine:
    """Return the engine of this process: one, made at the first call; another one only when settings change."""
    return make_engine(settings.SEARCH_ENGINE, str(settings.SEARCH_DIR), settings.ELASTICSEARCH_URL)


def is_on() -> bool:
    """Say whether this portal has a search at all."""
    return settings.SEARCH_ENGINE != NONE


@lru_cache(maxsize=8)
def make_engine(name: str, directory: str, url: str) -> Engine:
    """Return an engine by its name; raises ImproperlyConfigured for an unknown one."""
    # an engine that is not chosen need not even be installed
    if name == "tantivy":
        from search.engines.embedded import EmbeddedEngine  # noqa: PLC0415

        return EmbeddedEngine(Path(directory))
    if name == "elasticsearch":
        from search.engines.elastic import ElasticEngine  # noqa: PLC0415

        if not url:
            raise ImproperlyConfigured("SEARCH_ENGINE is elasticsearch, so ELASTICSEARCH_URL must say where it is.")
        return ElasticEngine(url)
    if name == NONE:
        from search.engines.null import NullEngine  # noqa: PLC0415

        return NullEngine()
    raise ImproperlyConfigured(f"SEARCH_ENGINE is {name!r}; it can be {', '.join(ENGINES)}.")
