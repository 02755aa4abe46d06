"""What the index knows of a thing: one shape for every kind, one constructor each, nothing private in it.

A constructor takes rows as plain facts and asks the visibility registry field by field. The texts become tokens by
`search.analysis`, the same ones a question becomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zlib import crc32

import orjson
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing
from wagtail.search.index import SearchField

from registry.enums import AreaKind, ContactKind, Freshness, PriceMode, ServiceStanding, SiteKind
from registry.interfaces.exporting.gather import Facts, Provider
from search.analysis.tokens import tokens
from search.annotation import Annotator
from search.engines.interface import COUNTRY
from search.enums import Facet, Kind
from search.hours import slots
from search.thesaurus import SERVICE

EPOCH: Final = date(2000, 1, 1)
# no price sorts after every price
NO_PRICE: Final = 1e12
# what quality is made of, 0.3 in all: checked by people lately, each of five facts that are known, and a lot
FRESH: Final = 0.1
COMPLETE: Final = 0.038
LOT: Final = 0.01
FRESH_FOR: Final = 365
OLD_AFTER: Final = 730
# characters of the text that a list shows
SUMMARY: Final = 220
# how many letters words of one root share
ROOT: Final = 5


@dataclass(slots=True)
class Document:
    """One thing to be found.

    `title`, `needs`, `body`, `provider` are tokens, weighted in this order. `place` holds codes of the units it stands
    in, each with all its ancestors; `covers` the units it serves ("UA" for the country). `open` has a token for each
    quarter of an hour of the week at which it is open. `data` is what a list shows of it.
    """

    id: str
    kind: Kind
    entry: int | None = None
    title: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    provider: list[str] = field(default_factory=list)
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    place: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    verified_on: date | None = None
    cost: Decimal | None = None
    # 0 to 1: complete, verified, fresh
    quality: float = 0.0
    data: dict[str, Any] = field(default_factory=dict)

    def as_index(self) -> dict[str, Any]:
        """Return the document as engines store it: token lists joined by spaces, missing numbers as their defaults."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "entry": self.entry or 0,
            "title": _text(self.title),
            "needs": _text(self.needs),
            "body": _text([*self.body, *families([*self.title, *self.body])]),
            "provider": _text(self.provider),
            **{name: list(values) for name, values in self.facets.items()},
            "place": list(self.place),
            "covers": list(self.covers),
            "open": list(self.open),
            "latitude": self.latitude,
            "longitude": self.longitude,
            "verified": (self.verified_on - EPOCH).days if self.verified_on else 0,
            "cost": float(self.cost) if self.cost is not None else NO_PRICE,
            "quality": round(self.quality, 6),
            "data": self.data,
        }


def families(tokens: Iterable[str]) -> list[str]:
    """Return what words of one root share: «догляд», «доглядати» and «доглядальниця» are one family."""
    found = {family(token) for token in tokens}
    return sorted(found - {""})


def family(token: str) -> str:
    """Return the family of a lemma; nothing for a short word, a slug or a number."""
    return f"~{token[:ROOT]}" if len(token) > ROOT and token.isalpha() else ""


def _text(tokens: Iterable[str]) -> str:
    """Join tokens, each once: how often a word stands in a text tells little of what people need."""
    return " ".join(dict.fromkeys(tokens))


# --- what the constructors are given -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """A territorial unit with the codes of what it lies in; an oblast has its own code in `oblast`."""

    code: str
    label: str
    hromada: str = ""
    raion: str = ""
    oblast: str = ""
    oblast_label: str = ""

    @property
    def chain(self) -> tuple[str, ...]:
        """The unit and everything it lies in, from the smallest up."""
        return tuple(dict.fromkeys(code for code in (self.code, self.hromada, self.raion, self.oblast) if code))

    @property
    def full_label(self) -> str:
        return ", ".join(dict.fromkeys(name for name in (self.label, self.oblast_label) if name))


@dataclass(slots=True)
class Names:
    """What the keys in facts of the register stand for; `read` remembers tokens of names that many documents share."""

    # key → (slug, name in Ukrainian, name in English)
    services: dict[int, tuple[str, str, str]]
    # key → (slug, name in Ukrainian)
    groups: dict[int, tuple[str, str]]
    forms: dict[int, str]
    features: dict[int, str]
    units: dict[int, Unit]
    read: dict[str, list[str]] = field(default_factory=dict)

    def unit_of(self, facts: Facts) -> Unit | None:
        """Return the smallest unit that the facts name: of a confidential address they name none below the hromada."""
        keys = (facts.get(name) for name in ("territory_id", "hromada_id", "oblast_id"))
        return next((self.units[key] for key in keys if key in self.units), None)


