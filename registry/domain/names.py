"""How names of organisations are ordered: by the Ukrainian alphabet, by what stands in quotes if anything does."""

from __future__ import annotations

import re
from typing import Final

from registry.queries.alphabet import alphabetical

_QUOTED: Final = re.compile(r"[«\"“„](.+)")
_NOISE: Final = re.compile(r"[^\w\s]|_")


def sort_key(name: str) -> str:
    """Return a string whose code-point order is the order a reader expects, at most 120 characters."""
    quoted = _QUOTED.search(name)
    words = " ".join(_NOISE.sub("", quoted.group(1) if quoted else name).split())
    return alphabetical(words)[:120]
