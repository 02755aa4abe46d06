"""What was understood of a question and what narrows it, each with the address of the list without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from registry.interfaces.facets import Chip
from registry.interfaces.facets import Facet as Ticked
from registry.queries.access_profiles import profiles
from search.analysis.normal import words
from search.answering import Answer
from search.interfaces.questions import ReadQuestion, names_of_tokens, parameters
from search.thesaurus import GROUP, SERVICE, Meaning
from search.understanding import Concept, Understood

_WORDS_SHOWN: Final = 5
_SURE: Final = 0.6


def understood_chips(read: ReadQuestion, answer: Answer, known: Mapping[str, Mapping[str, str]]) -> list[Chip]:
    """Return the needs, groups, words, wishes and the place that the words were taken for."""
    seen = answer.understood
    chips = _concepts(read, seen, known)
    if read.place:
        chips.append(Chip(_("place"), read.place.label, parameters(read, place=None, page=None)))
    elif seen.place:
        rest = parameters(read, q=seen.text_without_place, page=None)
        chips.append(Chip(_("place"), seen.place.label, rest))
    for wish in seen.wishes:
        if wish.value in read.chosen.get(wish.facet, ()):
            continue
        name = known.get(wish.facet, {}).get(wish.value) or wish.said
        chips.append(Chip(_("better"), name, _without(wish.said, read, seen)))
    return chips


def _concepts(read: ReadQuestion, seen: Understood, known: Mapping[str, Mapping[str, str]]) -> list[Chip]:
    """Return one chip for each thing asked for, however many of the words said it."""
    said: dict[tuple[str, str], list[str]] = {}
    for concept in seen.concepts:
        best = meant_by(concept)
        name = names_of_tokens(best.token, known) if best else ""
        label = _("word") if best is None or not name else {SERVICE: _("need"), GROUP: _("for whom")}[best.kind]
        said.setdefault((label, name or concept.corrected or concept.said), []).append(concept.said)
    return [
        Chip(label, _in_short(value), _without(" ".join(words_said), read, seen))
        for (label, value), words_said in said.items()
    ]


def _in_short(value: str) -> str:
    return value if value.count(" ") < _WORDS_SHOWN else Truncator(value).words(_WORDS_SHOWN)


def meant_by(concept: Concept) -> Meaning | None:
    """Return the service or group that the words surely mean, whatever other words they stand for besides."""
    catalogued = [one for one in concept.meanings if one.kind in {SERVICE, GROUP} and one.weight >= _SURE]
    return max(catalogued, key=lambda one: (one.weight, one.kind == SERVICE), default=None)


def _without(said: str, read: ReadQuestion, seen: Understood) -> str:
    """Return the address of the same question without these words, whatever they were typed as."""
    typed_as = {read_as: typed for typed, read_as in seen.corrections}
    dropped = {one for word in said.split() for one in (word, typed_as.get(word, word))}
    left = [part for part in read.text.split() if not dropped.issuperset(words(part))]
    return parameters(read, q=" ".join(left), page=None)


def narrowing_chips(read: ReadQuestion, ticked: Iterable[Ticked]) -> list[Chip]:
    """Return the ticked answers, the hour and the distance, each with the way to drop it."""
    found = []
    for facet in ticked:
        asked = read.chosen.get(facet.name, [])
        for choice in facet.choices:
            if choice.value in asked:
                rest = [value for value in asked if value != choice.value]
                found.append(Chip(facet.label, choice.label, parameters(read, **{facet.name: rest, "page": None})))
    if read.question.open_slot:
        found.append(Chip(_("hours"), _("open now"), parameters(read, open=None, page=None)))
    if profile := profiles().get(read.question.profile):
        value = _("%(profile)s, only where it is known") if read.question.only_reachable else "%(profile)s"
        without = parameters(read, profile=None, reach=None, page=None)
        found.append(Chip(_("my way there"), value % {"profile": profile.name}, without))
    if read.question.near and not read.is_private:
        label = _("within %(number)d km") % {"number": read.radius}
        without = parameters(read, near=None, radius=None, sort=None, page=None)
        found.append(Chip(_("distance"), f"{read.near_label}, {label}", without))
    return found