@dataclass(frozen=True, slots=True)
class CompetitionFacts:
    """What the public may see of a competition for the social order."""

    id: str
    title: str
    text: str
    authority: str
    # codes of the units it is for, each with its ancestors
    hromadas: tuple[str, ...]
    # slugs of the services ordered
    services: tuple[str, ...]
    closes_at: datetime
    url: str
    # slugs of the groups that it is for
    groups: tuple[str, ...] = ()
    # the hromada in words
    place: str = ""
    is_demo: bool = False
    version: int = 1


# --- one constructor for each kind ---------------------------------------------------------------------------------


def service_document(
    provider: Provider, service: Facts, names: Names, annotator: Annotator, *, entry_id: int, position: int, today: date
) -> Document:
    """Return what the index knows of one service of a provider; `position` counts the services of the provider from 1.

    Facts are those that the register's `Gatherer` gave, so all of them are public.
    """
    entry = provider.entry
    slug, name_uk, name_en = names.services[service["service_type_id"]]
    title, content = service.get("title") or "", service.get("content") or ""
    groups = [names.groups[key] for key in service.get("groups", ()) if key in names.groups]
    forms = [names.forms[key] for key in service.get("delivery_forms", ()) if key in names.forms]
    sites = _sites_of(provider, service)
    where = _Whereabouts(sites or [entry], names)
    access = _access(sites or provider.sites, names)
    price_mode, price = service.get("price_mode") or PriceMode.UNKNOWN, _money(service.get("price"))
    document = Document(f"s-{entry['number']}-{position}", Kind.SERVICE, entry_id)
    document.title = [*_named(name_uk, names), *tokens(title)]
    # for whom a service is, is said in a field of its own and as sure as what it is
    document.needs = [*annotator.of(SERVICE, slug), *annotator.tokens(title), *(f"g:{slug}" for slug, _ in groups)]
    document.body = [
        *tokens(content),
        *tokens(service.get("conditions") or ""),
        *_tokens_of_groups(groups, names, annotator),
        *annotator.tokens(content),
        *[f"p:{code}" for code in where.oblasts],
    ]
    document.provider = _provider_tokens(entry)
    document.facets = {
        Facet.SERVICE.value: (slug,),
        Facet.GROUP.value: tuple(group for group, _name in groups),
        Facet.FORM.value: tuple(forms),
        Facet.PRICE.value: (price_mode,),
        Facet.OWNERSHIP.value: _ownership(entry),
        Facet.URGENT.value: ("1",) if service.get("urgent") else (),
        Facet.ACCESS.value: access,
        Facet.OBLAST.value: where.oblasts,
    }
    document.body += _wishes(document.facets)
    document.covers = _covers(service)
    document.open = opening(service.get("hours")) or _open_at(sites)
    document.cost = Decimal(0) if price_mode == PriceMode.FREE else price
    _place(document, where)
    known = (price_mode != PriceMode.UNKNOWN, _phone(provider), document.open, content, service.get("capacity"))
    _judge(document, entry, known, today)
    document.data |= {
        "title_uk": name_uk,
        "title_en": name_en or name_uk,
        "title": title,
        "service": slug,
        "groups": [group for group, _name in groups],
        "forms": forms,
        "price_mode": price_mode,
        "price": None if price is None else f"{price:.2f}",
        "price_unit": service.get("price_unit") or "",
        "urgent": bool(service.get("urgent")),
        "access": list(access),
        "covers": service.get("area_kind") or AreaKind.UNKNOWN.value,
        "availability": service.get("availability"),
        "summary": _summary(content),
    }
    return _told_of(document, provider, where)


