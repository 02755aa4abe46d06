"""Questions of the desk: finding entries and places by what an official types, and the figures of the first page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from registry.enums import Standing, UnitCategory
from registry.models import RegisterEntry, Territory

if TYPE_CHECKING:
    from portal.accounts.models import User

# data that nobody confirmed for a year are called old
STALE_AFTER: Final = timedelta(days=365)
_DIGITS: Final = re.compile(r"D?\d{3,8}")
_FIRST_LETTER: Final = re.compile(r"(?<![\w’])\w")
# the codifier knows one apostrophe, keyboards know three more
_APOSTROPHES: Final = str.maketrans({"'": "’", "ʼ": "’", "`": "’"})
_LEVEL: Final = Case(
    *[
        When(category=category, then=Value(order))
        for order, category in enumerate(("K", "M", "H", "X", "C", "B", "P", "O"))
    ],
    output_field=IntegerField(),
)


def find_entries(entries: QuerySet[RegisterEntry], text: str) -> QuerySet[RegisterEntry]:
    """Narrow the entries to those whose name, register number or ЄДРПОУ has every word of the text."""
    for word in text.split()[:8]:
        if _DIGITS.fullmatch(word.upper()):
            condition = Q(number__contains=word.upper()) | Q(organisation__code__startswith=word)
            condition |= Q(organisation__name__contains=word)
        else:
            # SQLite compares Cyrillic letters without case in its REGEXP only, which is Python's
            pattern = re.escape(word)
            condition = Q(organisation__name__iregex=pattern) | Q(organisation__short_name__iregex=pattern)
        entries = entries.filter(condition)
    return entries


def find_places(text: str, *, limit: int = 12) -> list[Territory]:
    """Return the units that a typed beginning may mean, towns before villages; a code is understood too."""
    words = " ".join(text.translate(_APOSTROPHES).split())
    if not words:
        return []
    units = Territory.objects.filter(in_codifier=True).select_related("hromada", "raion", "oblast")
    if words.upper().startswith("UA"):
        return list(units.filter(code__startswith=words.upper()).order_by("code")[:limit])
    name, _comma, rest = words.partition(",")
    beginning = Q()
    for variant in spellings(name.strip()):
        beginning |= Q(name__startswith=variant)
    found = units.filter(beginning)
    for word in rest.replace(",", " ").split():
        within = Q()
        for variant in spellings(word):
            within |= Q(hromada__name__startswith=variant) | Q(raion__name__startswith=variant)
            within |= Q(oblast__name__startswith=variant)
        found = found.filter(within)
    return list(found.order_by(_LEVEL, "name", "code")[:limit])


def spellings(text: str) -> set[str]:
    """Return the ways a name may stand in the codifier, for databases that do not know Cyrillic capitals."""
    capital = _FIRST_LETTER.sub(lambda found: found[0].upper(), text)
    return {text, text[:1].upper() + text[1:], capital}


def place_text(unit: Territory) -> str:
    """Write a unit so that a person knows it and the portal can read it back."""
    above = [unit.hromada, unit.raion, unit.oblast]
    names = dict.fromkeys([unit.label, *(other.label for other in above if other and other.pk != unit.pk)])
    return f"{', '.join(names)} ({unit.code})"


def is_settlement(unit: Territory) -> bool:
    return unit.category in {*UnitCategory.settlements, UnitCategory.CITY_DISTRICT}


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """How the entries stand that this official answers for, or reads."""

    total: int
    included: int
    suspended: int
    excluded: int
    unverified: int
    without_services: int
    demo: int


def desk_figures(user: User, *, today: date) -> DeskFigures:
    entries = RegisterEntry.objects.visible_to(user)
    active = Q(standing__in=Standing.active)
    numbers = entries.aggregate(
        total=Count("pk"),
        included=Count("pk", filter=Q(standing=Standing.INCLUDED)),
        suspended=Count("pk", filter=Q(standing=Standing.SUSPENDED)),
        excluded=Count("pk", filter=Q(standing=Standing.EXCLUDED)),
        unverified=Count("pk", filter=active & unconfirmed(today)),
        demo=Count("pk", filter=Q(is_demo=True)),
    )
    without = entries.filter(active, services__isnull=True).count()
    return DeskFigures(without_services=without, **numbers)


def unconfirmed(today: date) -> Q:
    """Return the condition that no human confirmed the data within a year."""
    return Q(verified_on__isnull=True) | Q(verified_on__lt=today - STALE_AFTER)


def longest_unconfirmed(user: User, *, today: date, limit: int = 6) -> list[RegisterEntry]:
    """Return the active entries that wait longest for a human's confirmation, never confirmed ones first."""
    entries = RegisterEntry.objects.visible_to(user).filter(unconfirmed(today), standing__in=Standing.active)
    return list(
        entries.select_related("organisation", "hromada").order_by(F("verified_on").asc(nulls_first=True), "number")[
            :limit
        ]
    )
