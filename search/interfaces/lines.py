"""What one line of results says: who, what, where, at what price, whom to call, and why it is here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel.languages import reader_language
from registry.enums import AreaKind, Freshness, PriceMode
from registry.queries.freshness import Age, FreePlaces
from registry.templatetags.register import price_words
from search.analysis.morphology import lemmas
from search.answering import Answer, Result
from search.engines.interface import Alternative
from search.enums import Kind
from search.interfaces.questions import names_of_tokens
from search.needs import needs, token_of
from search.places import RAION, Place
from search.planning import NEED_WEIGHT, worth_of_level
from search.understanding import Understood

SUMMARY: Final = 220
MOST_ABOUT: Final = 2
NEARBY: Final = 5
_NEAR_KM: Final = 10


@dataclass(slots=True)
class Explained:
    """For editors: a way in which the result meets a part of the question, and what that is worth."""

    said: str
    tokens: str
    worth: float
    weight: float


@dataclass(slots=True)
class Line:
    """One result as a page shows it."""

    id: str
    kind: str
    url: str
    title: str
    title_language: str
    provider: str
    place: str
    price: str
    price_mode: str
    urgent: bool
    phone: str
    verified_on: date | None
    is_demo: bool
    summary: str
    distance: str
    at: str
    why: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    # names of the needs that it is about
    about: list[str] = field(default_factory=list)
    # the place asked for, when it stands elsewhere and serves it, or stands in another oblast and may not
    serves: str = ""
    # whether its people confirmed it in time, and what they said of free places
    freshness: str = ""
    age: Age | None = None
    free: FreePlaces | None = None
    # whether it is known to fit the profile of accessibility: "yes", "no", "unknown"; nothing where none was chosen
    reach: str = ""
    is_elsewhere: bool = False
    score: float = 0.0
    explained: list[Explained] = field(default_factory=list)


Known = Mapping[str, Mapping[str, str]]


def lines(
    results: list[Result], understood: Understood, known: Known, *, profile: str = "", explain: bool = False
) -> list[Line]:
    shown = [_line(result, understood, known, explain=explain) for result in results]
    for line, result in zip(shown, results, strict=True):
        line.reach = reach_of(result.data, profile) if line.kind == Kind.SERVICE else ""
    return shown


def reach_of(data: Mapping[str, Any], profile: str) -> str:
    """Say whether the service is known to fit the profile; what nobody looked at is unknown, never "no"."""
    told = data.get("reach")
    if not profile or not isinstance(told, dict):
        return ""
    return {True: "yes", False: "no"}.get(told.get(profile), "unknown")  # type: ignore[call-overload,no-any-return]


def full(answer: Answer, known: Known, *, explain: bool = False) -> list[Line]:
    """Return what meets the whole question; of what stands elsewhere it is said that it serves the place."""
    shown = lines(answer.results, answer.understood, known, profile=answer.question.profile, explain=explain)
    place = answer.place
    if place is None or answer.question.near:
        return shown
    for line, result in zip(shown, answer.results, strict=True):
        own = {result.data.get("hromada"), result.data.get("oblast")}
        if place.category != RAION and place.inside not in own:
            line.serves = place.label
    return shown


def partly(answer: Answer, known: Known, *, explain: bool = False) -> tuple[list[Line], bool]:
    """Return what meets a part of the question; where nothing meets a word of it, a few things that are near.

    The second value says that it is the latter.
    """
    met = [result for result in answer.partly if result.why or result.about]
    around = not met and bool(answer.understood.concepts)
    profile = answer.question.profile
    shown = lines(met or answer.partly[:NEARBY], answer.understood, known, profile=profile, explain=explain)
    for line, result in zip(shown, met or answer.partly, strict=False):
        line.is_elsewhere = _is_elsewhere(result.data, answer.place)
        if around:
            line.missing = []
    return shown, around and bool(shown)


def others(answer: Answer, known: Known) -> list[Line]:
    """Return what else the words name: providers, pages in the reader's language, competitions."""
    language = reader_language()
    found = [one for some in answer.others.values() for one in some if one.data.get("language", language) == language]
    return [line for line in lines(found, answer.understood, known) if line.url]


def _is_elsewhere(data: Mapping[str, Any], place: Place | None) -> bool:
    """Say whether it stands in another oblast than the place asked for, and does not serve the whole country."""
    if place is None or data.get("covers") == AreaKind.COUNTRY:
        return False
    return bool(data.get("oblast")) and data["oblast"] not in {place.oblast, place.code}


def _line(result: Result, understood: Understood, known: Known, *, explain: bool) -> Line:
    data = result.data
    title, language = _title(data)
    is_service = result.kind == Kind.SERVICE
    return Line(
        id=result.id,
        kind=result.kind,
        url=_address(data),
        title=title,
        title_language=language,
        provider=_text(data, "provider") if is_service else "",
        place=_text(data, "place"),
        price=price_of(data) if is_service else "",
        price_mode=_text(data, "price_mode") or PriceMode.UNKNOWN.value,
        urgent=bool(data.get("urgent")),
        phone=_text(data, "phone"),
        verified_on=_day(data.get("verified_on")),
        is_demo=bool(data.get("is_demo")),
        summary=_short(_text(data, "summary")),
        distance=distance_words(result.distance_km),
        at=_at(data),
        why=reasons(result, known),
        missing=result.missing,
        about=[name_of_need(slug) for slug, _level in result.about[:MOST_ABOUT]],
        freshness=_text(data, "freshness"),
        age=_age(data),
        free=_free(data),
        score=result.score,
        explained=_explained(result, understood) if explain else [],
    )


