"""What in a text looks like data about a person: to warn whoever is about to send it, never to refuse them.

Names are those that the dictionary calls given names, surnames and patronymics; the rest are patterns.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from stdnum.ua import rntrc


class SuspectKind(TextChoices):
    NAME = "name", _("a person's name")
    TAXPAYER = "taxpayer", _("a taxpayer number")
    PASSPORT = "passport", _("a passport")
    BIRTH = "birth", _("a date of birth")
    PHONE = "phone", _("a phone number")
    EMAIL = "email", _("an e-mail address")
    ADDRESS = "address", _("a home address")


@dataclass(frozen=True, slots=True, order=True)
class Suspect:
    """A place of a text: `words` as they stand there, from the sign `start` on."""

    start: int
    words: str
    kind: SuspectKind

    @property
    def end(self) -> int:
        return self.start + len(self.words)


_K: Final = SuspectKind
_STREET: Final = (
    r"(?:вул|вулиц\w+|просп|проспект\w*|пров|провулк\w+|провулок|бул|бульвар\w*|пл|площ\w+|майдан\w*|наб|набережн\w+|шосе|"
    r"узв|узвоз\w*|узвіз|тупик\w*|мікрорайон\w*|мкр)"
)
_HOUSE: Final = r"(?:буд(?:\.|ин\w+)?\s*|№\s*)?\d+[-/]?\w?"
_DAY: Final = r"\d{1,2}[./]\d{1,2}[./]\d{2,4}"
_PATTERNS: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (_K.EMAIL, r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        (_K.PHONE, r"(?<![\d.,-])(?:\+?38[\s(-]*)?\(?0\d{2}\)?[\s-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}(?![\d-])"),
        (
            _K.PASSPORT,
            r"(?<!\w)[А-ЯІЇЄҐ]{2}\s?№?\s?\d{6}(?!\d)|(?<!\d)\d{8}-\d{5}(?!\d)|паспорт\w*[^\d\n]{0,20}\d{6,9}",
        ),
        (_K.TAXPAYER, r"(?:РНОКПП|ІПН|ідентифікаційн\w+ (?:код|номер)\w*)[^\d\n]{0,15}\d{10}"),
        (_K.BIRTH, rf"{_DAY}\s*(?:р\.?\s*н|року народж)\w*\.?|(?:народ(?:ж|ил)\w+|нар\.)[^\d\n]{{0,12}}{_DAY}"),
        (_K.ADDRESS, rf"(?<!\w){_STREET}(?:\.|\s)\s*[^,.;\n\d]{{2,40}},?\s*{_HOUSE}(?:,?\s*кв(?:\.|артир\w+)?\s*\d+)?"),
        (_K.ADDRESS, r"(?<!\w)кв(?:\.|артир\w+)\s*№?\s*\d+"),
    )
)
_TEN_DIGITS: Final = re.compile(r"(?<![\d.,-])\d{10}(?![\d.,-]*\d)")
_WORD: Final = re.compile(r"[A-Za-zА-ЯІЇЄҐа-яіїєґ][A-Za-zА-ЯІЇЄҐа-яіїєґ'’ʼ]*(?:-[А-ЯІЇЄҐа-яіїєґ'’ʼ]+)*")
# «І. П.» and «І.П.»
_INITIALS: Final = r"[А-ЯІЇЄҐ]\.\s?(?:[А-ЯІЇЄҐ]\.)?"
_SURNAME: Final = r"[А-ЯІЇЄҐ][а-яіїєґ'’ʼ]+(?:-[А-ЯІЇЄҐ][а-яіїєґ'’ʼ]+)?"
_WITH_INITIALS: Final = re.compile(
    rf"(?<!\w){_SURNAME}\s+{_INITIALS}(?!\w|\s?[А-ЯІЇЄҐ][а-яіїєґ])|(?<![\w.]){_INITIALS}\s?{_SURNAME}(?!\w)"
)
# a street, a school, a prize bears a name and tells of nobody
_NAMED_AFTER: Final = re.compile(rf"(?:(?<!\w){_STREET}\.?|\bім(?:ені|\.))\s*$", re.IGNORECASE)
# «у Києві», «м. Миколаїв»: a town, though the dictionary has people of that name
_AT_PLACE: Final = re.compile(
    r"(?:(?<!\w)(?:у|в|до|з|із|зі|під|біля|м\.|с\.|смт|міст\w+|сел\w+|громад\w+))\s*$", re.IGNORECASE
)
_NAMES: Final = frozenset({"Name", "Surn", "Patr"})
_LONGEST_SHORTENING: Final = 3
# signs before a word that say what it is
_LOOK_BACK: Final = 30


def suspects(text: str) -> list[Suspect]:
    """Return what in the text looks like a person's name or another piece of personal data, in the text's order."""
    found = [
        Suspect(match.start(), match.group().strip(), kind) for kind, rule in _PATTERNS for match in rule.finditer(text)
    ]
    numbers = _TEN_DIGITS.finditer(text)
    found += [Suspect(one.start(), one.group(), _K.TAXPAYER) for one in numbers if rntrc.is_valid(one.group())]
    found += [Suspect(one.start(), one.group(), _K.NAME) for one in _WITH_INITIALS.finditer(text)]
    found += _named(text)
    return list(_without_overlaps(sorted(found, key=lambda one: (one.start, -len(one.words)))))


def _without_overlaps(found: list[Suspect]) -> Iterator[Suspect]:
    end = -1
    for one in found:
        if one.start >= end:
            yield one
            end = one.end


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    text: str
    # what parts of a name the dictionary takes it for
    parts: frozenset[str]
    # the dictionary knows it as nothing else
    is_only_name: bool
    is_capital: bool
    begins_sentence: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _named(text: str) -> Iterator[Suspect]:
    """Find names: words of a name that stand side by side, a patronymic alone, a name alone within a sentence."""
    for run in _runs(text):
        before = text[max(0, run[0].start - _LOOK_BACK) : run[0].start]
        is_place = len(run) == 1 and not run[0].is_only_name and _AT_PLACE.search(before)
        if _is_name(run) and not is_place and not _NAMED_AFTER.search(before):
            yield Suspect(run[0].start, text[run[0].start : run[-1].end], _K.NAME)


def _is_name(run: list[_Word]) -> bool:
    if len(run) > 1:
        return any(word.is_only_name or (word.is_capital and {"Name", "Patr"} & word.parts) for word in run)
    (word,) = run
    if "Patr" in word.parts and word.is_only_name:
        return True
    return (word.is_capital and word.is_only_name) or (word.is_capital and not word.begins_sentence)


def _runs(text: str) -> Iterator[list[_Word]]:
    """Cut the text into words of names that only spaces divide; a strange capital word between them belongs to them."""
    run: list[_Word] = []
    for word in _words(text):
        if run and not text[run[-1].end : word.start].isspace():
            yield from _ended(run)
            run = []
        is_strange = word.is_capital and not word.begins_sentence and not _dictionary_has(word.text)
        if word.parts or (run and is_strange):
            run.append(word)
        else:
            yield from _ended(run)
            run = []
    yield from _ended(run)


def _ended(run: list[_Word]) -> Iterator[list[_Word]]:
    if run:
        yield run


def _words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        shown = match.group()
        before = text[: match.start()].rstrip(' \t«"“(—–-')
        is_shortening = shown.isupper() and len(shown) <= _LONGEST_SHORTENING
        parts, is_only = (
            (frozenset[str](), False) if is_shortening else _parts(shown.replace("’", "'").replace("ʼ", "'").lower())
        )
        yield _Word(match.start(), shown, parts, is_only, shown[0].isupper(), not before or before[-1] in ".!?…:;\n\r•")


@lru_cache(maxsize=20_000)
def _parts(word: str) -> tuple[frozenset[str], bool]:
    """Return the parts of a name that the dictionary finds in a word, and whether it finds nothing else."""
    dictionary = _dictionary()
    if dictionary is None or not dictionary.word_is_known(word):
        return frozenset(), False
    tags = [set(parse.tag.grammemes) for parse in dictionary.parse(word)]
    found = frozenset(part for tag in tags for part in tag & _NAMES)
    return found, bool(found) and all(tag & _NAMES for tag in tags)


def _dictionary_has(word: str) -> bool:
    dictionary = _dictionary()
    return bool(dictionary and dictionary.word_is_known(word.replace("’", "'").replace("ʼ", "'").lower()))


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    """Return the Ukrainian dictionary, None where it is not installed: then patterns alone are looked for."""
    if importlib.util.find_spec("pymorphy3") is None or importlib.util.find_spec("pymorphy3_dicts_uk") is None:
        return None
    import pymorphy3  # noqa: PLC0415 30 MB that only a process which checks texts pays

    return pymorphy3.MorphAnalyzer(lang="uk")