def provider_document(
    provider: Provider, names: Names, annotator: Annotator, *, entry_id: int, today: date
) -> Document:
    """Return what the index knows of a provider as a whole: its names and codes, and in short everything it does."""
    entry = provider.entry
    services = [service for service in provider.services if is_offered(service)]
    kinds = {names.services[service["service_type_id"]][0]: service["service_type_id"] for service in services}
    about = f"{entry.get('about') or ''}\n{entry.get('services_note') or ''}"
    groups = [names.groups[key] for key in _each(services, "groups") if key in names.groups]
    where = _Whereabouts(provider.sites or [entry], names)
    access = _access(provider.sites, names)
    document = Document(f"p-{entry['number']}", Kind.PROVIDER, entry_id)
    document.title = [*_provider_tokens(entry), *tokens(entry["number"]), *tokens(entry.get("code") or "")]
    document.needs = [token for slug in kinds for token in annotator.of(SERVICE, slug)]
    document.body = [
        *tokens(about),
        *[token for key in kinds.values() for token in _named(names.services[key][1], names)],
        *_tokens_of_groups(groups, names, annotator),
        *annotator.tokens(about),
        *[f"p:{code}" for code in where.oblasts],
    ]
    document.facets = {
        Facet.SERVICE.value: tuple(kinds),
        Facet.GROUP.value: tuple(slug for slug, _name in groups),
        Facet.FORM.value: tuple(names.forms[key] for key in _each(services, "delivery_forms") if key in names.forms),
        Facet.PRICE.value: tuple(
            dict.fromkeys(service.get("price_mode") or PriceMode.UNKNOWN.value for service in services)
        ),
        Facet.OWNERSHIP.value: _ownership(entry),
        Facet.URGENT.value: ("1",) if any(service.get("urgent") for service in services) else (),
        Facet.ACCESS.value: access,
        Facet.OBLAST.value: where.oblasts,
    }
    document.body += _wishes(document.facets)
    document.covers = tuple(dict.fromkeys(code for service in services for code in _covers(service)))
    document.open = _open_at(provider.sites)
    _place(document, where)
    known = (services, _phone(provider), document.open, about.strip(), provider.sites)
    _judge(document, entry, known, today)
    document.data |= {
        "title_uk": entry["name"],
        "title_en": entry["name"],
        "title": entry.get("short_name") or "",
        "code": entry.get("code") or "",
        "services": list(kinds),
        "access": list(access),
        "summary": _summary(about),
    }
    return _told_of(document, provider, where)


def page_document(page: Page, annotator: Annotator) -> Document:
    """Return what the index knows of a page that everybody may read: its title and its texts, without markup."""
    specific = page.specific
    text = "\n".join([specific.search_description or "", *_texts_of(specific)])
    address = page.get_url_parts()
    document = Document(f"w-{page.pk}", Kind.PAGE)
    document.title = tokens(specific.title)
    document.needs = annotator.tokens(specific.title)
    document.body = [*tokens(text), *annotator.tokens(text)]
    # what a page says holds everywhere, so a question about a place does not leave it out
    document.covers = (COUNTRY,)
    document.quality = _lot(document.id)
    document.data = {
        "kind": document.kind.value,
        "id": document.id,
        "url": address[2] if address else "",
        "title_uk": specific.title,
        "title_en": specific.title,
        "language": page.locale.language_code,
        "summary": _summary(specific.search_description or text),
    }
    return _with_tokens(document)


def competition_document(facts: CompetitionFacts, annotator: Annotator) -> Document:
    """Return what the index knows of a competition: what its announcement says, nothing of proposals."""
    document = Document(f"c-{facts.id}", Kind.COMPETITION)
    document.title = tokens(facts.title)
    document.needs = [
        *[token for slug in facts.services for token in annotator.of(SERVICE, slug)],
        *annotator.tokens(facts.title),
        *(f"g:{slug}" for slug in facts.groups),
    ]
    document.body = [*tokens(facts.text), *annotator.tokens(facts.text)]
    document.provider = tokens(facts.authority)
    document.facets = {Facet.SERVICE.value: facts.services, Facet.GROUP.value: facts.groups}
    document.place = document.covers = facts.hromadas
    document.quality = _lot(document.id)
    document.data = {
        "kind": document.kind.value,
        "id": document.id,
        "url": facts.url,
        "title_uk": facts.title,
        "title_en": facts.title,
        "provider": facts.authority,
        "services": list(facts.services),
        "closes_at": facts.closes_at.isoformat(),
        "competition": facts.id,
        "version": facts.version,
        "place": facts.place,
        "is_demo": facts.is_demo,
        "summary": _summary(facts.text),
    }
    return _with_tokens(document)


# --- parts of documents --------------------------------------------------------------------------------------------


class _Whereabouts:
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


def _sites_of(provider: Provider, service: Facts) -> list[Facts]:
    """Return the addresses where the service is given; where none are named, all that are not merely legal ones."""
    if named := [provider.sites[place] for place in service.get("at_sites", ())]:
        return named
    return [site for site in provider.sites if site.get("kind") != SiteKind.LEGAL] or provider.sites


def _place(document: Document, where: _Whereabouts) -> None:
    document.place = where.codes
    document.latitude, document.longitude = where.latitude, where.longitude


def _covers(service: Facts) -> tuple[str, ...]:
    kind = service.get("area_kind")
    if kind == AreaKind.COUNTRY:
        return (COUNTRY,)
    return () if kind == AreaKind.UNKNOWN else tuple(dict.fromkeys(service.get("areas", ())))


