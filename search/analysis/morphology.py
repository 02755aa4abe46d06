"""Lemmas: one for a word of a text, all that are possible for a word of a question.

The accurate provider is pymorphy3 with its Ukrainian dictionary; without it a light stemmer of our own serves. Of
several lemmas a text gets the one with the greatest prior: a fixed table, so that all processes and engines agree.
"""

from __future__ import annotations

import importlib.util
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from search.analysis.normal import APOSTROPHE

_PRIOR: Final = Path(__file__).resolve().parents[1] / "reference" / "prior.json"
# longest endings first; what is left has at least three letters
_ENDINGS: Final = re.compile(
    r"(?<=\w{3})(?:юваннями|уваннями|ваннями|аннями|ення|іння|ання|ими|ого|ому|ою|ею|ами|ями|ах|ях|ів|їв|ий|ій|их|им|"
    r"ові|еві|ати|ити|іти|ує|ють|ать|ять|ам|ям|ом|ем|ї|і|и|у|ю|а|я|о|е|є|ь|й)$"
)


def _analyser(language: str) -> Any:
    if importlib.util.find_spec("pymorphy3") is None:
        return None
    if importlib.util.find_spec(f"pymorphy3_dicts_{language}") is None:
        return None
    import pymorphy3  # noqa: PLC0415 half a second and 30 MB that a process without search need not pay

    return pymorphy3.MorphAnalyzer(lang=language)


@lru_cache(maxsize=2)
def analyser(language: str) -> Any:
    """Return pymorphy's analyser of a language, None where it is not installed."""
    return _analyser(language)


@lru_cache(maxsize=1)
def prior() -> dict[str, int]:
    """Return how common each lemma is in the texts of the field; only lemmas that compete with another are there."""
    return json.loads(_PRIOR.read_text(encoding="utf-8")) if _PRIOR.exists() else {}


def provider() -> str:
    return "pymorphy3" if analyser("uk") else "stems"


@lru_cache(maxsize=50_000)
def is_known(word: str) -> bool:
    """Say whether the Ukrainian dictionary has the word; without a dictionary no word is known."""
    morphology = analyser("uk")
    return bool(morphology and morphology.word_is_known(_spelled(word)))


@lru_cache(maxsize=50_000)
def is_russian(word: str) -> bool:
    morphology = analyser("ru")
    return bool(morphology and morphology.word_is_known(word.replace(APOSTROPHE, "")))


@lru_cache(maxsize=200_000)
def lemmas(word: str) -> tuple[str, ...]:
    """Return every lemma the word may have, the most likely first; the word itself where it has none."""
    morphology = analyser("uk")
    if morphology is None or word.isdigit():
        return (stem(word),)
    if not morphology.word_is_known(_spelled(word)):
        return _unknown(word)
    found: dict[str, float] = {}
    for parse in morphology.parse(_spelled(word)):
        name = _unspelled(parse.normal_form)
        found[name] = max(found.get(name, 0.0), parse.score)
    known = prior()
    return tuple(sorted(found, key=lambda name: (-known.get(name, 0), -found[name], len(name), name)))


def _unknown(word: str) -> tuple[str, ...]:
    """Return the word's stem, and of a compound its last part: the dictionary's guesses mislead more than they help."""
    return (stem(word),)


@lru_cache(maxsize=50_000)
def part_of_speech(word: str) -> str:
    """Return the dictionary's name of what the word mostly is (NOUN, VERB, NPRO…); nothing for an unknown one."""
    for language, known in (("uk", is_known), ("ru", is_russian)):
        morphology = analyser(language)
        if morphology is not None and known(word):
            return str(morphology.parse(_spelled(word))[0].tag.POS or "")
    return ""


@lru_cache(maxsize=50_000)
def russian_lemmas(word: str) -> tuple[str, ...]:
    """Return the lemmas of a Russian word; nothing where the dictionary lacks it."""
    morphology = analyser("ru")
    if morphology is None or not morphology.word_is_known(word):
        return ()
    return tuple(dict.fromkeys(parse.normal_form.replace("ё", "е") for parse in morphology.parse(word)))


def lemma(word: str) -> str:
    """Return the one lemma that stands for the word in an index."""
    return lemmas(word)[0]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Cut the ending off."""
    return _ENDINGS.sub("", word)


def _spelled(word: str) -> str:
    """Return the word as the dictionary spells apostrophes."""
    return word.replace(APOSTROPHE, "'")


def _unspelled(word: str) -> str:
    return word.replace("'", APOSTROPHE)
