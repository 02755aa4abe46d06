"""How plain a text is: lengths of sentences and words, and words of offices for which there are plain ones.

No index of one number is computed: the known formulas were fitted to other languages. What is counted can be mended
by the editor: a sentence is divided, a word is changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

# a sentence that most people read in one breath, and what the sentences of a page should be on average
LONG_SENTENCE: Final = 20
GOOD_AVERAGE: Final = 14
# so many syllables make a word long, and so large a share of such words a text hard
LONG_WORD: Final = 5
GOOD_SHARE: Final = 0.12
# shares of sentences in which nobody does anything, and of words of offices to all words
GOOD_PASSIVE: Final = 0.10
GOOD_OFFICE: Final = 0.01
SHOWN: Final = 5

_FOLDER: Final = Path(__file__).parent
_ENDS: Final = re.compile(r"(?<=[.!?…])\s+(?=[«\"„(]?[A-ZА-ЯІЇЄҐ0-9])")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")
_VOWEL: Final = re.compile(r"[аеєиіїоуюяaeiouy]", re.IGNORECASE)
# «надано», «прийнято»: something was done, and nobody did it
_DONE: Final = re.compile(r"\b\w{3,}(?:ано|яно|ено|єно|ито|уто|ято)\b", re.IGNORECASE)
_NO_DOERS: Final = frozenset(
    [
        "погано",
        "рано",
        "зарано",
        "зелено",
        "шалено",
        "скажено",
        "рівно",
        "повно",
        "видно",
        "жадано",
        "звано",
        "дарма",
        "завчано",
        "непогано",
        "яскраво",
        "спокійно",
        "несказано",
        "бажано",
        "небажано",
        "нерозказано",
        "відомо",
        "залито",
        "свято",
        "багато",
        "затято",
    ]
)


@dataclass(frozen=True, slots=True)
class OfficeWord:
    """A word of offices in the text, how often it stands there and what says the same plainly."""

    said: str
    times: int
    plainly: str


@dataclass(slots=True)
class Reading:
    """What was counted; `long_sentences` are the longest ones with their numbers of words."""

    words: int = 0
    sentences: int = 0
    average: float = 0.0
    long_sentences: list[tuple[str, int]] = field(default_factory=list)
    long_words: list[str] = field(default_factory=list)
    long_share: float = 0.0
    passives: list[str] = field(default_factory=list)
    passive_share: float = 0.0
    office: list[OfficeWord] = field(default_factory=list)
    office_share: float = 0.0

    @property
    def faults(self) -> list[str]:
        """Name what is over its measure: `sentences`, `words`, `passive`, `office`."""
        over = {
            "sentences": self.average > GOOD_AVERAGE or bool(self.long_sentences),
            "words": self.long_share > GOOD_SHARE,
            "passive": self.passive_share > GOOD_PASSIVE,
            "office": self.office_share > GOOD_OFFICE,
        }
        return [name for name, is_over in over.items() if is_over]

    @property
    def long_share_percent(self) -> int:
        return round(self.long_share * 100)

    @property
    def passive_share_percent(self) -> int:
        return round(self.passive_share * 100)

    @property
    def is_plain(self) -> bool:
        return not self.faults


def measure(lines: Iterable[str], language: str) -> Reading:
    """Return the reading of a text given as paragraphs, in `uk` or `en`."""
    sentences = [one for line in lines for one in _ENDS.split(line) if _WORD.search(one)]
    if not sentences:
        return Reading()
    lengths = [len(_WORD.findall(one)) for one in sentences]
    words = [word for one in sentences for word in _WORD.findall(one)]
    long_words = [word for word in words if len(_VOWEL.findall(word)) >= LONG_WORD]
    passives = [one for one in sentences if _is_passive(one, language)]
    office = _office_words(" ".join(sentences), language)
    told = sorted(zip(sentences, lengths, strict=True), key=lambda one: -one[1])
    return Reading(
        words=len(words),
        sentences=len(sentences),
        average=len(words) / len(sentences),
        long_sentences=[one for one in told if one[1] > LONG_SENTENCE][:SHOWN],
        long_words=_commonest(long_words),
        long_share=len(long_words) / len(words),
        passives=passives[:SHOWN],
        passive_share=len(passives) / len(sentences),
        office=office[: 2 * SHOWN],
        office_share=sum(one.times for one in office) / len(words),
    )


def _is_passive(sentence: str, language: str) -> bool:
    low = sentence.casefold()
    if any(re.search(rf"\b{re.escape(one)}\b", low) for one in _passives(language)):
        return True
    return language == "uk" and any(word not in _NO_DOERS for word in _DONE.findall(low))


def _office_words(text: str, language: str) -> list[OfficeWord]:
    low = text.casefold()
    found = []
    for said, plainly in _plain_words(language).items():
        met = re.findall(rf"\b{re.escape(said)}\w*", low)
        if met:
            found.append(OfficeWord(met[0].strip(), len(met), plainly))
    return sorted(found, key=lambda one: (-one.times, one.said))


def _commonest(words: Sequence[str]) -> list[str]:
    counted: dict[str, int] = {}
    for word in words:
        counted[word.casefold()] = counted.get(word.casefold(), 0) + 1
    return sorted(counted, key=lambda word: (-counted[word], word))[: 2 * SHOWN]


@lru_cache(maxsize=4)
def _plain_words(language: str) -> dict[str, str]:
    told: dict[str, dict[str, str]] = json.loads((_FOLDER / "words.json").read_text(encoding="utf-8"))
    return told.get(language, {})


@lru_cache(maxsize=4)
def _passives(language: str) -> tuple[str, ...]:
    told: dict[str, list[str]] = json.loads((_FOLDER / "passives.json").read_text(encoding="utf-8"))
    return tuple(told.get(language, ()))
