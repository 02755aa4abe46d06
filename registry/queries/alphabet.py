"""The order of the Ukrainian alphabet, which no database here knows."""

from __future__ import annotations

from typing import Final

_ALPHABET: Final = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_ORDER: Final = {ord(letter): chr(0x100 + place) for place, letter in enumerate(_ALPHABET)}


def alphabetical(text: str) -> str:
    """Return a key whose code-point order is the order in which a reader looks for the text."""
    return text.casefold().translate(_ORDER)
