"""The script that is published beside the results, as text."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script_text() -> str:
    """Return rank.py as it is published: the very bytes that the tests run."""
    return files("procurement.published").joinpath("rank.py").read_text(encoding="utf-8")
