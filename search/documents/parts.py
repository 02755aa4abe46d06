"""What documents of services and of providers have in common: places, hours, names, quality, what a list shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import orjson

from registry.enums import AreaKind, ContactKind, Freshness, ServiceStanding, SiteKind
from registry.interfaces.exporting.gather import Facts, Provider
from registry.queries.access_profiles import profiles
from search.analysis.tokens import tokens
from search.annotation import Annotator
from search.documents.facts import Names
from search.documents.shape import Document, lot, with_tokens
from search.engines.interface import COUNTRY
from search.enums import Facet
from search.hours import slots

# what quality is made of, 0.3 in all: checked by people lately, each of five facts that are known, and a lot
FRESH: Final = 0.1
COMPLETE: Final = 0.038
FRESH_FOR: Final = 365
OLD_AFTER: Final = 730


class Whereabouts:
    """Where addresses lie: all units, the oblasts, and the address that stands for them on a list and a map."""

    def __init__(self, places: Sequence[Facts], names: Names) -> None:
        units = [unit for place in places if (unit := names.unit_of(place)) is not None]
        self.codes = tuple(dict.fromkeys(code for unit in units for code in unit.chain))
        self.oblasts = tuple(dict.fromkeys(unit.oblast for unit in units if unit.oblast))
        main = next((place for place in places if place.get("latitude") is not None), places[0])
        self.unit = names.unit_of(main) or (units[0] if units else None)
        self.latitude, self.longitude = main.get("latitude"), main.get("longitude")


def is_offered(service: Facts) -> bool:
    """Say whether the service may be given now: one that is suspended is not found."""
    return service.get("standing") != ServiceStanding.SUSPENDED


def sites_of(provider: Provider, service: Facts) -> list[Facts]:
    """Return the addresses where the service is given; where none are named, all that are not merely legal ones."""
    if named := [provider.sites[place] for place in service.get("at_sites", ())]:
        return named
    return [site for site in provider.sites if site.get("kind") != SiteKind.LEGAL] or provider.sites


def put_in_place(document: Document, where: Whereabouts) -> None:
    document.place = where.codes
    document.latitude, document.longitude = where.latitude, where.longitude


def covers_of(service: Facts) -> tuple[str, ...]:
    kind = service.get("area_kind")
    if kind == AreaKind.COUNTRY:
        return (COUNTRY,)
    return () if kind == AreaKind.UNKNOWN else tuple(dict.fromkeys(service.get("areas", ())))


def access_of(sites: Sequence[Facts], names: Names) -> tuple[str, ...]:
    available = (key for site in sites for key, is_there in site.get("access", {}).items() if is_there)
    return tuple(dict.fromkeys(names.features[key] for key in available if key in names.features))


def reach_of(sites: Sequence[Facts], names: Names) -> dict[str, bool]:
    """Return for which profiles of accessibility the addresses are known to be accessible, or known not to be."""
    places = [
        {names.features[key]: bool(state) for key, state in site.get("access", {}).items() if key in names.features}
        for site in sites
    ]
    known = {slug: profile.open_anywhere(places) for slug, profile in profiles().items()}
    return {slug: state for slug, state in known.items() if state is not None}


def tokens_of_reach(reach: Mapping[str, bool]) -> list[str]:
    """Return a token for each profile: known accessible, known not, not known."""
    words = {True: "yes", False: "no", None: "unknown"}
    return [f"f:reach:{slug}-{words[reach.get(slug)]}" for slug in profiles()]


@lru_cache(maxsize=2_000)
def opening(hours: str | None) -> tuple[str, ...]:
    """Return the slots of hours as the database keeps them, text of JSON."""
    return slots(orjson.loads(hours)) if hours and hours != "{}" else ()


def open_at(sites: Sequence[Facts]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slot for site in sites for slot in opening(site.get("hours"))))


def ownership_of(entry: Facts) -> tuple[str, ...]:
    return (entry["ownership_form"],) if entry.get("ownership_form") else ()


def wishes_of(facets: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the tokens by which a word of the question that names a filter prefers a document."""
    wished = (Facet.PRICE, Facet.URGENT, Facet.FORM, Facet.OWNERSHIP, Facet.ACCESS)
    return [f"f:{name.value}:{value}" for name in wished for value in facets[name.value] if value != "unknown"]


def tokens_of_name(name: str, names: Names) -> list[str]:
    if name not in names.read:
        names.read[name] = tokens(name)
    return names.read[name]


def tokens_of_groups(groups: Iterable[tuple[str, str]], names: Names, annotator: Annotator) -> list[str]:
    found = []
    for slug, name in groups:
        key = f"g:{slug}"
        if key not in names.read:
            names.read[key] = [*tokens(name), key, *annotator.tokens(name)]
        found += names.read[key]
    return found


def tokens_of_provider(entry: Facts) -> list[str]:
    return [*tokens(entry["name"]), *tokens(entry.get("short_name") or "")]


def each_of(rows: Iterable[Facts], name: str) -> Iterable[Any]:
    """Return every value that stands in these lists, each once."""
    return dict.fromkeys(value for row in rows for value in row.get(name, ()))


def money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.2f}")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def phone_of(provider: Provider) -> str:
    phones = (contact["value"] for contact in provider.contacts if contact.get("kind") == ContactKind.PHONE)
    return next(phones, "")


def judge(document: Document, entry: Facts, known: Iterable[object], today: date) -> None:
    """Say how good the facts are: up to 0.3 for being verified lately and complete, and a little by lot.

    Facts that nobody has confirmed for long count for nothing, however many there are.
    """
    document.verified_on = _day(entry.get("verified_on"))
    age = (today - document.verified_on).days if document.verified_on else OLD_AFTER
    verified = FRESH if age <= FRESH_FOR else FRESH / 2 if age < OLD_AFTER else 0.0
    if entry.get("freshness") == Freshness.OVERDUE:
        verified /= 2
    document.quality = lot(document.id)
    if entry.get("freshness") != Freshness.LOWERED:
        document.quality += verified + sum(COMPLETE for fact in known if fact)


def told_of(document: Document, provider: Provider, where: Whereabouts) -> Document:
    """Add what a list shows of every document of a provider."""
    entry, unit = provider.entry, where.unit
    document.data |= {
        "kind": document.kind.value,
        "id": document.id,
        "number": entry["number"],
        "url": f"/registry/{entry['number']}/",
        "provider": entry["name"],
        "ownership": entry.get("ownership_form") or "",
        "place": unit.full_label if unit else "",
        "hromada": unit.hromada if unit else "",
        "oblast": unit.oblast if unit else "",
        "phone": phone_of(provider),
        "verified_on": document.verified_on.isoformat() if document.verified_on else None,
        "included_on": (entry.get("included_on") or "")[:10],
        "freshness": entry.get("freshness") or Freshness.FRESH.value,
        "is_demo": bool(entry.get("is_demo")),
        "at": None if document.latitude is None else [document.latitude, document.longitude],
    }
    return with_tokens(document)
