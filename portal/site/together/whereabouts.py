"""Whence distances are counted: a place that the reader named or chose, never where the browser is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from search.engines.interface import EngineAway
from search.lexicon import lexicon
from search.understanding import understand

LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What was asked, the place it was taken for with its coordinates, or what is wrong with it."""

    asked: str = ""
    code: str = ""
    label: str = ""
    point: tuple[float, float] | None = None
    problem: str = ""


def whereabouts(asked: str) -> Whereabouts:
    """Read a КАТОТТГ code or the name of a place, in whatever case form it is typed."""
    asked = " ".join(asked.replace("\x00", " ").split())[:LONGEST]
    if not asked:
        return Whereabouts()
    try:
        words = lexicon()
    except EngineAway:
        return Whereabouts(asked, problem=_("Places cannot be looked up now. Try again in a few minutes."))
    place = words.gazetteer.by_code.get(asked) or understand(asked, words).place
    if place is None:
        return Whereabouts(
            asked, problem=_("“%(place)s” is not known. Write the name of a town or village.") % {"place": asked}
        )
    if place.latitude is None or place.longitude is None:
        return Whereabouts(
            asked, place.code, place.label, problem=_("Where %(place)s lies is not known.") % {"place": place.label}
        )
    return Whereabouts(asked, place.code, place.label, (place.latitude, place.longitude))
