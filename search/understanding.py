"""What a question asks for: needs, groups, a place, wishes; with every word that was read otherwise than typed."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from search.analysis.morphology import is_known, is_russian, lemmas, part_of_speech, russian_lemmas, stem
from search.analysis.normal import is_latin, words
from search.analysis.respelling import from_latin, from_russian, of_another_layout
from search.analysis.tokens import keys, stopwords
from search.analysis.typos import Speller
from search.documents import family
from search.engines.base import Alternative
from search.places import Gazetteer, Mention, Place
from search.thesaurus import GROUP, PREFIX, REFERENCE, SERVICE, Associations, Meaning, Phrasebook

MOST_WORDS: Final = 40
# words that may stand between those of a phrase
SLACK: Final = 2
# what a single word hints at, beside what a phrase says
HINT: Final = 0.6
INSIDE: Final = 0.75
# one word of a phrase, and a word of the same root
PART: Final = 0.5
FAMILY: Final = 0.5
# words that carry no need, by the dictionary; what others are worth by what they are
_EMPTY: Final = frozenset({"NPRO", "PREP", "CONJ", "PRCL", "INTJ", "NUMR"})
_WORTH: Final = {"NOUN": 1.0, "ADJF": 0.7, "ADJS": 0.7, "VERB": 0.5, "INFN": 0.5, "GRND": 0.4, "ADVB": 0.4, "PRED": 0.4}
LONG_ENOUGH: Final = 5
EXACT, SYNONYM, RUSSIAN, CORRECTION = 1.0, 0.8, 0.7, 0.6
_PREPOSITIONS: Final = frozenset(
    {"у", "в", "во", "з", "із", "зі", "до", "біля", "під", "на", "по", "из", "со", "м", "г"}
)
_TOWARDS: Final = frozenset({"у", "в", "во", "до", "біля", "на", "по", "м", "г"})
_FROM: Final = frozenset({"з", "із", "зі", "из", "со"})


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
        best = max(self.meanings, key=lambda meaning: (meaning.weight, meaning.kind == SERVICE))
        return best.kind


@dataclass(frozen=True, slots=True)
class Wish:
    """A word that names a filter rather than a topic; it prefers, it does not exclude."""

    said: str
    facet: str
    value: str


@dataclass(slots=True)
class Understood:
    text: str
    concepts: list[Concept] = field(default_factory=list)
    place: Place | None = None
    place_said: str = ""
    text_without_place: str = ""
    wishes: list[Wish] = field(default_factory=list)
    # typed → read as
    corrections: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.concepts and self.place is None and not self.wishes


class Lexicon:
    """Everything that reading a question needs; made once a process and again when its tables change."""

    def __init__(
        self, meanings: Iterable[Meaning], gazetteer: Gazetteer, vocabulary: Mapping[str, int], documents: int = 0
    ) -> None:
        meanings = list(meanings)
        self.phrases = Phrasebook(meanings, slack=SLACK)
        self.associations = Associations(meanings)
        self.gazetteer = gazetteer
        self.vocabulary = vocabulary
        self.size = max(documents, 1)
        self.speller = Speller(vocabulary)
        # words typed without their apostrophe
        self.bare = {word.replace("ʼ", ""): word for word in vocabulary if "ʼ" in word}
        with (REFERENCE / "cues.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.wishes = Phrasebook(Meaning(row["phrase"], row["facet"], row["value"], 1.0) for row in rows)

    def has(self, word: str) -> bool:
        """Say whether anything here or in the dictionaries knows the word."""
        return is_known(word) or is_russian(word) or word in self.vocabulary or self.phrases.knows(keys(word))

    def tells(self, token: str) -> float:
        """Return how telling a token is: 1.6 for a rare one, 0.1 for one in every document, 1 for an unknown one."""
        share = self.vocabulary.get(token, 0) / self.size
        if not share:
            return 1.0
        return max(0.1, min(1.6, 0.1 - 0.3 * math.log(share)))


def understand(text: str, lexicon: Lexicon, *, with_place: bool = True) -> Understood:
    """Read a question; never fails, whatever was typed."""
    result = Understood(text)
    typed = words(_on_our_keyboard(text, lexicon, result))[:MOST_WORDS]
    row = [_in_cyrillic(word, lexicon, result) for word in typed]
    if with_place:
        mention = _chosen(lexicon.gazetteer.mentions(row), row)
        if mention:
            result.place = mention.place
            start = mention.start - (1 if mention.start and row[mention.start - 1] in _PREPOSITIONS else 0)
            result.place_said = " ".join(typed[mention.start : mention.stop])
            result.text_without_place = " ".join([*typed[:start], *typed[mention.stop :]])
            row = [*row[:start], *row[mention.stop :]]
    stop = stopwords()
    row = [word for word in row if word not in stop] or [word for word in row if len(word) > 1]
    read = [_Read(word, lexicon, result) for word in row]
    _find_concepts(read, lexicon, result)
    return result


def _on_our_keyboard(text: str, lexicon: Lexicon, result: Understood) -> str:
    """Return the text as the same keys write it in Cyrillic, where that gives words and the Latin letters give none."""
    if not text.isascii() or not any(letter.isalpha() for letter in text):
        return text
    typed = words(text)
    if sum(lexicon.has(word) or any(map(lexicon.has, from_latin(word)[:6])) for word in typed) * 2 > len(typed):
        return text
    for option in of_another_layout(text.casefold()):
        row = words(option)
        if row and sum(lexicon.has(word) or lexicon.gazetteer.knows(word) for word in row) * 3 >= len(row) * 2:
            result.corrections.append((text, " ".join(row)))
            return option
    return text


def _in_cyrillic(word: str, lexicon: Lexicon, result: Understood) -> str:
    """Return what a word in Latin letters was meant to be, where that is a known word."""
    if not is_latin(word) or len(word) < 2:  # noqa: PLR2004
        return word
    if place := lexicon.gazetteer.in_latin(word):
        return place
    options = [*of_another_layout(word), *from_latin(word)]
    for option in options:
        if option.replace("ʼ", "").isalpha() and (
            lexicon.has(option) or (len(option) > 3 and lexicon.gazetteer.knows(option))  # noqa: PLR2004
        ):
            result.corrections.append((word, option))
            return option
    if word in lexicon.vocabulary:
        return word
    for option in options[:4]:
        for corrected in lexicon.speller.corrections(option)[:1]:
            result.corrections.append((word, corrected))
            return corrected
    return word


def _chosen(mentions: Sequence[Mention], row: Sequence[str]) -> Mention | None:
    """Return the place help is wanted in: not the one people came from, the one after «у» before others."""
    usable = [mention for mention in mentions if not (mention.start and row[mention.start - 1] in _FROM)] or list(
        mentions
    )
    if not usable:
        return None
    return max(
        usable,
        key=lambda mention: (
            mention.sure,
            bool(mention.start and row[mention.start - 1] in _TOWARDS),
            -mention.start,
        ),
    )


class _Read:
    """A word of the question with the keys it may be found by."""

    def __init__(self, word: str, lexicon: Lexicon, result: Understood) -> None:
        word = _apostrophes(word, lexicon)
        self.word = word
        self.exact = lemmas(word)[:4]
        self.keys = keys(word)
        self.more: list[tuple[str, float]] = []
        self.corrected = ""
        if is_known(word) or word.isdigit():
            return
        if russian_lemmas(word):
            options = [option for option in from_russian(word) if len(option) >= LONG_ENOUGH and is_known(option)]
            self.more = list(dict.fromkeys((lemmas(option)[0], RUSSIAN) for option in options))[:2]
            return
        if lexicon.phrases.knows(self.keys) or word in lexicon.vocabulary or stem(word) in lexicon.vocabulary:
            return
        respelled = [option for option in from_russian(word) if len(option) >= LONG_ENOUGH and is_known(option)]
        corrections = respelled[:1] or lexicon.speller.corrections(word)
        if corrections:
            self.corrected = corrections[0]
            result.corrections.append((word, corrections[0]))
            found = [key for option in corrections[:2] for key in keys(option)]
            self.keys = tuple(dict.fromkeys((*self.keys, *found)))[:6]
            self.more += [(lemmas(option)[0], CORRECTION) for option in corrections[:2]]


def _apostrophes(word: str, lexicon: Lexicon) -> str:
    """Return the word with the apostrophe it lacks, or without the one it has too much."""
    if is_known(word) or is_russian(word):
        return word
    if word in lexicon.bare:
        return lexicon.bare[word]
    bare = word.replace("ʼ", "")
    return bare if bare != word and (is_known(bare) or is_russian(bare)) else word


def _find_concepts(read: Sequence[_Read], lexicon: Lexicon, result: Understood) -> None:
    used: set[int] = set()
    for match in lexicon.phrases.matches([one.keys for one in read]):
        used.update(match.places)
        result.concepts.append(_concept([read[place] for place in match.places], match.meanings, lexicon))
    left = [place for place in range(len(read)) if place not in used]
    for match in lexicon.wishes.matches([read[place].keys for place in left]):
        said = " ".join(read[left[place]].word for place in match.places)
        result.wishes += [Wish(said, wish.kind, wish.target) for wish in match.meanings]
        used.update(left[place] for place in match.places)
    leftover = [one for place, one in enumerate(read) if place not in used]
    telling = [
        one for one in leftover if one.corrected or part_of_speech(one.word) not in _EMPTY and not one.word.isdigit()
    ]
    for one in telling or ([] if result.concepts or result.wishes or result.place else leftover):
        result.concepts.append(_concept([one], (), lexicon))


def _concept(read: Sequence[_Read], meanings: Sequence[Meaning], lexicon: Lexicon) -> Concept:
    alternatives: dict[tuple[str, ...], Alternative] = {}

    def add(tokens: tuple[str, ...], worth: float) -> None:
        known = alternatives.get(tokens)
        if known is None or known.worth < worth:
            alternatives[tokens] = Alternative(tokens, round(worth, 3))

    def add_meaning(meaning: Meaning, damp: float) -> None:
        if meaning.kind in PREFIX:
            add((meaning.token,), meaning.weight * damp)
            return
        target = tuple(dict.fromkeys(lemmas(word)[0] for word in words(meaning.target) if word not in stopwords()))
        if target:
            add(target, meaning.weight * SYNONYM * damp)

    corrected = next((one.corrected for one in read if one.corrected), "")
    damp = CORRECTION / SYNONYM if corrected else 1.0
    for one in read:
        share = EXACT if len(read) == 1 else PART * _WORTH.get(part_of_speech(one.word), 0.9)
        for token, worth in (*((token, EXACT) for token in one.exact), *one.more):
            add((token,), worth * share)
            if root := family(token):
                add((root,), FAMILY * worth * share)
    if len(read) > 1:
        add(tuple(dict.fromkeys((one.more or [(one.exact[0], EXACT)])[0][0] for one in read)), EXACT)
        for one in read:
            for meaning in lexicon.phrases.of_word(one.keys):
                add_meaning(meaning, INSIDE * damp)
    for meaning in meanings:
        add_meaning(meaning, damp)
    if not meanings:
        for one in read:
            for token, share in lexicon.associations.of(one.keys).items():
                add((token,), HINT * share)
    weighed = [
        replace(one, worth=round(one.worth * min(lexicon.tells(token) for token in one.tokens), 3))
        for one in alternatives.values()
    ]
    concept = Concept(" ".join(one.word for one in read), weighed, list(meanings), corrected=corrected)
    if meanings:
        concept.weight = {SERVICE: 1.2, GROUP: 0.6}.get(concept.kind, 0.9)
    else:
        concept.weight = 0.8 * max(_WORTH.get(part_of_speech(one.word), 0.9) for one in read)
    return concept
