"""What a question asks for: needs, groups, a place, wishes; with every word that was read otherwise than typed."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from search.analysis.morphology import is_known, is_russian, part_of_speech
from search.analysis.normal import is_latin, words
from search.analysis.respelling import by_ear, from_latin, of_another_layout
from search.analysis.tokens import keys, stopwords
from search.analysis.typos import Speller
from search.concepts import Concept, Word, concept_of
from search.needs import need_model
from search.places import Gazetteer, Mention, Place
from search.thesaurus import GROUP, REFERENCE, Associations, Meaning, Phrasebook, content_words

MOST_WORDS: Final = 40
# the heaviest things asked for; nobody means more at once
MOST_CONCEPTS: Final = 10
# words that may stand between those of a phrase
SLACK: Final = 2
# a word of three letters sounds like too many others
SHORTEST_BY_EAR: Final = 4
# an age that tells whom a question is about: from, up to, the group; a bare number counts only where it says so
AGES: Final = ((0, 17, "families-with-children", False), (60, 110, "older-people", True))
YEARS: Final = frozenset({"рік", "год", "лет", "рочок"})
# words that carry no need, by the dictionary
_EMPTY: Final = frozenset({"NPRO", "PREP", "CONJ", "PRCL", "INTJ", "NUMR"})
_PREPOSITIONS: Final = frozenset(
    {"у", "в", "во", "з", "із", "зі", "до", "біля", "під", "на", "по", "из", "со", "м", "г"}
)
_TOWARDS: Final = frozenset({"у", "в", "во", "до", "біля", "на", "по", "м", "г"})
_FROM: Final = frozenset({"з", "із", "зі", "из", "со"})


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
    # what the whole of it is about, learned from phrases: needs with their shares, the likeliest first
    needs: list[tuple[str, float]] = field(default_factory=list)
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
    row = [_by_ear(word, lexicon, result) for word in content_words(row)]
    read = [Word(word, lexicon) for word in row]
    result.corrections += [(one.word, one.corrected) for one in read if one.corrected]
    _find_concepts(read, lexicon, result)
    result.needs = need_model().meant([(one.word, one.keys) for one in read])
    return result


def _on_our_keyboard(text: str, lexicon: Lexicon, result: Understood) -> str:
    """Return the text as the same keys write it in Cyrillic, where that gives words and the Latin letters give none."""
    if not text.isascii() or not any(letter.isalpha() for letter in text):
        return text
    # a letter or two are a word of any language
    typed = [word for word in words(text) if len(word) > 2] or words(text)  # noqa: PLR2004
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
    meant = _meant_in_latin(word, lexicon)
    if meant != word:
        result.corrections.append((word, meant))
    return meant


def _meant_in_latin(word: str, lexicon: Lexicon) -> str:
    """Return the known word that these Latin letters spell, or the same keys type; else one near to it, else itself."""
    options = [*from_latin(word), *of_another_layout(word)]
    # a word of our language before one that is known for being Russian
    for option in sorted(options, key=lambda option: not is_known(option) and option not in lexicon.bare):
        if option in lexicon.bare:
            return lexicon.bare[option]
        if option.replace("ʼ", "").isalpha() and (
            lexicon.has(option) or (len(option) > 3 and lexicon.gazetteer.knows(option))  # noqa: PLR2004
        ):
            return option
    if word in lexicon.vocabulary:
        return word
    return next((corrected for option in options[:4] for corrected in lexicon.speller.corrections(option)[:1]), word)


def _by_ear(word: str, lexicon: Lexicon, result: Understood) -> str:
    """Return the Russian word that was written in Ukrainian letters as it sounds, where nothing knows it as it is."""
    if len(word) < SHORTEST_BY_EAR or word.isdigit() or lexicon.has(word) or word in lexicon.bare:
        return word
    for option in by_ear(word):
        if is_russian(option):
            result.corrections.append((word, option))
            return option
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


def _find_concepts(read: Sequence[Word], lexicon: Lexicon, result: Understood) -> None:
    """Find phrases, then wishes among what is left, then take the telling words that remain."""
    used: set[int] = set()
    for match in lexicon.phrases.matches([one.keys for one in read]):
        used.update(match.places)
        result.concepts.append(concept_of([read[place] for place in match.places], match.meanings, lexicon))
    _find_age(read, lexicon, result, used)
    left = [place for place in range(len(read)) if place not in used]
    for match in lexicon.wishes.matches([read[place].keys for place in left]):
        said = " ".join(read[left[place]].word for place in match.places)
        result.wishes += [Wish(said, wish.kind, wish.target) for wish in match.meanings]
        used.update(left[place] for place in match.places)
    leftover = [one for place, one in enumerate(read) if place not in used and one.word not in stopwords()]
    nothing_else = not (result.concepts or result.wishes or result.place)
    for one in [one for one in leftover if _is_telling(one)] or (leftover if nothing_else else []):
        result.concepts.append(concept_of([one], (), lexicon))
    heaviest = sorted(result.concepts, key=lambda concept: -concept.weight)[:MOST_CONCEPTS]
    result.concepts = [concept for concept in result.concepts if any(concept is one for one in heaviest)]


def _find_age(read: Sequence[Word], lexicon: Lexicon, result: Understood, used: set[int]) -> None:
    """Take an age («87 років», «їй 82») for the group of people that it tells."""
    for place, one in enumerate(read):
        if place in used or not one.word.isdecimal() or len(one.word) > 3:  # noqa: PLR2004
            continue
        years = place + 1 < len(read) and bool(YEARS.intersection((*read[place + 1].exact, read[place + 1].word)))
        for first, last, group, bare in AGES:
            if first <= int(one.word) <= last and (years or bare):
                said = [one, *([read[place + 1]] if years else [])]
                meaning = Meaning(" ".join(word.word for word in said), GROUP, group, 1.0)
                result.concepts.append(concept_of(said, (meaning,), lexicon))
                used.update(range(place, place + len(said)))


def _is_telling(one: Word) -> bool:
    return bool(one.corrected) or not (one.word.isdigit() or part_of_speech(one.word) in _EMPTY)
