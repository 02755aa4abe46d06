"""The real public institutions of `registry/reference/institutions.json` as records, each value with its source."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.domain.planning import Outcome
from registry.domain.providers import Actor, put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.enums import ContactKind, SiteKind
from registry.models import ServiceType, Territory

FILE: Final = Path(__file__).resolve().parent.parent / "reference" / "institutions.json"
_TEXTS: Final = ("short_name", "person_type", "legal_form", "ownership_form", "sector", "about", "services_note")


def put_institutions(*, now: datetime | None = None) -> list[Outcome]:
    """Enter the institutions, or bring them up to date; a second time nothing changes."""
    return put_providers(
        institution_records(),
        actor=Actor(None, "command"),
        ground=_("published data; the source stands on the card"),
        now=now or timezone.now(),
    )


def institution_records(file: Path = FILE) -> list[ProviderRecord]:
    """Return the records for `put_providers`: two queries. A unit or service that is not loaded is left out."""
    rows = json.loads(file.read_text())
    units = {unit.code: unit for unit in Territory.objects.filter(code__in=[row["address"]["katottg"] for row in rows])}
    kinds = dict(ServiceType.objects.values_list("slug", "pk"))
    return [_record(row, number, units, kinds) for number, row in enumerate(rows, 1)]


def _record(row: dict[str, Any], number: int, units: dict[str, Territory], kinds: dict[str, int]) -> ProviderRecord:
    record = ProviderRecord(
        name=row["name"],
        code=row.get("edrpou") or None,
        external_ref=None if row.get("edrpou") else row["external_ref"],
        row=number,
        **{name: row[name] for name in _TEXTS if row.get(name)},
    )
    record.source, record.source_url = row.get("source") or "", row.get("source_url") or ""
    record.source_on = date.fromisoformat(row["source_on"]) if row.get("source_on") else None
    if row.get("note"):
        record.about = row["note"]
    record.sites = _sites(row["address"], units)
    record.contacts = _contacts(row)
    services = [_service(item, kinds[item["service"]]) for item in row["services"] if item["service"] in kinds]
    record.services = services or None
    return record


def _sites(address: dict[str, Any], units: dict[str, Territory]) -> list[SiteRecord] | None:
    unit = units.get(address.get("katottg", ""))
    if unit is None:
        return None
    is_settlement = unit.category not in ("O", "P", "H")
    return [
        SiteRecord(
            kind=SiteKind.LEGAL.value,
            territory_id=unit.pk if is_settlement else None,
            hromada_id=unit.hromada_id,
            oblast_id=unit.oblast_id,
            postal_index=address.get("postal_index") or "",
            street=address.get("street") or "",
            building=address.get("building") or "",
            latitude=address.get("lat"),
            longitude=address.get("lon"),
        )
    ]


def _contacts(row: dict[str, Any]) -> list[ContactRecord] | None:
    kinds = {"phone": ContactKind.PHONE, "email": ContactKind.EMAIL, "website": ContactKind.WEBSITE}
    return [ContactRecord(kind.value, row[name]) for name, kind in kinds.items() if row.get(name)] or None


def _service(item: dict[str, Any], service_type: int) -> ServiceRecord:
    record = ServiceRecord(service_type)
    for name in ("title", "content", "conditions", "price_mode", "price_unit"):
        if item.get(name):
            setattr(record, name, item[name])
    if item.get("price"):
        record.price = Decimal(str(item["price"]))
    if item.get("price_on"):
        record.price_on = date.fromisoformat(item["price_on"])
    return record
