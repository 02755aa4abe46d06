"""From the address of a search to a `Question` and back, so that a link restores the state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.accounts.enums import OwnershipForm
from registry.enums import PriceMode
from registry.models import AccessFeature, DeliveryForm
from registry.queries.access_profiles import profiles
from registry.queries.memory import kept
from registry.queries.register import Vocabulary, vocabulary
from search.answering import Question
from search.enums import Facet, Sort
from search.hours import slot
from search.places import Place
from search.understanding import Lexicon, understand

LONGEST_TEXT: Final = 200
PAGE_SIZE: Final = 20
RADII: Final = (5, 10, 25, 50, 100)
RADIUS: Final = 25
OPEN_NOW: Final = "now"
URGENT: Final = "1"
# only what is known to fit the profile
KNOWN: Final = "known"
_POINT: Final = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?)\Z")
_NAMES: Final = {
    "place": gettext_lazy("place"),
    "service": gettext_lazy("service"),
    "group": gettext_lazy("group"),
    "form": gettext_lazy("form of delivery"),
    "price": gettext_lazy("payment"),
    "ownership": gettext_lazy("ownership form"),
    "urgent": gettext_lazy("urgency"),
    "access": gettext_lazy("accessibility"),
    "open": gettext_lazy("opening hours"),
    "near": gettext_lazy("distance"),
    "radius": gettext_lazy("distance"),
    "sort": gettext_lazy("sorting"),
    "profile": gettext_lazy("my way there"),
    "reach": gettext_lazy("my way there"),
    "page": gettext_lazy("page"),
}

# language → what the names were made of, and the names
_named: dict[str | None, tuple[Vocabulary, list[DeliveryForm], list[AccessFeature], dict[str, dict[str, str]]]] = {}


@dataclass(slots=True)
class ReadQuestion:
    """The question as read, the state as an address has it, and what could not be understood, by field."""

    question: Question
    chosen: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    # as the address has it; a position of the browser is no part of any address
    near: str = ""
    near_label: str = ""
    is_private: bool = False

    @property
    def text(self) -> str:
        return self.question.text

    @property
    def place(self) -> Place | None:
        return self.question.place

    @property
    def radius(self) -> int:
        return round(self.question.radius_km)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words and a place was chosen."""
        asked = self.question
        return bool(asked.filters or asked.open_slot or asked.near or asked.only_reachable)

    @property
    def is_blank(self) -> bool:
        return not (self.text or self.place or self.is_narrowed)


def known_values() -> dict[str, dict[str, str]]:
    """Return every value of every facet with its name in the reader's language, in the register's order."""
    language, names = get_language(), vocabulary()
    forms = kept("delivery_forms", lambda: list(DeliveryForm.objects.all()))
    features = kept("access_features", lambda: list(AccessFeature.objects.all()))
    made = _named.get(language)
    # made anew as soon as one of the three was read anew
    if made is None or made[0] is not names or made[1] is not forms or made[2] is not features:
        made = _named[language] = names, forms, features, _names_of(names, forms, features)
    return made[3]


def _names_of(
    names: Vocabulary, forms: Iterable[DeliveryForm], features: Iterable[AccessFeature]
) -> dict[str, dict[str, str]]:
    return {
        "service": {kind.slug: kind.name for kind in names.services.values()},
        "group": {group.slug: group.name for group in names.groups.values()},
        "form": {form.slug: form.name for form in forms},
        "price": {value: str(label) for value, label in PriceMode.choices},
        "ownership": {value: str(label) for value, label in OwnershipForm.choices},
        "urgent": {URGENT: _("given urgently")},
        "access": {one.slug: one.name for one in features},
    }


def read_question(params: QueryDict, lexicon: Lexicon, *, now: datetime, position: str = "") -> ReadQuestion:
    """Read the parameters of `/search/`; an unknown value is named in `problems` and left aside, never an error.

    `position` is where the browser says the reader is, told beside the address and never kept in it.
    """
    read = ReadQuestion(Question())
    _read_choices(params, read)
    text = " ".join(params.get("q", "").replace("\x00", " ").split())[:LONGEST_TEXT]
    place = _read_place(params.get("place", ""), lexicon, read)
    sort = _one_of("sort", params.get("sort"), Sort.values, Sort.RELEVANCE.value, read)
    open_now = _one_of("open", params.get("open"), (OPEN_NOW,), "", read)
    radius = _one_of("radius", params.get("radius"), [str(one) for one in RADII], str(RADIUS), read)
    profile = _one_of("profile", params.get("profile"), profiles(), "", read)
    reach = _one_of("reach", params.get("reach"), (KNOWN,), "", read)
    near = _read_near(params.get("near", ""), position, lexicon, read)
    if sort == Sort.NEAR and near is None:
        near, sort = _near_place(text, place, lexicon, read)
    read.question = Question(
        text=_without_place(text, lexicon) if text and place else text,
        place=place,
        filters={name: tuple(values) for name, values in read.chosen.items() if values},
        open_slot=slot(now) if open_now else "",
        near=near,
        radius_km=float(radius),
        sort=sort,
        profile=profile,
        only_reachable=bool(profile and reach),
        page=_read_page(params.get("page", ""), read),
        size=PAGE_SIZE,
    )
    return read


