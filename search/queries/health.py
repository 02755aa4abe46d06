"""How the search is, for whoever watches the portal."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from search.engines import engine
from search.engines.interface import EngineAway
from search.indexing import Health, count_documents, health


def search_health() -> dict[str, Any]:
    """Return the engine, its state, the revision it has reached and how many things it can find; never fails."""
    told: dict[str, Any] = {
        "engine": settings.SEARCH_ENGINE,
        "state": Health.AWAY.value,
        "revision": None,
        "documents": None,
    }
    try:
        state = engine().state()
        told["state"] = health(state).value
        if state is not None:
            told |= {"revision": state.revision, "documents": count_documents(engine())}
    except EngineAway:
        told["state"] = Health.AWAY.value
    return told
