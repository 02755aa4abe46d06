"""Letters and words: one spelling of each letter, one kind of apostrophe, Latin look-alikes repaired."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

APOSTROPHE: Final = "ʼ"
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘`´ʹ′＇ʼ"), APOSTROPHE)
# soft hyphen, zero-width signs, marks of direction, byte order mark
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_STRESS: Final = re.compile("[\u0300\u0301\u0341]")
_WORD: Final = re.compile(rf"[^\W_]+(?:[{APOSTROPHE}\-][^\W_]+)*")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_LATIN: Final = re.compile(r"[a-z]", re.IGNORECASE)
_LOOK_ALIKE: Final = str.maketrans("aceiopxyABCEHIKMOPTXyk", "асеіорхуАВСЕНІКМОРТХук")
LONGEST_WORD: Final = 60


def normalise(text: str) -> str:
    """Return the text in composed letters without stress marks and invisible signs, apostrophes of one kind."""
    text = _INVISIBLE.sub("", _CONTROL.sub(" ", text))
    text = _STRESS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).translate(_APOSTROPHES)


def words(text: str) -> list[str]:
    """Return the words in lower case; a word of mixed scripts that is mostly Cyrillic is repaired."""
    return [_repaired(found)[:LONGEST_WORD] for found in _WORD.findall(normalise(text).casefold())]


def _repaired(word: str) -> str:
    if _CYRILLIC.search(word) and _LATIN.search(word):
        return word.translate(_LOOK_ALIKE)
    return word


def is_cyrillic(word: str) -> bool:
    return bool(_CYRILLIC.search(word))


def is_latin(word: str) -> bool:
    return bool(_LATIN.search(word)) and not _CYRILLIC.search(word)
