"""How an index stands to the register and to the program: it serves, is missing, made otherwise or being written now.

An index is made otherwise when anything that decides how documents look has changed since: the code, the morphology,
the meanings of phrases, the catalogue, the profiles of accessibility.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Final

from registry.models import RegisterRevision
from registry.queries import access_profiles
from search import reference_words
from search.annotation import LANGUAGES
from search.engines.interface import IndexState
from search.lexicon import present_meanings

HERE: Final = Path(__file__).resolve().parent
# what decides how a document looks
MADE_BY: Final = (
    "analysis/*.py",
    "annotation.py",
    "documents/*.py",
    "hours.py",
    "needs.py",
    "sources.py",
    "thesaurus.py",
    "engines/embedded_query.py",
    "engines/embedded_writing.py",
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


def register_revision() -> tuple[int, int]:
    """Return the revision of the register and the one of its last deletion."""
    found = RegisterRevision.objects.filter(pk=1).values_list("value", "rebuild_from").first()
    return found or (0, 0)


def analysis_version() -> str:
    """Return a digest of everything that decides how documents look, but for the register itself."""
    together = hashlib.sha256(_code_digest().encode())
    together.update(_provider().encode())
    together.update(access_profiles.digest().encode())
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
