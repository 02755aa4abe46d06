"""Words as keys: what two spellings of one word share, whatever the language and the case."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from search.analysis.morphology import is_known, lemmas, russian_lemmas, stem
from search.analysis.normal import words

_STOP: Final = Path(__file__).resolve().parents[1] / "reference" / "stopwords.txt"
MOST_KEYS: Final = 5
# how many letters words of one root share
ROOT: Final = 5


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """Return the words that carry no need, in the forms people type them."""
    return frozenset(word for line in _STOP.read_text(encoding="utf-8").splitlines() for word in words(line))


@lru_cache(maxsize=200_000)
def keys(word: str) -> tuple[str, ...]:
    """Return what the word may be found by: its Ukrainian lemmas, its Russian ones, else its stem."""
    found = list(lemmas(word)[:3]) if is_known(word) else []
    found += russian_lemmas(word)[:2]
    if not found:
        found = [word, stem(word)]
    elif not is_known(word):
        found.append(stem(word))
    return tuple(dict.fromkeys(found))[:MOST_KEYS]


def tokens(text: str) -> list[str]:
    """Return the canonical lemmas of a text without the words that carry nothing, unless there are no others."""
    stop = stopwords()
    row = words(text)
    told = [word for word in row if word not in stop and not (len(word) == 1 and word.isalpha())]
    return [lemmas(word)[0] for word in told or row]


def families(tokens: Iterable[str]) -> list[str]:
    """Return what words of one root share: «догляд», «доглядати» and «доглядальниця» are one family."""
    # `family` written out: it is asked of every token of every document
    return sorted({f"~{token[:ROOT]}" for token in tokens if len(token) > ROOT and token.isalpha()})


def families_among(tokens: Iterable[str], wanted: Container[str]) -> set[str]:
    """Return those of the wanted families that the tokens have."""
    return {one for token in tokens if (one := f"~{token[:ROOT]}") in wanted and len(token) > ROOT and token.isalpha()}


def family(token: str) -> str:
    """Return the family of a lemma; nothing for a short word, a slug or a number."""
    return f"~{token[:ROOT]}" if len(token) > ROOT and token.isalpha() else ""
