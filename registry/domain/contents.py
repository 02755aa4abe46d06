"""Between an entry of the register and the flat content of an application (paths: `registry.domain.drafts`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from registry.domain.draft_readers import KEY
from registry.domain.parts import Parts, load_parts
from registry.domain.records import UNSET, ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.enums import AreaKind, PriceMode, SiteKind, UnitCategory
from registry.models import (
    AccessFeature,
    Application,
    DeliveryForm,
    Evidence,
    RegisterEntry,
    ServiceType,
    Territory,
    VulnerableGroup,
)

Content = dict[str, Any]

PARTS: Final = ("sites", "contacts", "services")
ORGANISATION: Final = ("name", "short_name", "person_type", "legal_form", "ownership_form", "sector")
# what nobody has stated is absent
_UNSTATED: Final = "unknown"
_SITE_TEXTS: Final = ("kind", "label", "postal_index", "street", "building", "room")
_SERVICE_TEXTS: Final = ("title", "content", "conditions", "price_unit")
_PAID: Final = frozenset({PriceMode.TARIFF.value, PriceMode.DIFFERENTIATED.value})
_AREAS_NAMED: Final = frozenset({AreaKind.HROMADAS.value, AreaKind.RAION.value, AreaKind.OBLAST.value})


# --- from the register ---------------------------------------------------------------------------------------------


def content_of(entry: RegisterEntry) -> Content:
    """Return what the register says of the entry as the content of an amendment, `row` beside every part."""
    parts = load_parts([entry.pk]).get(entry.pk) or Parts()
    names = _Names.of_rows(parts)
    organisation = entry.organisation
    content = {f"organisation/{name}": getattr(organisation, name) for name in ORGANISATION}
    content["about/about"] = entry.about
    if entry.parent:
        content["organisation/head"] = entry.parent.number
    for number, (site, site_record) in enumerate(parts.sites, 1):
        content |= _under(f"sites/{number}", {**_site_values(site_record, names), "row": site.pk})
    for number, (contact, told) in enumerate(parts.contacts, 1):
        values = {"kind": told.kind, "value": told.value, "note": told.note, "private": told.private}
        content |= _under(f"contacts/{number}", {**values, "row": contact.pk})
    for number, (service, service_record) in enumerate(parts.services, 1):
        content |= _under(f"services/{number}", {**_service_values(service_record, names), "row": service.pk})
    content |= _evidence_values(entry, {service.pk: str(n) for n, (service, _record) in enumerate(parts.services, 1)})
    return {path: value for path, value in content.items() if not is_empty(path, value)}


def is_empty(path: str, value: Any) -> bool:
    """Say whether the value says nothing at this path: a flag that is off says nothing, an answer "no" does."""
    if value is False:
        return "/access/" not in path and not path.endswith("/meets_standard")
    return value is None or value in ("", [], {}) or (value == _UNSTATED and path.endswith(_MAY_BE_UNSTATED))


_MAY_BE_UNSTATED: Final = ("/ownership_form", "/sector", "/price_mode", "/area_kind")


def _under(prefix: str, values: dict[str, Any]) -> Content:
    return {f"{prefix}/{name}": value for name, value in values.items()}


def _site_values(record: SiteRecord, names: _Names) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(record, name) for name in _SITE_TEXTS}
    values |= {"latitude": record.latitude, "longitude": record.longitude, "hours": record.hours}
    values["confidential"] = record.confidential
    unit = record.territory_id or record.hromada_id or record.oblast_id
    values["territory"] = names.codes.get(unit) if unit else None
    values |= {
        f"access/{names.features[feature]}": known for feature, known in record.access.items() if known is not None
    }
    return values


def _service_values(record: ServiceRecord, names: _Names) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(record, name) for name in _SERVICE_TEXTS}
    values |= {name: getattr(record, name) for name in ("price_mode", "area_kind", "urgent", "meets_standard", "hours")}
    values |= {
        "service_type": names.types[record.service_type_id],
        "price": None if record.price is None else f"{record.price:.2f}",
        "price_on": record.price_on and record.price_on.isoformat(),
        "capacity": record.capacity,
        "capacity_on": record.capacity_on and record.capacity_on.isoformat(),
        "delivery_forms": sorted(names.forms[key] for key in record.delivery_form_ids),
        "groups": sorted(names.groups[key] for key in record.group_ids),
        "areas": sorted(names.codes[key] for key in record.area_ids),
        # positions are counted from nought, keys from one
        "at_sites": [str(place + 1) for place in sorted(record.at_sites)],
    }
    return values


def _evidence_values(entry: RegisterEntry, keys: dict[int, str]) -> Content:
    """Return the statements and documents that hold now; one without a service speaks for all of them."""
    content: Content = {}
    rows = Evidence.objects.filter(entry=entry, replaced_at__isnull=True).select_related("criterion").order_by("pk")
    for row in rows:
        told = keys.values() if row.service_id is None else filter(None, [keys.get(row.service_id)])
        values = {
            "statement": row.statement,
            "document": row.document_id and str(row.document_id),
            "expires_on": row.expires_on and row.expires_on.isoformat(),
        }
        for key in told:
            content |= _under(f"criteria/{key}/{row.criterion.slug}", values)
    return content


# --- to the register -----------------------------------------------------------------------------------------------


def record_from(
    content: Content, application: Application, *, services: Collection[str] | None = None
) -> ProviderRecord:
    """Return a content as a record about the application's organisation; `services` keeps only those keys.

    Put it with `replace_parts=True`: what the applicant removed or emptied is absent from the record. Codes that no
    table knows any more are left out. Six queries.
    """
    organisation = application.organisation
    names = _Names.of_content(content)
    stated = {name: content.get(f"organisation/{name}", UNSET) for name in ORGANISATION}
    if stated["short_name"] is UNSET:
        stated["short_name"] = ""
    sites = keys_of(content, "sites")
    keys = [key for key in keys_of(content, "services") if services is None or key in services]
    return ProviderRecord(
        code=organisation.code,
        rnokpp=organisation.rnokpp,
        external_ref=organisation.external_ref,
        about=content.get("about/about", ""),
        head_number=content.get("organisation/head"),
        sites=[_site(part_of(content, "sites", key), names) for key in sites],
        contacts=[_contact(part_of(content, "contacts", key)) for key in keys_of(content, "contacts")],
        services=[
            service
            for key in keys
            if (service := _service(part_of(content, "services", key), names, sites)) is not None
        ],
        **stated,
    )


def keys_of(content: Content, part: str) -> list[str]:
    """Return the keys of the part that are not removed, in the order of their numbers."""
    found: dict[str, bool] = {}
    for path, value in content.items():
        head, _slash, rest = path.partition("/")
        key, _slash, name = rest.partition("/")
        if head == part and name and KEY.fullmatch(key):
            found[key] = found.get(key, False) or (name == "removed" and bool(value))
    return sorted((key for key, removed in found.items() if not removed), key=int)


def part_of(content: Content, part: str, key: str) -> dict[str, Any]:
    """Return the fields of one address, contact, service, or of the criteria of one service."""
    prefix = f"{part}/{key}/"
    return {path.removeprefix(prefix): value for path, value in content.items() if path.startswith(prefix)}


def is_private(path: str, content: Content) -> bool:
    """Say whether the content keeps the field's value from the public: a confidential address, a private contact."""
    part, key, name, *_rest = [*path.split("/"), "", ""]
    if part == "sites" and name not in ("kind", "hours", "confidential", "removed"):
        return bool(content.get(f"sites/{key}/confidential"))
    return part == "contacts" and name not in ("private", "removed") and bool(content.get(f"contacts/{key}/private"))