def _read_choices(params: QueryDict, read: ReadQuestion) -> None:
    known = known_values()
    for name in Facet.ticked:
        asked = [value for value in dict.fromkeys(params.getlist(name)) if value]
        read.chosen[name] = [value for value in asked if value in known[name]]
        for value in asked:
            if value not in known[name]:
                read.problems[name] = _unknown(name, value)


def parameters(read: ReadQuestion, **changes: Any) -> str:
    """Return the query string of this state; `changes` replace parameters, `None` removes one."""
    question = read.question
    state: dict[str, Any] = {
        "q": question.text,
        "place": question.place.code if question.place else "",
        **read.chosen,
        "open": OPEN_NOW if question.open_slot else "",
        "profile": question.profile,
        "reach": KNOWN if question.only_reachable else "",
        "near": read.near,
        "radius": read.radius if question.near and read.radius != RADIUS else None,
        "sort": question.sort if question.sort != Sort.RELEVANCE else None,
        "page": question.page,
    }
    state.update(changes)
    if state["page"] == 1:
        state["page"] = None
    return urlencode([(name, value) for name, value in state.items() if value], doseq=True)


def _read_place(code: str, lexicon: Lexicon, read: ReadQuestion) -> Place | None:
    place = lexicon.gazetteer.by_code.get(code) if code else None
    if code and place is None:
        read.problems["place"] = _unknown("place", code)
    return place


def _read_near(value: str, position: str, lexicon: Lexicon, read: ReadQuestion) -> tuple[float, float] | None:
    if not value and position and (point := _point(position)):
        read.is_private, read.near_label = True, _("near me")
        return point
    if not value:
        return None
    if point := _point(value):
        read.near, read.near_label = value, _("a point on the map")
        return point
    place = lexicon.gazetteer.by_code.get(value)
    if place is None or place.latitude is None or place.longitude is None:
        read.problems["near"] = _unknown("near", value)
        return None
    read.near, read.near_label = value, place.label
    return place.latitude, place.longitude


def _point(value: str) -> tuple[float, float] | None:
    found = _POINT.match(value)
    if not found:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004 the Earth


def _without_place(text: str, lexicon: Lexicon) -> str:
    """Take a place out of the words where another one was chosen beside them: the choice is the later wish."""
    seen = understand(text, lexicon)
    return seen.text_without_place if seen.place else text


def _near_place(
    text: str, place: Place | None, lexicon: Lexicon, read: ReadQuestion
) -> tuple[tuple[float, float] | None, str]:
    """Return whence distances are counted when only the order was asked for: the place of the question."""
    place = place or (understand(text, lexicon).place if text else None)
    if place is None or place.latitude is None or place.longitude is None:
        read.problems["sort"] = _("To put the nearest first, name a town or village, or press “Near me”.")
        return None, Sort.RELEVANCE.value
    read.near, read.near_label = place.code, place.label
    return (place.latitude, place.longitude), Sort.NEAR.value


def _one_of(name: str, value: str | None, known: Any, default: str, read: ReadQuestion) -> str:
    if not value:
        return default
    if value not in known:
        read.problems[name] = _unknown(name, value)
        return default
    return value


def _read_page(value: str, read: ReadQuestion) -> int:
    if not value:
        return 1
    if value.isascii() and value.isdigit() and 0 < len(value) < 6 and int(value) > 0:  # noqa: PLR2004 no list is that long
        return int(value)
    read.problems["page"] = _unknown("page", value)
    return 1


def _unknown(name: str, value: str) -> str:
    return _("%(what)s: “%(value)s” is not known, so it was left aside.") % {
        "what": str(_NAMES[name]).capitalize(),
        "value": value[:60],
    }


def names_of_tokens(tokens: str, known: Mapping[str, Mapping[str, str]]) -> str:
    """Return what a reader calls tokens of the index: `s:home-care` is «догляд вдома»; words stay words."""
    return " ".join(filter(None, (_name_of_token(token, known) for token in tokens.split())))


def _name_of_token(token: str, known: Mapping[str, Mapping[str, str]]) -> str:
    if token[0] == "~":
        # a word of the same root is a word of its own to the index alone
        return ""
    prefix, colon, slug = token.partition(":")
    if not colon:
        return token
    name = known[{"s": "service", "g": "group"}.get(prefix, "")].get(slug, "") if prefix in {"s", "g"} else ""
    return uncapitalised(name)


def uncapitalised(name: str) -> str:
    """Return the name as it stands inside a sentence; an abbreviation keeps its capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
