"""From words of a question to what would meet them: their lemmas, words of the same root, meanings and theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from search.analysis.morphology import is_known, is_russian, lemmas, part_of_speech, russian_lemmas, stem
from search.analysis.normal import words
from search.analysis.respelling import from_russian
from search.analysis.tokens import family, keys, stopwords
from search.engines.interface import Alternative
from search.thesaurus import GROUP, PREFIX, SERVICE, WORDS, Meaning

if TYPE_CHECKING:
    from search.understanding import Lexicon

# how much a way to meet a word is worth: the word itself, what it means, its Russian likeness, its correction
EXACT, SYNONYM, RUSSIAN, CORRECTION = 1.0, 0.65, 0.7, 0.6
# what a meaning of a corrected word loses
DOUBT: Final = 0.75
# one word of a phrase, a word of the same root, a meaning of one word of a phrase, a meaning of a meaning, a mere hint
PART, FAMILY, INSIDE, SECOND, HINT = 0.6, 0.6, 0.5, 0.3, 0.3
# so many ways to meet a concept are tried, none worth less than this share of the best
MOST_WAYS: Final = 14
LEAST_WORTH: Final = 0.1
# a service or group that the words mean so surely is always among the ways
NAMED: Final = 0.6
# what a concept weighs that is mostly a service, a group, other words of the thesaurus, or in no phrase at all
KIND_WEIGHTS: Final = (1.0, 0.6, 0.6)
LEFT: Final = 0.8
# from which weight on a word of another language is another name of the same thing
SAME: Final = 0.8
ABROAD: Final = frozenset({"ru", "surzhyk"})
MOST_KEYS: Final = 10
LONG_ENOUGH: Final = 5
# what words are worth by what they are
_WORTH: Final = {"NOUN": 1.0, "ADJF": 0.7, "ADJS": 0.7, "VERB": 0.5, "INFN": 0.5, "GRND": 0.4, "ADVB": 0.4, "PRED": 0.4}
_OTHER: Final = 0.9
_EVERYWHERE: Final = ("title", "body", "provider")


@dataclass(slots=True)
class Concept:
    """One thing asked for: the words that said it, the ways to meet it, and what it was taken to mean."""

    said: str
    alternatives: list[Alternative]
    meanings: list[Meaning] = field(default_factory=list)
    weight: float = 1.0
    corrected: str = ""

    @property
    def kind(self) -> str:
        """What the concept is mostly about: a service, a group, or just words."""
        if not self.meanings:
            return "word"
        return max(self.meanings, key=lambda meaning: (meaning.weight, meaning.kind == SERVICE)).kind


class Word:
    """A word of the question with the keys it may be found by; `more` are lemmas it was read as, with their worth."""

    def __init__(self, word: str, lexicon: Lexicon) -> None:
        self.word = _with_its_apostrophe(word, lexicon)
        self.exact = lemmas(self.word)[:4]
        self.keys = keys(self.word)
        self.more: list[tuple[str, float]] = []
        self.corrected = ""
        if not is_known(self.word) and not self.word.isdigit():
            self._read_strange(lexicon)
        self._translate(lexicon)

    @property
    def worth(self) -> float:
        return _WORTH.get(part_of_speech(self.word), _OTHER)

    @property
    def likeliest(self) -> str:
        return self.more[0][0] if self.more else self.exact[0]

    def _read_strange(self, lexicon: Lexicon) -> None:
        """Look for what a word that the dictionary lacks may be: a Russian word, or a misspelt one."""
        respelled = [option for option in from_russian(self.word) if len(option) >= LONG_ENOUGH and is_known(option)]
        if russian_lemmas(self.word):
            self.more = list(dict.fromkeys((lemmas(option)[0], RUSSIAN) for option in respelled))[:2]
            return
        known = lexicon.vocabulary
        if lexicon.phrases.knows(self.keys) or self.word in known or stem(self.word) in known:
            return
        corrections = respelled[:1] or lexicon.speller.corrections(self.word)
        if corrections:
            self.corrected = corrections[0]
            found = [key for option in corrections[:2] for key in keys(option)]
            self.keys = tuple(dict.fromkeys((*self.keys, *found)))[:6]
            self.more = [(lemmas(option)[0], CORRECTION) for option in corrections[:2]]

    def _translate(self, lexicon: Lexicon) -> None:
        """Let a word of another language say the phrases of the word it is another name of, too."""
        same = [
            meaning.target
            for meaning in lexicon.phrases.of_word(self.keys)
            if meaning.kind == WORDS and meaning.language in ABROAD and meaning.weight >= SAME
        ]
        found = [key for target in same[:4] if " " not in target for key in keys(target)[:2]]
        self.keys = tuple(dict.fromkeys((*self.keys, *found)))[:MOST_KEYS]


def _with_its_apostrophe(word: str, lexicon: Lexicon) -> str:
    """Return the word with the apostrophe it lacks, or without the one it has too much."""
    if is_known(word) or is_russian(word):
        return word
    if word in lexicon.bare:
        return lexicon.bare[word]
    bare = word.replace("ʼ", "")
    return bare if bare != word and (is_known(bare) or is_russian(bare)) else word


class _Ways:
    """Gathers the ways to meet a concept, the most that each is worth."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._worth: dict[tuple[str, ...], float] = {}

    def add(self, tokens: tuple[str, ...], worth: float) -> None:
        self._worth[tokens] = max(self._worth.get(tokens, 0.0), worth)

    def add_lemma(self, token: str, worth: float) -> None:
        self.add((token,), worth)
        if root := family(token):
            self.add((root,), FAMILY * worth)

    def add_meaning(self, meaning: Meaning, damp: float, *, further: bool = True) -> None:
        if meaning.kind in PREFIX:
            self.add((meaning.token,), meaning.weight * damp)
            return
        target = tuple(dict.fromkeys(lemmas(word)[0] for word in words(meaning.target) if word not in stopwords()))
        worth = meaning.weight * SYNONYM * damp
        if len(target) == 1:
            self.add_lemma(target[0], worth)
        elif target:
            self.add(target, worth)
        if further and " " not in meaning.target:
            for one in self._lexicon.phrases.of_word(keys(meaning.target)):
                self.add_meaning(one, damp * meaning.weight * SECOND, further=False)

    def best(self) -> list[Alternative]:
        """Return the ways worth trying, each by how telling its commonest token is."""
        tells = self._lexicon.tells
        weighed = [
            Alternative(tokens, round(worth * min(map(tells, tokens)), 3), _fields_of(tokens[0]))
            for tokens, worth in self._worth.items()
        ]
        weighed.sort(key=lambda one: (-one.worth, one.tokens))
        # what a register is full of tells little, yet it is what was asked for
        named = [one for one in weighed[MOST_WAYS:] if is_named(one.tokens[0]) and self._worth[one.tokens] >= NAMED]
        least = LEAST_WORTH * weighed[0].worth
        return [one for one in weighed[:MOST_WAYS] if one.worth >= least or is_named(one.tokens[0])] + named


