"""What is shipped in every snapshot as it is: how to read it and how to check it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script() -> bytes:
    """Return the script that checks the manifest; it is the one that checks dossiers too."""
    return files("procurement.published").joinpath("verify.py").read_bytes()


@cache
def readme() -> str:
    return files(__name__).joinpath("README.md").read_text(encoding="utf-8")
