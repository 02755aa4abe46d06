"""An entry as an official reads it: every field there is, the private ones only when they were opened on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from portal.kernel import visibility
from portal.kernel.visibility import Audience
from registry.interfaces.hours import hours_lines
from registry.models import Contact, RegisterEntry, Service, Site
from registry.queries.desk import place_text

Line = tuple[str, str]
SITE_LABEL: Final = "registry.Site"
CONTACT_LABEL: Final = "registry.Contact"


@dataclass(slots=True)
class Block:
    """One part of the card: its title, its lines, and whether something in it is kept from this view."""

    pk: int
    title: str
    lines: list[Line] = field(default_factory=list)
    private: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Card:
    organisation: list[Line]
    entry: list[Line]
    sites: list[Block]
    contacts: list[Block]
    services: list[Block]

    @property
    def has_hidden(self) -> bool:
        return any(block.hidden for block in (*self.sites, *self.contacts))

    @property
    def private_parts(self) -> list[str]:
        """Name what would be, or was, shown beyond the public card."""
        named = (("address", self.sites), ("contact", self.contacts))
        return [f"{name} {block.pk}" for name, blocks in named for block in blocks if block.private]


def build_card(entry: RegisterEntry, *, opened: bool) -> Card:
    """Return the card in about ten queries; `opened` shows what the public does not see."""
    units = [
        f"{name}__{above}" for name in ("territory", "hromada", "oblast") for above in ("hromada", "raion", "oblast")
    ]
    sites = entry.sites.select_related(*units).prefetch_related("access__feature")
    services = entry.services.select_related("service_type").prefetch_related(
        "groups", "delivery_forms", "areas", "locations__site"
    )
    audience = Audience.OFFICIAL if opened else Audience.PUBLIC
    return Card(
        _organisation_lines(entry),
        _entry_lines(entry),
        [_site(site, entry, audience) for site in sites],
        [_contact(contact, entry, audience) for contact in entry.contacts.all()],
        [_service(service) for service in services],
    )


def _lines(*pairs: tuple[str, Any]) -> list[Line]:
    return [(name, _text(value)) for name, value in pairs if value not in (None, "", [])]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(value, "isoformat"):
        return date_format(value, "DATE_FORMAT")
    return str(value)


def _organisation_lines(entry: RegisterEntry) -> list[Line]:
    told = entry.organisation
    return _lines(
        (_("Name"), told.name),
        (_("Short name"), told.short_name),
        (_("EDRPOU"), told.code),
        (_("RNOKPP"), _("entered; it is not shown") if told.rnokpp else ""),
        (_("Reference in the source"), told.external_ref),
        (_("Kind of person"), told.get_person_type_display()),
        (_("Legal form"), told.get_legal_form_display()),
        (_("Ownership form"), told.get_ownership_form_display()),
        (_("Sector"), told.get_sector_display()),
    )


def _entry_lines(entry: RegisterEntry) -> list[Line]:
    head = f"{entry.parent.number} {entry.parent.organisation}" if entry.parent else ""
    return _lines(
        (_("Seated in"), ", ".join(unit.label for unit in (entry.territory, entry.hromada, entry.oblast) if unit)),
        (_("Included on"), entry.included_on),
        (_("Suspended until"), entry.suspended_until),
        (_("Excluded on"), entry.excluded_on),
        (_("Head organisation"), head),
        (_("Public card"), entry.is_open),
        (_("About the provider"), entry.about),
        (_("Services, as the source names them"), entry.services_note),
        (_("Source of the data"), entry.source),
        (_("Link to the source"), entry.source_url),
        (_("Source dated"), entry.source_on),
        (_("Confirmed by a human on"), entry.verified_on or _("never")),
    )


def _seen(entry: RegisterEntry, audience: Audience, label: str, row: Any, name: str) -> bool:
    """Say whether this view shows the field; of a closed card nothing that leads to the person is public."""
    if not entry.is_open and audience == Audience.PUBLIC:
        return name in {"kind", "hromada", "oblast", "confidential"}
    return visibility.audience_of(label, name, row) <= audience


def _site(site: Site, entry: RegisterEntry, audience: Audience) -> Block:
    def told(name: str) -> Any:
        return getattr(site, name) if _seen(entry, audience, SITE_LABEL, site, name) else None

    hidden = not _seen(entry, audience, SITE_LABEL, site, "street")
    unit = told("territory") or told("hromada") or told("oblast")
    street = ", ".join(filter(None, (told("street"), told("building"), told("room"))))
    access = {True: _("yes"), False: _("no"), None: _("unknown")}
    where = f"{site.latitude}, {site.longitude}" if told("latitude") is not None else ""
    lines = _lines(
        (_("Place"), place_text(unit) if unit else ""),
        (_("Street, building"), street),
        (_("Postal index"), told("postal_index")),
        (_("Coordinates"), where),
        (_("Hours"), "; ".join(f"{day} {hours}".strip() for day, hours in hours_lines(told("hours") or {}))),
        *((item.feature.name, access[item.available]) for item in (site.access.all() if not hidden else ())),
    )
    title = " · ".join(filter(None, (str(site.get_kind_display()), told("label"))))
    return Block(site.pk, title, lines, private=site.confidential or not entry.is_open, hidden=hidden)


def _contact(contact: Contact, entry: RegisterEntry, audience: Audience) -> Block:
    private = contact.private or not entry.is_open
    if not _seen(entry, audience, CONTACT_LABEL, contact, "value"):
        return Block(contact.pk, str(_("Contact for officials")), private=True, hidden=True)
    lines = _lines((str(contact.get_kind_display()), contact.value), (_("Note"), contact.note))
    return Block(contact.pk, str(contact.get_kind_display()), lines, private=private)


def _service(service: Service) -> Block:
    price = ""
    if service.price is not None:
        price = _("%(sum)s UAH") % {"sum": number_format(service.price, 2)}
        price = f"{price} / {service.get_price_unit_display()}"
    places = [str(item.site) for item in service.locations.all()]
    lines = _lines(
        (_("Catalogue"), service.service_type.name if service.title else ""),
        (_("Content"), service.content),
        (_("Conditions"), service.conditions),
        (_("For whom"), ", ".join(group.name for group in service.groups.all())),
        (_("Forms of delivery"), ", ".join(form.name for form in service.delivery_forms.all())),
        (_("Payment"), service.get_price_mode_display()),
        (_("Tariff"), price),
        (_("Tariff as of"), service.price_on),
        (_("Places"), service.capacity),
        (_("Places as of"), service.capacity_on),
        (_("Given urgently"), service.urgent or None),
        (_("Meets the state standard"), service.meets_standard),
        (_("Area served"), service.get_area_kind_display()),
        (_("Territories served"), ", ".join(unit.label for unit in service.areas.all())),
        (_("At which addresses"), ", ".join(places)),
        (_("Hours"), "; ".join(f"{day} {hours}".strip() for day, hours in hours_lines(service.hours))),
    )
    return Block(service.pk, str(service), lines)
