"""The language that the reader of a page has chosen."""

from __future__ import annotations

from django.utils.translation import get_language


def reader_language() -> str:
    """Return `uk` or `en`: a variant (`en-gb`) is its language, and where none is chosen it is Ukrainian."""
    return (get_language() or "uk")[:2]
