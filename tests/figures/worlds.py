"""Small worlds whose figures a reader can add up by hand."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from procurement.enums import AssessmentState
from procurement.models import NeedsAssessment, NeedsFigure, NeedsService
from registry.domain.records import ServiceRecord, SiteRecord
from registry.models import RegisterEntry, Territory
from tests.factories.registry import make_catalogue, make_provider, make_territories


def today() -> date:
    return timezone.localdate()


def make_service(
    places: int | None = 10,
    *,
    kind: str = "home_care",
    areas: tuple[Territory, ...] = (),
    area_kind: str = "hromadas",
    at: Territory | None = None,
    counted: date | None = None,
    **record: Any,
) -> RegisterEntry:
    """Return a provider seated in Poltava with one service: so many places, named areas, perhaps an address."""
    units, words = make_territories(), make_catalogue()
    sites = [SiteRecord(hromada_id=units.poltava_hromada.pk, oblast_id=units.poltavska.pk, building="1")]
    if at:
        sites.append(SiteRecord(hromada_id=at.pk, oblast_id=at.oblast_id, building="2"))
    service = ServiceRecord(
        getattr(words, kind).pk,
        capacity=places,
        capacity_on=None if places is None else counted or today() - timedelta(days=10),
        area_kind=area_kind,
        area_ids=frozenset(unit.pk for unit in areas),
        at_sites=(1,) if at else (),
    )
    return make_provider(sites=sites, services=[service], **record)


def publish_needs(
    hromada: Territory, need: int | None, *, group: int | None = None, as_of: date | None = None, **fields: Any
) -> NeedsAssessment:
    """Return a published assessment: so many people need home care, so many older people there are."""
    words = make_catalogue()
    at = timezone.now()
    facts = {"as_of": as_of or date(2026, 1, 1), "act_number": "7-1/IX", "act_on": date(2026, 2, 1), **fields}
    made = NeedsAssessment.objects.create(
        hromada=hromada, state=AssessmentState.PUBLISHED, published_at=at, created_at=at, **facts
    )
    NeedsService.objects.create(assessment=made, service_type=words.home_care, need=need)
    if group is not None:
        NeedsFigure.objects.create(assessment=made, group=words.older_people, label="Особи", persons=group)
    return made


def file_of(address: str) -> list[dict[str, str]]:
    """Return the rows of a CSV by the names of its columns."""
    response = Client().get(address)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def gap_row(hromada: Territory, query: str = "") -> dict[str, str]:
    """Return the line of the hromada in the table of home care."""
    (row,) = [one for one in file_of(f"/map/table.csv?service=home-care{query}") if one["katottg"] == hromada.code]
    return row
