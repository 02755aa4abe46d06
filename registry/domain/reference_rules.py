"""The register's own rules as shipped: criteria for providers, grounds of decisions, steps of freshness, policies."""

from __future__ import annotations

import json
from pathlib import Path

from portal.kernel.models import RuleProfile
from portal.kernel.reference import load_norms
from registry.domain.reference_rows import Counts, Progress, Row, upsert
from registry.models import Criterion, DeliveryForm, FreshnessRule, Ground, RegisterPolicy, ServiceType


def load_criteria(path: Path, _progress: Progress | None) -> Counts:
    """Load the criteria of decree 185 with the services and forms of delivery that they are for."""
    rows = _read(path)
    known = set(Criterion.objects.values_list("slug", flat=True))
    plain = [{name: value for name, value in row.items() if name not in {"for_services", "for_forms"}} for row in rows]
    counts = upsert(Criterion, ("slug",), plain)
    services = ServiceType.objects.in_bulk(field_name="slug")
    forms = DeliveryForm.objects.in_bulk(field_name="slug")
    for criterion in Criterion.objects.filter(slug__in=[row["slug"] for row in rows]):
        row = next(row for row in rows if row["slug"] == criterion.slug)
        if criterion.slug not in known or criterion.edited_at is None:
            criterion.for_services.set([services[slug] for slug in row["for_services"] if slug in services])
            criterion.for_forms.set([forms[slug] for slug in row["for_forms"] if slug in forms])
    return counts


def load_grounds(path: Path, _progress: Progress | None) -> Counts:
    return upsert(Ground, ("slug",), _read(path))


def load_freshness(path: Path, _progress: Progress | None) -> Counts:
    services: dict[str | None, int | None] = {None: None, **dict(ServiceType.objects.values_list("slug", "pk"))}
    told = []
    for row in _read(path):
        service = row.pop("service")
        if service in services:
            told.append({**row, "service_type_id": services[service]})
    return upsert(FreshnessRule, ("service_type_id",), told)


def load_policies(path: Path, _progress: Progress | None) -> Counts:
    """Load what rule profiles settle besides terms; the profiles themselves come from the kernel's tables."""
    if not RuleProfile.objects.filter(procedure="registry").exists():
        load_norms()
    rows = []
    for row in _read(path):
        profiles = RuleProfile.objects.filter(procedure=row.pop("procedure"), authority=row.pop("authority"))
        rows += [{**row, "profile_id": profile.pk} for profile in profiles]
    return upsert(RegisterPolicy, ("profile_id",), rows)


def _read(path: Path) -> list[Row]:
    rows: list[Row] = json.loads(path.read_text(encoding="utf-8"))
    return rows
