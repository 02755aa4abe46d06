"""What a visitor tells a hromada to be missing: a place, a service and the words it was sought by; nobody's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from search.answering import Answer
from search.interfaces.chips import meant_by
from search.interfaces.questions import LONGEST_TEXT, ReadQuestion, uncapitalised
from search.places import Place
from search.thesaurus import SERVICE
from search.understanding import Lexicon

_KEY_LENGTH: Final = 200


@dataclass(slots=True)
class Missing:
    """A need as the form has it; names are for the reader, codes for the count."""

    place: str = ""
    place_name: str = ""
    service: str = ""
    service_name: str = ""
    words: str = ""
    problem: str = ""

    @property
    def key(self) -> str:
        """What makes two reports the same one."""
        return "|".join((self.place, self.service, "" if self.service else self.words.casefold()))[:_KEY_LENGTH]


def missing_of(read: ReadQuestion, answer: Answer, known: Mapping[str, Mapping[str, str]]) -> Missing:
    """Return what the question would tell a hromada to be missing."""
    meant = [meant_by(concept) for concept in answer.understood.concepts]
    sought = [one.target for one in meant if one and one.kind == SERVICE]
    chosen = read.chosen.get("service", [])
    service = next((slug for slug in (*chosen, *sought) if slug in known["service"]), "")
    words = answer.understood.text_without_place or read.text
    return _missing(answer.place, service, words, known)


def read_missing(params: QueryDict, lexicon: Lexicon, known: Mapping[str, Mapping[str, str]]) -> Missing:
    """Read the fields of the form; what is not known is left empty and asked for."""
    place = lexicon.gazetteer.by_code.get(params.get("place", ""))
    service = params.get("service", "")
    words = " ".join(params.get("words", "").replace("\x00", " ").split())[:LONGEST_TEXT]
    return _missing(place, service if service in known["service"] else "", words, known)


def _missing(place: Place | None, service: str, words: str, known: Mapping[str, Mapping[str, str]]) -> Missing:
    name = uncapitalised(known["service"].get(service, ""))
    return Missing(place.code if place else "", place.label if place else "", service, name, words)


def problem_of(missing: Missing) -> str:
    """Say what must be told before a hromada can be, or nothing."""
    if not missing.place:
        return _("Choose where the service is missing.")
    if not (missing.service or missing.words):
        return _("Choose the service that is missing.")
    return ""
