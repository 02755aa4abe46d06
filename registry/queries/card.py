"""Everything the public card of a provider says, read in a number of queries that does not depend on its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Value

from portal.kernel import visibility
from registry.enums import AreaKind, ChangeAct, ContactKind, PriceMode, ServiceStanding, SiteKind, Standing
from registry.models import (
    AccessFeature,
    Contact,
    DeliveryForm,
    EntryChange,
    RegisterEntry,
    Service,
    ServiceAtLocation,
    Site,
    SiteAccess,
    Territory,
)
from registry.queries.figures import entries_in_good_standing
from registry.queries.freshness import FreePlaces
from registry.queries.index import register_index
from registry.queries.outlines import Locator, locate
from registry.queries.register import vocabulary

_ADDRESS: Final = ("label", "territory", "postal_index", "street", "building", "room", "latitude", "longitude")


@dataclass(slots=True)
class SiteCard:
    """An address as the public may see it: of a confidential one only the hromada, hours and access are left."""

    kind: str
    confidential: bool
    hromada: Territory | None
    oblast: Territory | None
    hours: dict[str, Any]
    label: str = ""
    territory: Territory | None = None
    postal_index: str = ""
    street: str = ""
    building: str = ""
    room: str = ""
    latitude: float | None = None
    longitude: float | None = None
    access: list[tuple[AccessFeature, bool | None]] = field(default_factory=list)
    # on what day somebody looked at a feature, by its slug, where that is known
    checked_on: dict[str, date] = field(default_factory=dict)
    services: list[ServiceCard] = field(default_factory=list)

    @property
    def is_legal(self) -> bool:
        return self.kind == SiteKind.LEGAL

    @property
    def known(self) -> dict[str, bool | None]:
        """What is known of access, by the slug of the feature."""
        return {feature.slug: available for feature, available in self.access}

    @property
    def address(self) -> str:
        """The address on one line, from the street to the oblast, as an envelope has it."""
        units = (self.territory, self.hromada, self.oblast)
        return ", ".join(
            part
            for part in (
                ", ".join(filter(None, (self.street, self.building, self.room))),
                *dict.fromkeys(unit.label for unit in units if unit is not None),
                self.postal_index,
            )
            if part
        )

    @property
    def geo(self) -> str:
        """The coordinates as a link takes them, or nothing."""
        if self.latitude is None or self.longitude is None:
            return ""
        return f"{self.latitude:.5f},{self.longitude:.5f}"

    @property
    def map_link(self) -> str:
        if not self.geo:
            return ""
        latitude, longitude = self.geo.split(",")
        return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"


@dataclass(slots=True)
class ServiceCard:
    """A service with its words; `near` and `in_oblast` are how many others give it there.

    `key` is what the search, favourites and comparisons call it.
    """

    service: Service
    key: str = ""
    forms: list[DeliveryForm] = field(default_factory=list)
    groups: list[Any] = field(default_factory=list)
    areas: list[Territory] = field(default_factory=list)
    places: list[tuple[SiteCard, dict[str, Any]]] = field(default_factory=list)
    near: int = 0
    in_oblast: int = 0
    # put there by `registry.queries.freshness.told_of_card`, which knows what day it is
    free: FreePlaces | None = None

    @property
    def is_bare(self) -> bool:
        """Nothing is known of the service but that it is given."""
        service = self.service
        return not (
            service.content
            or service.conditions
            or service.hours
            or service.urgent
            or service.price_mode != PriceMode.UNKNOWN
            or service.area_kind != AreaKind.UNKNOWN
            or service.capacity is not None
            or service.meets_standard is not None
            or service.standing != ServiceStanding.INCLUDED
            or self.free is not None
            or self.forms
            or self.groups
            or self.areas
            or self.places
        )


@dataclass(slots=True)
class Parts:
    """The addresses and services of one entry."""

    sites: list[SiteCard] = field(default_factory=list)
    services: list[ServiceCard] = field(default_factory=list)


@dataclass(slots=True)
class Card:
    entry: RegisterEntry
    sites: list[SiteCard]
    contacts: dict[str, list[Contact]]
    services: list[ServiceCard]
    branches: list[RegisterEntry]
    decision: EntryChange | None

    @property
    def maps(self) -> list[Locator]:
        """A small map for each oblast where the provider has an address that may be shown."""
        points: dict[str, list[tuple[float, float]]] = {}
        for site in self.sites:
            if site.oblast is not None and site.latitude is not None and site.longitude is not None:
                points.setdefault(site.oblast.code, []).append((site.latitude, site.longitude))
        return [map_ for code, places in points.items() if (map_ := locate(code, places))]

    @property
    def is_all_suspended(self) -> bool:
        """Say whether the provider has services and may offer none of them now."""
        return bool(self.services) and all(item.service.standing == ServiceStanding.SUSPENDED for item in self.services)

    @property
    def head(self) -> RegisterEntry | None:
        parent = self.entry.parent
        return parent if parent is not None and parent.is_open else None


def open_entry(number: str) -> RegisterEntry | None:
    """Return the entry if the public may see its card."""
    queryset = RegisterEntry.objects.open().select_related(
        "organisation", "territory", "hromada", "oblast", "parent__organisation", "merged_into"
    )
    return queryset.filter(number=number).first()


def card_of(entry: RegisterEntry) -> Card:
    """Return the public card of an open entry."""
    parts = cards_of([entry])[entry.pk]
    services = parts.services
    _count_neighbours(entry, services)
    contacts: dict[str, list[Contact]] = {kind: [] for kind in ContactKind.values}
    for contact in Contact.objects.filter(entry=entry).order_by("id"):
        if visibility.is_public("registry.Contact", "value", contact):
            contacts[contact.kind].append(contact)
    branches = RegisterEntry.objects.open().filter(parent=entry, standing__in=Standing.active)
    return Card(
        entry,
        sorted(parts.sites, key=lambda site: (not site.services, site.is_legal)),
        contacts,
        services,
        list(branches.select_related("organisation", "territory", "hromada").order_by("sort_key", "id")),
        last_decision(entry),
    )


def cards_of(entries: Sequence[RegisterEntry]) -> dict[int, Parts]:
    """Return the addresses and services of these open entries, in as many queries for many as for one."""
    found = {entry.pk: Parts() for entry in entries}
    sites = _add_sites(found)
    _add_services(found, {entry.pk: entry.number for entry in entries}, sites)
    return found


def _add_sites(found: dict[int, Parts]) -> dict[int, SiteCard]:
    access: dict[int, list[SiteAccess]] = defaultdict(list)
    known = SiteAccess.objects.filter(site__entry__in=list(found)).select_related("feature")
    for item in known.order_by("feature__order", "feature__slug"):
        access[item.site_id].append(item)
    cards = {}
    sites = Site.objects.filter(entry__in=list(found)).select_related("territory", "hromada", "oblast")
    for site in sites.order_by("id"):
        public = visibility.public_view("registry.Site", site, _ADDRESS)
        cards[site.pk] = SiteCard(
            kind=site.kind,
            confidential=site.confidential,
            hromada=site.hromada,
            oblast=site.oblast,
            hours=site.hours or {},
            access=[(item.feature, item.available) for item in access[site.pk]],
            checked_on={item.feature.slug: item.checked_on for item in access[site.pk] if item.checked_on},
            **public,
        )
        found[site.entry_id].sites.append(cards[site.pk])
    return cards


def _add_services(found: dict[int, Parts], numbers: dict[int, str], sites: dict[int, SiteCard]) -> None:
    kinds = vocabulary()
    cards = {}
    services = Service.objects.filter(entry__in=list(found)).select_related("service_type")
    for service in services.order_by("id"):
        own = found[service.entry_id].services
        cards[service.pk] = ServiceCard(service, f"s-{numbers[service.entry_id]}-{len(own) + 1}")
        own.append(cards[service.pk])
    forms = {form.pk: form for form in DeliveryForm.objects.all()} if cards else {}
    for name, service_id, other in _links(cards):
        if name == "form":
            cards[service_id].forms.append(forms[other])
        elif other in kinds.groups:
            cards[service_id].groups.append(kinds.groups[other])
    areas = Service.areas.through._default_manager.filter(service__entry__in=list(found))  # noqa: SLF001 the only manager it has
    for row in areas.select_related("territory").order_by("territory__name"):
        cards[row.service_id].areas.append(row.territory)
    for place in ServiceAtLocation.objects.filter(service__entry__in=list(found)).order_by("id"):
        site = sites[place.site_id]
        cards[place.service_id].places.append((site, place.hours or {}))
        site.services.append(cards[place.service_id])


def _links(cards: dict[int, ServiceCard]) -> Iterable[tuple[str, int, int]]:
    """Yield the forms of delivery and the groups of these services, both in one query."""
    if not cards:
        return ()
    forms = Service.delivery_forms.through._default_manager.filter(service__in=list(cards))  # noqa: SLF001
    groups = Service.groups.through._default_manager.filter(service__in=list(cards))  # noqa: SLF001
    return forms.values_list(Value("form"), "service_id", "deliveryform_id").union(
        groups.values_list(Value("group"), "service_id", "vulnerablegroup_id"), all=True
    )


def _count_neighbours(entry: RegisterEntry, services: list[ServiceCard]) -> None:
    register_index.refresh()
    if entry.hromada is not None:
        register_index.know_parents([entry.hromada])
    good = entries_in_good_standing()
    for card in services:
        same = register_index.having("service", card.service.service_type_id) & good
        same.discard(entry.pk)
        if entry.hromada_id:
            card.near = same.intersection_cardinality(register_index.having("hromada", entry.hromada_id))
        if entry.oblast_id:
            card.in_oblast = same.intersection_cardinality(register_index.having("oblast", entry.oblast_id))


def last_decision(entry: RegisterEntry) -> EntryChange | None:
    """Return the line of history that suspended or excluded the entry, with its ground."""
    acts = {Standing.SUSPENDED: ChangeAct.SUSPENDED, Standing.EXCLUDED: ChangeAct.EXCLUDED}
    act = acts.get(Standing(entry.standing))
    if act is None:
        return None
    return EntryChange.objects.filter(entry=entry, act=act).order_by("-id").first()