def seat_of(unit: Territory | None) -> dict[str, int | None]:
    """Return the columns by which an address lies in a unit."""
    if unit is None:
        return {"territory_id": None, "hromada_id": None, "oblast_id": None}
    inside = unit.category in {*UnitCategory.settlements, UnitCategory.CITY_DISTRICT}
    return {
        "territory_id": unit.pk if inside else None,
        "hromada_id": unit.hromada_id,
        "oblast_id": unit.oblast_id,
    }


def _site(values: dict[str, Any], names: _Names) -> SiteRecord:
    access = {
        names.feature_ids[slug]: known
        for name, known in values.items()
        if name.startswith("access/") and (slug := name.removeprefix("access/")) in names.feature_ids
    }
    texts: dict[str, Any] = {name: values.get(name, "") for name in _SITE_TEXTS if name != "kind"}
    texts |= seat_of(names.units.get(values.get("territory", "")))
    pair = (values.get("latitude"), values.get("longitude"))
    latitude, longitude = (None, None) if None in pair else pair
    return SiteRecord(
        kind=values.get("kind", SiteKind.SERVICE.value),
        latitude=latitude,
        longitude=longitude,
        hours=values.get("hours") or {},
        confidential=bool(values.get("confidential")),
        access=access,
        row_id=values.get("row"),
        **texts,
    )


