"""Labelled sets: a corpus, questions, and how well each document answers each; see docs/search.md for the format."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from search.analysis.normal import words
from search.analysis.tokens import tokens
from search.annotation import Annotator
from search.documents import Document
from search.engines.interface import COUNTRY
from search.enums import Kind
from search.places import OBLAST, Gazetteer
from search.thesaurus import GROUP, PREFIX, SERVICE

DEPTH: Final = 10
RELEVANT: Final = 2
_COUNTRY: Final = frozenset({"україна", "україни", "україні"})
_SMALLEST_FIRST: Final = "CXMKHPO"
_EVERYWHERE: Final = frozenset({"вся", "уся", "всій", "усій", "всієї"})


class LabelledSetError(ValueError):
    """The folder does not hold a labelled set; the text says what is wrong."""


@dataclass(slots=True)
class LabelledSet:
    documents: list[dict[str, Any]]
    queries: list[dict[str, Any]]
    judgments: dict[str, dict[str, int]]


@dataclass(slots=True)
class Score:
    """How well one question was answered."""

    id: str
    query: str
    ndcg10: float
    recall10: float | None
    found: list[str] = field(default_factory=list)


def read(folder: Path) -> LabelledSet:
    """Read the three files of a set; raise LabelledSetError when they are not there or are not of the form."""
    try:
        corpus, queries, judgments = (
            json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            for name in ("corpus", "queries", "judgments")
        )
        documents = corpus["documents"] if isinstance(corpus, dict) else corpus
        return LabelledSet(
            documents,
            queries,
            {query: {one: int(grade) for one, grade in graded.items()} for query, graded in judgments.items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelledSetError(f"{folder}: {error}") from error


def document_of(row: Mapping[str, Any], annotator: Annotator, gazetteer: Gazetteer) -> Document:
    """Return a document of a set as the index knows documents: services, groups and place are read from its texts."""
    name, description = str(row.get("name") or ""), str(row.get("description") or "")
    groups = str(row.get("target_groups") or "").replace(";", " . ")
    named = annotator.tokens(name)
    told = [token for part in str(row.get("target_groups") or "").split(";") for token in annotator.tokens(part)]
    needs = [*named, *(token for token in told if token.startswith(PREFIX[GROUP]))]
    guessed = [] if any(token.startswith(PREFIX[SERVICE]) for token in named) else annotator.guess(name, description)
    place, covers = placed(str(row.get("territory") or ""), str(row.get("address") or ""), gazetteer)
    return Document(
        str(row["id"]),
        Kind.SERVICE,
        title=tokens(name),
        needs=needs,
        body=[
            *tokens(description),
            *tokens(groups),
            *annotator.tokens(description),
            *guessed,
            *annotator.needs(name, description),
            *told,
            *[f"p:{code}" for code in place if code == (place[-1] if place else "")],
        ],
        provider=tokens(str(row.get("provider") or "")),
        place=place,
        covers=covers,
        data={"id": row["id"], "name": name, "about": " ".join(dict.fromkeys(needs))},
    )


def placed(territory: str, address: str, gazetteer: Gazetteer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the units a document stands in, from the smallest up, and those it serves."""
    row = words(territory)
    everywhere = bool(_COUNTRY.intersection(row)) and bool(_EVERYWHERE.intersection(row) or len(row) == 1)
    mentions = [] if everywhere else gazetteer.mentions(row)
    oblast = next((mention.place.code for mention in mentions if mention.place.category == OBLAST), "")
    if oblast:
        mentions = gazetteer.mentions(row, within=oblast)
    named = bool(mentions)
    mentions = mentions or gazetteer.mentions(words(address))
    if not mentions:
        return (), (COUNTRY,) if everywhere or not row else ()
    best = min(mentions, key=lambda mention: _SMALLEST_FIRST.index(mention.place.category)).place
    chain = tuple(dict.fromkeys((best.code, *best.chain)))
    if everywhere:
        return chain, (COUNTRY,)
    return chain, (best.chain[0],) if named else ()


def ndcg(found: list[str], graded: Mapping[str, int]) -> float:
    """Return nDCG@10 with gains 2^grade - 1."""

    def gain(grades: list[int]) -> float:
        return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades[:DEPTH]))

    ideal = gain(sorted(graded.values(), reverse=True))
    return gain([graded.get(one, 0) for one in found]) / ideal if ideal else 0.0


def recall(found: list[str], graded: Mapping[str, int]) -> float | None:
    """Return the share of relevant documents among the first ten; None where nothing is relevant."""
    relevant = {one for one, grade in graded.items() if grade >= RELEVANT}
    return len(relevant.intersection(found[:DEPTH])) / len(relevant) if relevant else None
