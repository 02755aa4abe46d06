"""The first answers in one order: what meets the whole question, and what meets the heart of it better.

A question of several parts is often met whole by the weakest likeness of each, while a document that says its heart in
its title lacks one word. So meeting everything is worth much, but not everything. Then the first answers are asked what
they are about: others of the same services and groups come up (pseudo-relevance feedback).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import inf
from typing import Final

from search.engines.interface import Hit

# what meeting the whole question is worth, in the score of the engines
WHOLE: Final = 1.0
# so many answers say what the question is about, by so many of their services and groups; being about it is worth
TELLERS, MOST_TOLD, ABOUT = 4, 6, 3.0


def blended(whole: Sequence[Hit], some: Sequence[Hit], tells: Callable[[str], float]) -> list[Hit]:
    """Return both in one order, the best first; `some` are scored over every document, those of `whole` among them.

    `tells` says how telling a service or a group is; hits carry theirs in `data["about"]`.
    """
    scores = {hit.id: hit.score for hit in some}
    # a document that the second question did not bring up scores no more in it than the last one it did
    lowest = min(scores.values(), default=inf)
    for hit in whole:
        scores[hit.id] = scores.get(hit.id, min(hit.score, lowest)) + WHOLE
    hits = {hit.id: hit for hit in (*some, *whole)}
    order = _ordered(hits, scores)
    about = _told_by(order[:TELLERS], scores, tells)
    for key, hit in hits.items():
        scores[key] += ABOUT * sum(about.get(token, 0.0) for token in _about(hit))
    return [hit.scored(scores[hit.id]) for hit in _ordered(hits, scores)]


def _ordered(hits: dict[str, Hit], scores: dict[str, float]) -> list[Hit]:
    return sorted(hits.values(), key=lambda hit: (-scores[hit.id], hit.id))


def _told_by(first: Sequence[Hit], scores: dict[str, float], tells: Callable[[str], float]) -> dict[str, float]:
    """Return what the first answers are about, with shares that make one together."""
    votes: dict[str, float] = defaultdict(float)
    for hit in first:
        for token in _about(hit):
            votes[token] += (scores[hit.id] / scores[first[0].id]) ** 2 * tells(token)
    chosen = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:MOST_TOLD]
    whole = sum(vote for _token, vote in chosen)
    return {token: vote / whole for token, vote in chosen} if whole else {}


def _about(hit: Hit) -> frozenset[str]:
    return frozenset(str(hit.data.get("about") or "").split())
