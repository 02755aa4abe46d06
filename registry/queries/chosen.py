"""Services that a reader chose one by one, from cards of any providers, in a number of queries that is always the same.

The key of a service is that of the search, `s-<number of the entry>-<its place among the services there>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from portal.kernel import visibility
from registry.enums import ContactKind
from registry.models import Contact, RegisterEntry, Territory
from registry.queries.card import ServiceCard, SiteCard, cards_of
from registry.queries.freshness import Age, age_of, free_places_of, known_rules
from registry.queries.register import vocabulary

_KEY: Final = re.compile(r"s-([0-9A-Za-z]{1,12})-([1-9]\d{0,3})\Z")


@dataclass(slots=True)
class ChosenService:
    """A service with its provider as the public may see both; `sites` are where it is given."""

    key: str
    entry: RegisterEntry
    card: ServiceCard
    age: Age
    sites: list[SiteCard] = field(default_factory=list)
    phone: str = ""

    @property
    def place(self) -> str:
        """The place of the first address that may be shown, or where the provider is seated."""
        first = next((site for site in self.sites if site.hromada is not None or site.territory is not None), None)
        units = (first.territory, first.hromada, first.oblast) if first else _seat(self.entry)
        return ", ".join(dict.fromkeys(unit.label for unit in units if unit is not None))

    @property
    def points(self) -> list[tuple[float, float]]:
        return [
            (site.latitude, site.longitude)
            for site in self.sites
            if site.latitude is not None and site.longitude is not None
        ]

    @property
    def settlements(self) -> list[tuple[float, float]]:
        """Where the settlements lie in which the addresses are that may be shown."""
        return [
            (unit.latitude, unit.longitude)
            for site in self.sites
            if (unit := site.territory) is not None and unit.latitude is not None and unit.longitude is not None
        ]


def keys_of(asked: Iterable[str]) -> list[str]:
    """Return what can be a key of a service, each once, in the order asked."""
    return [key for key in dict.fromkeys(asked) if _KEY.match(key)]


def chosen_services(keys: Sequence[str], *, today: date) -> dict[str, ChosenService]:
    """Return those that are in the register now; who may not be found there any more is left out."""
    places = {key: (read[1], int(read[2])) for key in keys if (read := _KEY.match(key))}
    by_number = _entries({number for number, _place in places.values()})
    if not by_number:
        return {}
    cards = cards_of(list(by_number.values()))
    phones = _phones(by_number.values())
    found: dict[str, ChosenService] = {}
    for key, (number, place) in places.items():
        entry = by_number.get(number)
        if entry is None or place > len(cards[entry.pk].services):
            continue
        parts = cards[entry.pk]
        kinds = (one.service.service_type_id for one in parts.services)
        age = age_of(entry, kinds, rules=known_rules(), today=today)
        card = parts.services[place - 1]
        found[key] = ChosenService(key, entry, card, age, _sites_of(card, parts.sites), phones.get(entry.pk, ""))
    free = free_places_of([one.card.service.pk for one in found.values()], today)
    for one in found.values():
        one.card.free = free.get(one.card.service.pk)
    return found


def _entries(numbers: set[str]) -> dict[str, RegisterEntry]:
    rows = RegisterEntry.objects.open().in_good_standing().filter(number__in=numbers)
    return {entry.number: entry for entry in rows.select_related("organisation", "territory", "hromada", "oblast")}


def _sites_of(card: ServiceCard, sites: list[SiteCard]) -> list[SiteCard]:
    """Return where the service is given; where no address is named, all that are not merely registered ones."""
    named = [site for site, _hours in card.places]
    return named or [site for site in sites if not site.is_legal] or sites


def _phones(entries: Iterable[RegisterEntry]) -> dict[int, str]:
    rows = Contact.objects.filter(entry__in=[entry.pk for entry in entries], kind=ContactKind.PHONE).order_by("-id")
    return {
        row["entry_id"]: row["value"]
        for row in rows.values("entry_id", "value", "private")
        if visibility.is_public("registry.Contact", "value", row)
    }


def _seat(entry: RegisterEntry) -> tuple[Territory | None, ...]:
    return entry.territory, entry.hromada, vocabulary().oblasts.get(entry.oblast_id or 0)