def reasons(result: Result, known: Known) -> list[tuple[str, str]]:
    """Return (said, read as) in words; the second is empty where the result has the very words."""
    found = []
    for said, tokens in result.why:
        own = {lemma for word in said.split() for lemma in lemmas(word)}
        read_as = "" if own.issuperset(tokens.split()) else names_of_tokens(tokens, known)
        found.append((said, "" if read_as.casefold() == said else read_as))
    return list(dict.fromkeys(found))


def name_of_need(slug: str) -> str:
    """Return what the need is called in the reader's language."""
    need = needs()[slug]
    return need.name_en if reader_language() == "en" else need.name_uk


def price_of(data: Mapping[str, Any]) -> str:
    """Say what the service costs, as the provider's card does."""
    mode, price = str(data.get("price_mode") or PriceMode.UNKNOWN), data.get("price")
    return _price_words(mode, None if price is None else str(price), _text(data, "price_unit"), get_language())


@lru_cache(maxsize=4096)
def _price_words(mode: str, price: str | None, unit: str, _language: str | None) -> str:
    if mode not in PriceMode.values:
        return ""
    try:
        known = None if price is None else Decimal(price)
    except InvalidOperation:
        known = None
    told = SimpleNamespace(price_mode=mode, price=known, price_unit=unit)
    return price_words(told)  # type: ignore[arg-type]


def distance_words(kilometres: float | None) -> str:
    """Write a distance as people say it: «350 м», «1,2 км», «25 км»."""
    if kilometres is None:
        return ""
    if kilometres < 1:
        return _("%(number)s m") % {"number": max(round(kilometres * 20) * 50, 50)}
    places = 1 if kilometres < _NEAR_KM else 0
    return _("%(number)s km") % {"number": number_format(round(kilometres, places), places)}


def _title(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name and its language: the provider's own one, else the catalogue's in the reader's language."""
    language = reader_language()
    own = _text(data, "title")
    if not own and language == "en" and _text(data, "title_en"):
        return _text(data, "title_en"), "en"
    return own or _text(data, "title_uk") or _text(data, "provider"), "uk"


def _address(data: Mapping[str, Any]) -> str:
    """Return where the result leads, under the reader's language."""
    number = _text(data, "number")
    if number and data.get("kind") in {Kind.SERVICE.value, Kind.PROVIDER.value}:
        return _address_of_entry(number, get_language())
    if data.get("kind") == Kind.COMPETITION.value and _text(data, "competition"):
        return reverse("procurement:competition", args=[data["competition"]])
    url = _text(data, "url")
    return url if url.startswith("/") and not url.startswith("//") else ""


@lru_cache(maxsize=4096)
def _address_of_entry(number: str, _language: str | None) -> str:
    return reverse("registry:entry", args=[number])


def _short(text: str) -> str:
    """Cut at the end of a word."""
    if len(text) <= SUMMARY:
        return text
    return text[:SUMMARY].rpartition(" ")[0].rstrip(" ,;:–-") + "…"


def _at(data: Mapping[str, Any]) -> str:
    at = data.get("at")
    return f"{at[0]:.5f},{at[1]:.5f}" if isinstance(at, list) and len(at) == 2 else ""  # noqa: PLR2004 latitude, longitude


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        return None


def _age(data: Mapping[str, Any]) -> Age | None:
    """Return since when nobody has said anything of the card; pages and competitions have no such day."""
    verified_on, included_on = (_plain_day(data.get(name)) for name in ("verified_on", "included_on"))
    return _age_of(_text(data, "freshness"), verified_on, included_on)


def _plain_day(value: Any) -> str | date | None:
    return value if isinstance(value, str | date) else None


@lru_cache(maxsize=4096)
def _age_of(state: str, verified_on: str | date | None, included_on: str | date | None) -> Age | None:
    confirmed, since = _day(verified_on), _day(included_on)
    if state not in Freshness.values or not (confirmed or since):
        return None
    return Age(Freshness(state), confirmed or since, confirmed is not None)  # type: ignore[arg-type]


def _free(data: Mapping[str, Any]) -> FreePlaces | None:
    """Return what was said of free places; whether it still holds today is for the clock, not for the index."""
    said = data.get("availability")
    if not isinstance(said, dict):
        return None
    said_on, until = _day(said.get("reported_at")), _day(said.get("expires_on"))
    if said_on is None or until is None:
        return None
    return FreePlaces(
        said_on,
        until >= timezone.localdate(),
        said.get("free_places"),
        said.get("waiting"),
        bool(said.get("assessment_first")),
        until,
    )


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _explained(result: Result, understood: Understood) -> list[Explained]:
    has = set(str(result.data.get("tokens", "")).split())
    met = [
        Explained(concept.said, " ".join(one.tokens), one.worth, concept.weight)
        for concept in understood.concepts
        for one in _met(concept.alternatives, has)
    ]
    met += [
        Explained(
            name_of_need(slug), token_of(slug, level), worth_of_level(level), NEED_WEIGHT * dict(understood.needs)[slug]
        )
        for slug, level in result.about
    ]
    return sorted(met, key=lambda one: (one.said, -one.worth))


def _met(alternatives: list[Alternative], has: set[str]) -> list[Alternative]:
    return [one for one in alternatives if has.issuperset(one.tokens)]
