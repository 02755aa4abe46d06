"""The requests and documents by which engines are compared."""

from dataclasses import replace
from pathlib import Path

from search.engines.interface import (
    Alternative,
    Clause,
    Plan,
)
from tests.search.engines import STATE, plans

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 6
FAMILIES = plans(ROUNDS)
ALL = Plan(kinds=("service", "provider", "page", "competition"), limit=100)
NEXT = replace(STATE, revision=8)


def of(word, **changes):
    return replace(ALL, must=(Clause((Alternative((word,)),)),), **changes)


def ids(found):
    return [hit.id for hit in found.hits]
