"""As much Ukrainian grammar as invented texts need: cases of place names, у or в, Latin letters for addresses."""

from __future__ import annotations

import re
from typing import Final

_VOWELS: Final = frozenset("аеєиіїоуюя")
# before these у stands whatever comes before it
_HARD: Final = re.compile(r"(?:в|ф|льв|хв|св|тв|дв|зв)", re.IGNORECASE)
_PREPOSITION: Final = re.compile(r"(^|.)( ?)\[([уУ])\] (\w+)", re.DOTALL)
_LATIN: Final = {
    **dict(zip("абвгґдезиіклмнопрстуф", "abvhgdezyiklmnoprstuf", strict=True)),
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "є": "ie",
    "ї": "i",
    "й": "i",
    "ю": "iu",
    "я": "ia",
}
_LATIN_AT_START: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def genitive(name: str) -> str:
    """Decline a feminine adjective name: «Диканська» → «Диканської», «Верхня» → «Верхньої»."""
    return f"{name[:-2]}ньої" if name.endswith("ня") else f"{name[:-1]}ої"


def locative(name: str) -> str:
    """Decline a feminine adjective name: «Диканська» → «Диканській», «Верхня» → «Верхній»."""
    return f"{name[:-1]}ій"


def genitive_masculine(name: str) -> str:
    """Decline a raion's name: «Полтавський» → «Полтавського»."""
    return f"{name[:-2]}ого"


def locative_masculine(name: str) -> str:
    """Decline a raion's name: «Полтавський» → «Полтавському»."""
    return f"{name[:-2]}ому"


def settle_prepositions(text: str) -> str:
    """Choose between у and в wherever a text leaves it open as «[у]», by the sounds around it."""

    def choose(found: re.Match[str]) -> str:
        before, space, letter, word = found.groups()
        chosen = "у" if _needs_u(before, word) else "в"
        return f"{before}{space}{chosen.upper() if letter == 'У' else chosen} {word}"

    return _PREPOSITION.sub(choose, text) if "[" in text else text


def _needs_u(before: str, word: str) -> bool:
    if _HARD.match(word):
        return True
    if word[0].lower() in _VOWELS:
        return False
    return before.lower() not in _VOWELS


def latin(text: str) -> str:
    """Write a name in Latin letters (resolution 55 of 2010) joined by hyphens, as web addresses take them."""
    words = re.findall(r"[\w’ʼ']+", text.lower().replace("зг", "zgh"))
    return "-".join(filter(None, (_latin_word(word) for word in words)))


def _latin_word(word: str) -> str:
    letters = [_LATIN_AT_START.get(word[0], _LATIN.get(word[0], word[0])), *(_LATIN.get(one, one) for one in word[1:])]
    return "".join(one for one in "".join(letters) if one.isascii() and one.isalnum())
