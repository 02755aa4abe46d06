"""What one line of a list of providers says, for a page of them in three queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from portal.accounts.enums import LegalForm
from portal.kernel import visibility
from registry.enums import ContactKind, PriceMode, ServiceStanding
from registry.models import Availability, Contact, RegisterEntry, Service
from registry.queries.freshness import Age, FreePlaces, age_of, free_places, known_rules
from registry.queries.register import in_order, vocabulary

NAMED: Final = 4
_SHOWN: Final = (
    "number",
    "standing",
    "verified_on",
    "included_on",
    "is_demo",
    "oblast",
    "organisation__name",
    "organisation__legal_form",
    "territory__name",
    "territory__category",
    "hromada__name",
    "hromada__category",
)


@dataclass(slots=True)
class Row:
    """One provider in a list; nothing in it is private."""

    entry: RegisterEntry
    services: list[str] = field(default_factory=list)
    more_services: int = 0
    price_modes: list[str] = field(default_factory=list)
    cheapest: Decimal | None = None
    urgent: bool = False
    phone: str = ""
    place: str = ""
    kinds: set[int] = field(default_factory=set)
    # how many of the services may not be offered now
    suspended: int = 0
    number_of_services: int = 0
    age: Age | None = None
    # free places of the one service that the list is about, where it is about one
    free: FreePlaces | None = None

    @property
    def legal_form(self) -> str:
        """The legal form in words, or nothing where the source does not tell it."""
        form = self.entry.organisation.legal_form
        return "" if form == LegalForm.OTHER else str(LegalForm(form).label)

    @property
    def is_all_suspended(self) -> bool:
        return 0 < self.number_of_services == self.suspended


def rows_of(keys: list[int], *, today: date, about: int | None = None) -> list[Row]:
    """Return the lines for these entries, in the given order; of a list about one service also its free places."""
    queryset = RegisterEntry.objects.open().select_related("organisation", "territory", "hromada").only(*_SHOWN)
    oblasts = vocabulary().oblasts
    rows = {}
    for entry in in_order(queryset, keys):
        units = (entry.territory, entry.hromada, oblasts.get(entry.oblast_id or 0))
        place = ", ".join(dict.fromkeys(unit.label for unit in units if unit is not None))
        rows[entry.pk] = Row(entry, place=place)
    _add_services(rows)
    phones = Contact.objects.filter(entry__in=list(rows), kind=ContactKind.PHONE).order_by("-id")
    for contact in phones.values("entry_id", "value", "private"):
        if visibility.is_public("registry.Contact", "value", contact):
            rows[contact["entry_id"]].phone = contact["value"]
    for row in rows.values():
        row.age = age_of(row.entry, row.kinds, rules=known_rules(), today=today)
    if about is not None:
        said = Availability.objects.filter(service__entry__in=list(rows), service__service_type=about)
        for word in said.select_related("service").order_by("-pk"):
            rows[word.service.entry_id].free = free_places(word, today)
    return list(rows.values())


def _add_services(rows: dict[int, Row]) -> None:
    kinds = vocabulary().services
    told = Service.objects.filter(entry__in=list(rows)).order_by("id")
    for pk, kind, title, mode, price, urgent, standing in told.values_list(
        "entry_id", "service_type_id", "title", "price_mode", "price", "urgent", "standing"
    ):
        row = rows[pk]
        row.kinds.add(kind)
        row.number_of_services += 1
        row.suspended += standing == ServiceStanding.SUSPENDED
        name = title or (kinds[kind].name if kind in kinds else "")
        if name not in row.services:
            if len(row.services) < NAMED:
                row.services.append(name)
            else:
                row.more_services += 1
        if mode != PriceMode.UNKNOWN and mode not in row.price_modes:
            row.price_modes.append(mode)
        if price is not None and (row.cheapest is None or price < row.cheapest):
            row.cheapest = price
        row.urgent = row.urgent or urgent
