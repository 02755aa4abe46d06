"""What a reader may have been looking for, by the words of an address that leads nowhere."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

LONGEST: Final = 80
MOST: Final = 6
_APART: Final = re.compile(r"[^\w'’ʼ]+|_")
# parts of our own addresses, and endings of files
_NO_WORDS: Final = frozenset(
    [
        "en",
        "uk",
        "help",
        "news",
        "registry",
        "services",
        "territories",
        "search",
        "competitions",
        "contracts",
        "orders",
        "map",
        "figures",
        "cabinet",
        "admin",
        "api",
        "html",
        "htm",
        "php",
        "asp",
        "aspx",
        "index",
        "www",
        "pdf",
    ]
)


def words_of_address(path: str) -> str:
    """Return the words of a path, the last ones first to be kept; nothing where it holds only codes."""
    words = [word for word in _APART.split(unquote(path).casefold()) if word]
    told = [word for word in words if word not in _NO_WORDS and not any(map(str.isdigit, word)) and len(word) > 1]
    return " ".join(told[-MOST:])[:LONGEST]
