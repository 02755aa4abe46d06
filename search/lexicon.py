"""The words of this portal, kept by the process: its synonyms, catalogue, places and the vocabulary of its index.

A call costs microseconds. Once a minute, and after an edit in this process, one call looks whether anything they are
made of has changed, and only what did is made anew: the places take a second, the phrases some tenths.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final, TypeVar

from django.db.models import Count, Max

from registry.enums import UnitCategory
from registry.models import ReferenceLoad, ServiceType, Territory, VulnerableGroup
from search import reference_words
from search.analysis.normal import words
from search.annotation import Annotator
from search.engines import engine
from search.engines.interface import STATE_ID, EngineAway
from search.models import Synonym
from search.places import Gazetteer, Place
from search.queries.synonyms import thesaurus_stamp
from search.thesaurus import Meaning, of_catalogue, shipped
from search.understanding import Lexicon

SECONDS: Final = 60
# documents of the index that hold its words: all of them as of the last rebuild, and those met since
VOCABULARY_ID: Final = "vocabulary"
NEW_WORDS_ID: Final = "vocabulary-new"
Made = TypeVar("Made")

_making = threading.RLock()
_kept: dict[str, tuple[Hashable, Any]] = {}
_lexicon: Lexicon | None = None
_look_again: float = 0.0


def lexicon() -> Lexicon:
    """Return what reading questions needs, as of a minute ago at most."""
    global _lexicon, _look_again  # noqa: PLW0603 one for the process
    if _lexicon is not None and time.monotonic() < _look_again:
        return _lexicon
    # whoever asks while another makes it takes the old one, if there is one
    if not _making.acquire(blocking=_lexicon is None):
        assert _lexicon is not None
        return _lexicon
    try:
        if _lexicon is None or time.monotonic() >= _look_again:
            _lexicon = _present_lexicon()
            _look_again = time.monotonic() + SECONDS
        return _lexicon
    finally:
        _making.release()


def annotator() -> Annotator:
    """Return what finds services and groups in texts, as the synonyms and the catalogue are now."""
    stamp = _stamp_of_meanings()
    with _making:
        return _once("annotator", stamp, lambda: Annotator(_meanings(stamp), _broader()))


def present_meanings() -> tuple[Meaning, ...]:
    """Return the phrases of the synonyms in use and of the catalogue as they are now."""
    with _making:
        return _meanings(_stamp_of_meanings())


def look_again(**_news: object) -> None:
    """Let the next call see what was edited; the signature is that of a receiver of signals."""
    global _look_again  # noqa: PLW0603 one for the process
    _look_again = 0.0


def forget() -> None:
    """Drop everything, so that the next call reads it all."""
    global _lexicon  # noqa: PLW0603 one for the process
    with _making:
        _kept.clear()
        _lexicon = None
    look_again()


def _once(name: str, stamp: Hashable, make: Callable[[], Made]) -> Made:
    """Return what was made under this stamp, or make it."""
    found = _kept.get(name)
    if found is None or found[0] != stamp:
        found = (stamp, make())
        _kept[name] = found
    made: Made = found[1]
    return made


def _present_lexicon() -> Lexicon:
    of_meanings, of_index = _stamp_of_meanings(), _stamp_of_index()
    of_places = ReferenceLoad.objects.filter(name="territories.csv").values_list("digest", flat=True).first()
    places = _once("gazetteer", (of_places, Territory.objects.count()), _gazetteer)

    def make() -> Lexicon:
        meanings = _meanings(of_meanings)
        vocabulary, documents = _vocabulary(meanings)
        return Lexicon(meanings, places, vocabulary, documents)

    return _once("lexicon", (of_meanings, of_index, id(places)), make)


# --- synonyms and catalogue ----------------------------------------------------------------------------------------


def _stamp_of_meanings() -> Hashable:
    def edits(model: Any) -> tuple[Any, ...]:
        return tuple(model.objects.aggregate(rows=Count("pk"), last=Max("edited_at")).values())

    loads = ReferenceLoad.objects.filter(name__in=("service_types.json", "vulnerable_groups.json"))
    return (thesaurus_stamp(), edits(ServiceType), edits(VulnerableGroup), tuple(sorted(loads.values_list("digest"))))


def _meanings(stamp: Hashable) -> tuple[Meaning, ...]:
    return _once("meanings", stamp, _read_meanings)


def _read_meanings() -> tuple[Meaning, ...]:
    aliases = {term.slug: term.aliases_uk for term in reference_words.services()}
    services = [
        reference_words.Term(slug, name_uk, name_en, aliases.get(slug, ()))
        for slug, name_uk, name_en in ServiceType.objects.values_list("slug", "name_uk", "name_en")
    ]
    groups = [
        reference_words.Term(slug, name_uk, name_en)
        for slug, name_uk, name_en in VulnerableGroup.objects.values_list("slug", "name_uk", "name_en")
    ]
    return (*_synonyms(), *of_catalogue(services, groups))


def _synonyms() -> list[Meaning]:
    """Return the table of synonyms; where nobody has filled it, those that come with the portal."""
    rows = Synonym.objects.active().order_by("pk").values_list("phrase", "kind", "target", "weight", "language")
    found = [Meaning(phrase, kind, target, float(weight), language) for phrase, kind, target, weight, language in rows]
    return found if found or Synonym.objects.exists() else shipped()


def _broader() -> Mapping[str, str]:
    return {term.slug: term.broader for term in reference_words.services() if term.broader}


# --- places --------------------------------------------------------------------------------------------------------


def _gazetteer() -> Gazetteer:
    """Return every unit of the codifier but the districts of cities."""
    units = Territory.objects.order_by("pk")
    codes = dict(units.values_list("pk", "code"))
    centres = set(units.filter(centre__isnull=False).values_list("centre_id", flat=True))
    columns = ("pk", "code", "category", "name", "oblast_id", "raion_id", "hromada_id", "latitude", "longitude")
    rows = units.exclude(category=UnitCategory.CITY_DISTRICT).values_list(*columns)
    return Gazetteer(
        Place(
            code,
            category,
            name,
            _label(category, name),
            codes.get(oblast, ""),
            codes.get(raion, ""),
            codes.get(hromada, ""),
            latitude,
            longitude,
            key in centres,
        )
        for key, code, category, name, oblast, raion, hromada, latitude, longitude in rows
    )


def _label(category: str, name: str) -> str:
    return name if category in UnitCategory.settlements else Territory(category=category, name=name).label


# --- vocabulary ----------------------------------------------------------------------------------------------------


def _stamp_of_index() -> Hashable:
    """Return the name of the live index and how many words were met since it was made; None where there is none."""
    try:
        found = engine().documents([STATE_ID, NEW_WORDS_ID])
    except EngineAway:
        return None
    new = found[NEW_WORDS_ID].data.get("words", {}) if NEW_WORDS_ID in found else {}
    return (found[STATE_ID].data.get("name") if STATE_ID in found else "", len(new))


def _vocabulary(meanings: tuple[Meaning, ...]) -> tuple[dict[str, int], int]:
    """Return in how many documents each word stands, words of phrases that stand in none included, and of how many."""
    try:
        found = engine().documents([VOCABULARY_ID, NEW_WORDS_ID])
    except EngineAway:
        found = {}
    vocabulary: dict[str, int] = {}
    for name in (NEW_WORDS_ID, VOCABULARY_ID):
        if name in found:
            vocabulary |= found[name].data["words"]
    for meaning in meanings:
        if meaning.language != "ru":
            for word in words(meaning.phrase):
                vocabulary.setdefault(word, 1)
    return vocabulary, int(found[VOCABULARY_ID].data["documents"]) if VOCABULARY_ID in found else 0
