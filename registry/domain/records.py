"""What a source says of a provider, in one shape: import rows, desk forms, the demo set, lists of real ones.

Foreign keys are primary keys, so a record can be built from dictionaries without a query. `None` for a group of parts
(`sites`, `contacts`, `services`) or `UNSET` for a value means that the source is silent: what is known stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from registry.enums import AreaKind, PriceMode, SiteKind


class Unset(Enum):
    TOKEN = 0


UNSET: Final = Unset.TOKEN
# ten centimetres; more digits say nothing of an address and do not survive every spreadsheet
DEGREE_DIGITS: Final = 6


@dataclass(slots=True)
class SiteRecord:
    kind: str = SiteKind.SERVICE
    label: str = ""
    territory_id: int | None = None
    hromada_id: int | None = None
    oblast_id: int | None = None
    postal_index: str = ""
    street: str = ""
    building: str = ""
    room: str = ""
    latitude: float | None = None
    longitude: float | None = None
    hours: dict[str, Any] = field(default_factory=dict)
    confidential: bool = False
    access: dict[int, bool | None] = field(default_factory=dict)
    # the stored part that this is a new word about; unknown to files, which know parts by their key
    row_id: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.latitude is not None and self.longitude is not None:
            self.latitude, self.longitude = round(self.latitude, DEGREE_DIGITS), round(self.longitude, DEGREE_DIGITS)

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes two descriptions the same address."""
        return (
            self.kind,
            self.territory_id or self.hromada_id or self.oblast_id,
            *(value.casefold() for value in (self.street, self.building, self.room, self.label)),
        )


@dataclass(slots=True)
class ContactRecord:
    kind: str
    value: str
    note: str = ""
    private: bool = False
    row_id: int | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return (self.kind, self.value.casefold())


@dataclass(slots=True)
class ServiceRecord:
    service_type_id: int
    title: str = ""
    content: str = ""
    conditions: str = ""
    price_mode: str = PriceMode.UNKNOWN
    price: Decimal | None = None
    price_unit: str = ""
    price_on: date | None = None
    capacity: int | None = None
    capacity_on: date | None = None
    urgent: bool = False
    meets_standard: bool | None = None
    area_kind: str = AreaKind.UNKNOWN
    hours: dict[str, Any] = field(default_factory=dict)
    delivery_form_ids: frozenset[int] = frozenset()
    group_ids: frozenset[int] = frozenset()
    area_ids: frozenset[int] = frozenset()
    # positions in the provider's list of sites, not keys
    at_sites: tuple[int, ...] = ()
    row_id: int | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[int, str]:
        return (self.service_type_id, self.title.casefold())


@dataclass(slots=True)
class ProviderRecord:
    """One provider; found again by `code`, else by `rnokpp`, else by `external_ref`."""

    name: str | Unset = UNSET
    code: str | None = None
    rnokpp: str | None = None
    external_ref: str | None = None
    short_name: str | Unset = UNSET
    person_type: str | Unset = UNSET
    legal_form: str | Unset = UNSET
    ownership_form: str | Unset = UNSET
    sector: str | Unset = UNSET
    about: str | Unset = UNSET
    services_note: str | Unset = UNSET
    source: str | Unset = UNSET
    source_url: str | Unset = UNSET
    source_on: date | Unset | None = UNSET
    verified_on: date | Unset | None = UNSET
    included_on: date | None = None
    head_number: str | None = None
    sites: list[SiteRecord] | None = None
    contacts: list[ContactRecord] | None = None
    services: list[ServiceRecord] | None = None
    # where in the file the record stands, for reports
    row: int = 0

    @property
    def key(self) -> tuple[str, str]:
        for name in ("code", "rnokpp", "external_ref"):
            if value := getattr(self, name):
                return (name, value)
        return ("", "")


ORGANISATION_FIELDS: Final = ("name", "short_name", "person_type", "legal_form", "ownership_form", "sector")
ENTRY_FIELDS: Final = ("about", "services_note", "source", "source_url", "source_on", "verified_on")
SITE_FIELDS: Final = (
    "kind",
    "label",
    "territory_id",
    "hromada_id",
    "oblast_id",
    "postal_index",
    "street",
    "building",
    "room",
    "latitude",
    "longitude",
    "hours",
    "confidential",
)
CONTACT_FIELDS: Final = ("kind", "value", "note", "private")
SERVICE_FIELDS: Final = (
    "service_type_id",
    "title",
    "content",
    "conditions",
    "price_mode",
    "price",
    "price_unit",
    "price_on",
    "capacity",
    "capacity_on",
    "urgent",
    "meets_standard",
    "area_kind",
    "hours",
)
SERVICE_SETS: Final = ("delivery_form_ids", "group_ids", "area_ids")
