"""How the register's texts and visitors' questions are split into words, the same way for both."""

import re
from typing import Final

_WORD: Final = re.compile(r"[\w'’ʼ]+")
_APOSTROPHES: Final = ("'", "’", "`")


def words(text: str) -> list[str]:
    """Split into words as the index knows them: lower case, one kind of apostrophe."""
    for mark in _APOSTROPHES:
        text = text.replace(mark, "ʼ")
    return _WORD.findall(text.casefold())
