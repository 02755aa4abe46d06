"""From the drafts of one provider, a row each, to the one record that goes to the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from registry.domain.comparing import merged
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.enums import ContactKind, SiteKind
from registry.interfaces.importing.resource import Draft

_PROVIDER: Final = (
    "name",
    "short_name",
    "person_type",
    "legal_form",
    "ownership_form",
    "sector",
    "about",
    "services_note",
    "source",
    "source_url",
    "source_on",
    "verified_on",
    "included_on",
    "head_number",
)
_SITE: Final = ("postal_index", "street", "building", "room", "latitude", "longitude", "confidential")
_SERVICE: Final = {
    "service_title": "title",
    "service_content": "content",
    "service_conditions": "conditions",
    "price_mode": "price_mode",
    "price": "price",
    "price_unit": "price_unit",
    "price_on": "price_on",
    "capacity": "capacity",
    "capacity_on": "capacity_on",
    "urgent": "urgent",
    "meets_standard": "meets_standard",
    "area_kind": "area_kind",
    "groups": "group_ids",
    "delivery_forms": "delivery_form_ids",
}
_CONTACTS: Final = (
    ("phones", ContactKind.PHONE, False),
    ("emails", ContactKind.EMAIL, False),
    ("websites", ContactKind.WEBSITE, False),
    ("head", ContactKind.HEAD, False),
    ("private_phones", ContactKind.PHONE, True),
    ("private_emails", ContactKind.EMAIL, True),
)


@dataclass(slots=True)
class Told:
    """A record with the rows it was made of; `loose` addresses have no kind told, `bare` services no details."""

    record: ProviderRecord
    drafts: Sequence[Draft]
    loose: set[int] = field(default_factory=set)
    bare: set[int] = field(default_factory=set)


def told_by(drafts: Sequence[Draft]) -> Told:
    """Return what all rows of one provider say together; of single values the first one told counts."""
    values: dict[str, Any] = {}
    for draft in drafts:
        for name in _PROVIDER:
            if name in draft.told:
                values.setdefault(name, draft.told[name])
    first = drafts[0]
    record = ProviderRecord(
        code=first.told.get("edrpou"),
        rnokpp=first.told.get("rnokpp"),
        external_ref=first.told.get("external_ref"),
        row=first.row,
        **values,
    )
    sites: dict[tuple[Any, ...], SiteRecord] = {}
    services: dict[tuple[Any, ...], ServiceRecord] = {}
    contacts: dict[tuple[str, str], ContactRecord] = {}
    loose: set[int] = set()
    for draft in drafts:
        _add_contacts(draft, contacts)
        site = _add_site(draft, sites)
        if site is not None and "site_kind" not in draft.told:
            loose.add(site)
        _add_service(draft, services, site)
    record.sites = list(sites.values()) or None
    record.contacts = list(contacts.values()) or None
    record.services = list(services.values()) or None
    detailed = {draft.told["service"] for draft in drafts if "service" in draft.told}
    bare = {place for place, service in enumerate(record.services or ()) if service.service_type_id not in detailed}
    return Told(record, drafts, loose, bare)


def _add_site(draft: Draft, sites: dict[tuple[Any, ...], SiteRecord]) -> int | None:
    """Add the row's address, or find it among those of rows above; return its position."""
    if draft.place is None:
        return None
    told = draft.told
    site = SiteRecord(
        kind=told.get("site_kind") or (SiteKind.SERVICE if "service" in told else SiteKind.LEGAL).value,
        label=told.get("site_label", ""),
        territory_id=draft.place.territory_id,
        hromada_id=draft.place.hromada_id,
        oblast_id=draft.place.oblast_id,
        access=dict.fromkeys(told.get("access", ()), True) | dict.fromkeys(told.get("access_missing", ()), False),
        **{name: told[name] for name in _SITE if name in told},
    )
    key = site.key
    sites[key] = merged(sites[key], site, replace=False) if key in sites else site
    return list(sites).index(key)


def _add_contacts(draft: Draft, contacts: dict[tuple[str, str], ContactRecord]) -> None:
    for column, kind, private in _CONTACTS:
        for value in draft.told.get(column, ()):
            contact = ContactRecord(kind.value, value, private=private)
            contacts.setdefault(contact.key, contact)


def _add_service(draft: Draft, services: dict[tuple[Any, ...], ServiceRecord], site: int | None) -> None:
    told = draft.told
    if "service" in told:
        service = ServiceRecord(
            told["service"],
            area_ids=draft.area_ids,
            at_sites=(site,) if site is not None and told.get("site_kind") != SiteKind.LEGAL else (),
            **{name: told[column] for column, name in _SERVICE.items() if column in told},
        )
        key = service.key
        services[key] = merged(services[key], service, replace=False) if key in services else service
    for service_type in sorted(told.get("services", ())):
        service = ServiceRecord(service_type)
        services.setdefault(service.key, service)
