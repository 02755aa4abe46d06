"""The words of the portal without its database: what a labelled set is judged with, the same on every machine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from registry.domain.reference import Codifier, read_csv
from registry.models import Territory
from search.analysis.normal import words
from search.annotation import Annotator
from search.documents import Document
from search.places import Gazetteer, Place
from search.thesaurus import Meaning, of_catalogue, shipped
from search.understanding import Lexicon

FOLDER: Final = Path(__file__).resolve().parents[1] / "registry" / "reference"
_DISTRICT: Final = "B"


@dataclass(frozen=True, slots=True)
class Term:
    """A service or group of the catalogue as its file has it."""

    slug: str
    name_uk: str
    name_en: str
    aliases_uk: tuple[str, ...] = ()
    broader: str = ""


def _terms(name: str, part: str = "") -> list[Term]:
    rows: Any = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    if isinstance(rows, dict):
        rows = rows[part] if part else next(value for value in rows.values() if isinstance(value, list))
    return [
        Term(
            row["slug"],
            row["name_uk"],
            row.get("name_en") or "",
            tuple(row.get("aliases_uk") or ()),
            row.get("broader") or "",
        )
        for row in rows
    ]


@lru_cache(maxsize=1)
def services() -> tuple[Term, ...]:
    return tuple(_terms("service_types", "services"))


@lru_cache(maxsize=1)
def groups() -> tuple[Term, ...]:
    return tuple(_terms("vulnerable_groups"))


@lru_cache(maxsize=1)
def meanings() -> tuple[Meaning, ...]:
    return (*shipped(), *of_catalogue(services(), groups()))


@lru_cache(maxsize=1)
def annotator() -> Annotator:
    return Annotator(meanings(), {term.slug: term.broader for term in services() if term.broader})


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return all places of the committed codifier."""
    rows = read_csv(FOLDER / "territories.csv")
    codifier = Codifier(rows)
    kinds = {row["code"]: row["category"] for row in rows}
    centres = {row["centre"] for row in rows if row["centre"]}
    places = []
    for row in rows:
        if row["category"] == _DISTRICT:
            continue
        own = {kinds[code]: code for code in (*codifier.above(row["code"]), row["code"])}
        places.append(
            Place(
                row["code"],
                row["category"],
                row["name"],
                Territory(category=row["category"], name=row["name"]).label,
                own.get("O") or own.get("K", ""),
                own.get("P", ""),
                own.get("H", ""),
                float(row["lat"]) if row["lat"] else None,
                float(row["lon"]) if row["lon"] else None,
                row["code"] in centres,
            )
        )
    return Gazetteer(places)


def lexicon_for(documents: Iterable[Document], texts: Iterable[str]) -> Lexicon:
    """Return what reading questions about these documents needs; `texts` are theirs as people wrote them."""
    times: Counter[str] = Counter()
    for text in texts:
        times.update(set(words(text)))
    tokens: Counter[str] = Counter()
    size = 0
    for document in documents:
        told = document.as_index()
        tokens.update({token for name in ("title", "needs", "body", "provider") for token in told[name].split()})
        size += 1
    vocabulary = {**times, **tokens}
    for meaning in meanings():
        if meaning.language != "ru":
            for word in words(meaning.phrase):
                vocabulary.setdefault(word, 1)
    return Lexicon(meanings(), gazetteer(), vocabulary, size)
