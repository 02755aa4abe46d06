"""What synonyms may lead to: services and groups of the catalogue, known by slug, official code or name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from registry.models import ServiceType, VulnerableGroup
from search.analysis.normal import normalise
from search.enums import SynonymKind

_NEAR: Final = 0.6


def tidy(text: str) -> str:
    """Return the text in one spelling of letters and apostrophes, with single spaces; capitals stay."""
    return " ".join(normalise(text).split())


def fold(text: str) -> str:
    """Return the text as it is compared: tidy and without capitals."""
    return tidy(text).casefold()


@dataclass(frozen=True, slots=True)
class Targets:
    """Names of the catalogue by kind and slug, and slugs by everything they are called."""

    names: dict[str, dict[str, str]]
    known: dict[str, dict[str, str]] = field(repr=False)

    def find(self, kind: str, text: str) -> str | None:
        """Return the slug that the text means, None when the catalogue has no such thing."""
        return self.known[kind].get(fold(text))

    def name(self, kind: str, target: str) -> str:
        """Return what a target is called for people; words are called as they are."""
        return self.names.get(kind, {}).get(target, target)

    def nearest(self, kind: str, text: str) -> str:
        """Return the name that was most likely meant, as “name (slug)”, or an empty text."""
        near = get_close_matches(fold(text), self.known[kind], n=1, cutoff=_NEAR)
        if not near:
            return ""
        slug = self.known[kind][near[0]]
        return f"{self.names[kind][slug]} ({slug})"

    def called(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (kind, slug) of everything whose name has the text."""
        part = fold(text)
        for kind, names in self.names.items():
            for slug, name in names.items():
                if part in fold(name):
                    yield kind, slug


def open_targets() -> Targets:
    """Read the catalogue: two queries."""
    names: dict[str, dict[str, str]] = {}
    known: dict[str, dict[str, str]] = {}
    models: dict[str, Any] = {SynonymKind.SERVICE: ServiceType, SynonymKind.GROUP: VulnerableGroup}
    for kind, model in models.items():
        terms = list(model.objects.all())
        names[kind] = {term.slug: term.name for term in terms}
        known[kind] = {}
        for term in terms:
            for called in (term.slug, term.name_uk, term.name_en, getattr(term, "official_code", "")):
                if called:
                    known[kind].setdefault(fold(called), term.slug)
    return Targets(names, known)