def is_named(token: str) -> bool:
    """Say whether the token is a service or a group of the catalogue."""
    return token[:2] in PREFIX.values()


def _fields_of(token: str) -> tuple[str, ...]:
    """Return the fields of the index where a token of this kind may stand; looking elsewhere only takes time."""
    if token[0] == "~":
        return ("body",)
    return ("needs", "body") if is_named(token) else _EVERYWHERE


def concept_of(read: Sequence[Word], meanings: Sequence[Meaning], lexicon: Lexicon) -> Concept:
    """Return what these words ask for; `meanings` are those of the phrase they make, none for a word in no phrase."""
    ways = _Ways(lexicon)
    corrected = next((one.corrected for one in read if one.corrected), "")
    damp = DOUBT if corrected else 1.0
    for one in read:
        share = EXACT if len(read) == 1 else PART * one.worth
        for token, worth in (*((token, EXACT) for token in one.exact), *one.more):
            ways.add_lemma(token, worth * share)
    if len(read) > 1:
        ways.add(tuple(dict.fromkeys(one.likeliest for one in read)), EXACT)
        for meaning in (meaning for one in read for meaning in lexicon.phrases.of_word(one.keys)):
            ways.add_meaning(meaning, INSIDE * damp)
    for meaning in meanings:
        ways.add_meaning(meaning, damp)
    if not meanings:
        for token, share in lexicon.associations.of(read[0].keys).items():
            ways.add((token,), HINT * share)
    concept = Concept(" ".join(one.word for one in read), ways.best(), list(meanings), corrected=corrected)
    concept.weight = _weight(concept, read)
    return concept


def _weight(concept: Concept, read: Sequence[Word]) -> float:
    if not concept.meanings:
        return LEFT * max(one.worth for one in read)
    service, group, other = KIND_WEIGHTS
    return {SERVICE: service, GROUP: group}.get(concept.kind, other)