def _contact(values: dict[str, Any]) -> ContactRecord:
    return ContactRecord(
        kind=values.get("kind", ""),
        value=values.get("value", ""),
        note=values.get("note", ""),
        private=bool(values.get("private")),
        row_id=values.get("row"),
    )


def _service(values: dict[str, Any], names: _Names, sites: list[str]) -> ServiceRecord | None:
    service_type = names.type_ids.get(values.get("service_type", ""))
    if service_type is None:
        return None
    mode, area = values.get("price_mode", _UNSTATED), values.get("area_kind", _UNSTATED)
    price = values.get("price") if mode in _PAID else None
    counted = values.get("capacity") is not None and values.get("capacity_on")
    units = (names.units.get(code) for code in values.get("areas") or () if area in _AREAS_NAMED)
    return ServiceRecord(
        service_type_id=service_type,
        price_mode=mode,
        price=None if price is None else Decimal(price),
        price_unit=values.get("price_unit", "") if price is not None else "",
        price_on=_day(values.get("price_on")) if price is not None else None,
        capacity=values["capacity"] if counted else None,
        capacity_on=_day(values["capacity_on"]) if counted else None,
        urgent=bool(values.get("urgent")),
        meets_standard=values.get("meets_standard"),
        area_kind=area,
        hours=values.get("hours") or {},
        delivery_form_ids=_known(names.form_ids, values.get("delivery_forms")),
        group_ids=_known(names.group_ids, values.get("groups")),
        area_ids=frozenset(unit.pk for unit in units if unit),
        at_sites=tuple(sorted(sites.index(key) for key in values.get("at_sites") or () if key in sites)),
        row_id=values.get("row"),
        **{name: values.get(name, "") for name in ("title", "content", "conditions")},
    )


def _known(ids: dict[str, int], slugs: Iterable[str] | None) -> frozenset[int]:
    return frozenset(ids[slug] for slug in slugs or () if slug in ids)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class _Names:
    """Codes and slugs beside the keys of their rows, read once: five queries."""

    def __init__(self, units: Iterable[Territory]) -> None:
        self.units = {unit.code: unit for unit in units}
        self.codes = {unit.pk: unit.code for unit in self.units.values()}
        self.type_ids = dict(ServiceType.objects.values_list("slug", "pk"))
        self.form_ids = dict(DeliveryForm.objects.values_list("slug", "pk"))
        self.group_ids = dict(VulnerableGroup.objects.values_list("slug", "pk"))
        self.feature_ids = dict(AccessFeature.objects.values_list("slug", "pk"))
        self.types = {key: slug for slug, key in self.type_ids.items()}
        self.forms = {key: slug for slug, key in self.form_ids.items()}
        self.groups = {key: slug for slug, key in self.group_ids.items()}
        self.features = {key: slug for slug, key in self.feature_ids.items()}

    @classmethod
    def of_rows(cls, parts: Parts) -> _Names:
        keys = {unit for _row, service in parts.services for unit in service.area_ids}
        seats = (site.territory_id or site.hromada_id or site.oblast_id for _row, site in parts.sites)
        return cls(Territory.objects.filter(pk__in=keys | {unit for unit in seats if unit}))

    @classmethod
    def of_content(cls, content: Content) -> _Names:
        codes = {value for path, value in content.items() if path.endswith("/territory")}
        codes |= {code for path, value in content.items() if path.endswith("/areas") for code in value}
        return cls(Territory.objects.filter(code__in=codes))