def _access(sites: Sequence[Facts], names: Names) -> tuple[str, ...]:
    available = (key for site in sites for key, is_there in site.get("access", {}).items() if is_there)
    return tuple(dict.fromkeys(names.features[key] for key in available if key in names.features))


@lru_cache(maxsize=2_000)
def opening(hours: str | None) -> tuple[str, ...]:
    """Return the slots of hours as the database keeps them, text of JSON."""
    return slots(orjson.loads(hours)) if hours and hours != "{}" else ()


def _open_at(sites: Sequence[Facts]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slot for site in sites for slot in opening(site.get("hours"))))


def _ownership(entry: Facts) -> tuple[str, ...]:
    return (entry["ownership_form"],) if entry.get("ownership_form") else ()


def _wishes(facets: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the tokens by which a word of the question that names a filter prefers a document."""
    wished = (Facet.PRICE, Facet.URGENT, Facet.FORM, Facet.OWNERSHIP, Facet.ACCESS)
    return [f"f:{name.value}:{value}" for name in wished for value in facets[name.value] if value != "unknown"]


def _named(name: str, names: Names) -> list[str]:
    if name not in names.read:
        names.read[name] = tokens(name)
    return names.read[name]


def _tokens_of_groups(groups: Iterable[tuple[str, str]], names: Names, annotator: Annotator) -> list[str]:
    found = []
    for slug, name in groups:
        key = f"g:{slug}"
        if key not in names.read:
            names.read[key] = [*tokens(name), key, *annotator.tokens(name)]
        found += names.read[key]
    return found


def _provider_tokens(entry: Facts) -> list[str]:
    return [*tokens(entry["name"]), *tokens(entry.get("short_name") or "")]


def _each(rows: Iterable[Facts], name: str) -> Iterable[Any]:
    """Return every value that stands in these lists, each once."""
    return dict.fromkeys(value for row in rows for value in row.get(name, ()))


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.2f}")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _phone(provider: Provider) -> str:
    phones = (contact["value"] for contact in provider.contacts if contact.get("kind") == ContactKind.PHONE)
    return next(phones, "")


def _judge(document: Document, entry: Facts, known: Iterable[object], today: date) -> None:
    """Say how good the facts are: up to 0.3 for being verified lately and complete, and a little by lot.

    Facts that nobody has confirmed for long count for nothing, however many there are.
    """
    document.verified_on = _day(entry.get("verified_on"))
    age = (today - document.verified_on).days if document.verified_on else OLD_AFTER
    verified = FRESH if age <= FRESH_FOR else FRESH / 2 if age < OLD_AFTER else 0.0
    if entry.get("freshness") == Freshness.OVERDUE:
        verified /= 2
    document.quality = _lot(document.id)
    if entry.get("freshness") != Freshness.LOWERED:
        document.quality += verified + sum(COMPLETE for fact in known if fact)


def _lot(name: str) -> float:
    """Return a fixed lot of at most 0.01, so that equal answers are not ordered by anybody's name or number."""
    return LOT * crc32(name.encode()) / 0xFFFF_FFFF


def _summary(text: str) -> str:
    short = " ".join(text.split())
    if len(short) <= SUMMARY:
        return short
    return short[:SUMMARY].rpartition(" ")[0].rstrip(",;:–—- ") + "…"


def _told_of(document: Document, provider: Provider, where: _Whereabouts) -> Document:
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
        "phone": _phone(provider),
        "verified_on": document.verified_on.isoformat() if document.verified_on else None,
        "included_on": (entry.get("included_on") or "")[:10],
        "freshness": entry.get("freshness") or Freshness.FRESH.value,
        "is_demo": bool(entry.get("is_demo")),
        "at": None if document.latitude is None else [document.latitude, document.longitude],
    }
    return _with_tokens(document)


def _with_tokens(document: Document) -> Document:
    document.data["about"] = _text(dict.fromkeys(document.needs))
    document.data["tokens"] = _text([*document.title, *document.needs, *document.body, *document.provider])
    return document


def _texts_of(page: Page) -> Iterator[str]:
    """Yield the texts of a page's own fields that readers see: rich text, streams, what it declares searchable."""
    searchable = {one.field_name for one in page.get_search_fields() if isinstance(one, SearchField)}
    inherited = {one.name for one in Page._meta.get_fields()}  # noqa: SLF001 Django's public, if underscored, API
    for one in page._meta.concrete_fields:  # noqa: SLF001
        if one.name in inherited or not (isinstance(one, RichTextField | StreamField) or one.name in searchable):
            continue
        value = one.value_from_object(page)
        for part in one.get_searchable_content(value) if isinstance(one, StreamField) else [value]:
            yield get_text_for_indexing(str(part or ""))
