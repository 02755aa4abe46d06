"""Who pays and how many specialists: the shipped rows of payment, staffing and case load, brought into their tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from registry.domain.reference_rows import Counts, Progress, Row, upsert
from registry.models import (
    CaseLoadNorm,
    FeeRule,
    FreeOfCharge,
    IncomeBand,
    PaymentTerm,
    ServiceType,
    StaffingNorm,
    VulnerableGroup,
)


def load_free_of_charge(path: Path, _progress: Progress | None) -> Counts:
    services: dict[str | None, int | None] = {None: None, **dict(ServiceType.objects.values_list("slug", "pk"))}
    groups: dict[str | None, int | None] = {None: None, **dict(VulnerableGroup.objects.values_list("slug", "pk"))}
    rows = [
        {name: value for name, value in row.items() if name not in {"service", "group"}}
        | {"service_type_id": services[row["service"]], "group_id": groups[row["group"]]}
        for row in _read(path)
        # a catalogue made smaller by hand has no rule about what is not in it
        if row["service"] in services and row["group"] in groups
    ]
    return upsert(FreeOfCharge, ("slug",), rows)


def load_income_bands(path: Path, _progress: Progress | None) -> Counts:
    """Load the bands of income, the rules of the differentiated fee and the other terms of payment."""
    data = _read(path)
    return _sum(
        upsert(IncomeBand, ("slug",), data["bands"]),
        upsert(FeeRule, ("slug",), data["fees"]),
        upsert(PaymentTerm, ("slug",), data["terms"]),
    )


def load_staffing_norms(path: Path, _progress: Progress | None) -> Counts:
    data = _read(path)
    return _sum(
        upsert(StaffingNorm, ("slug",), data["norms"]),
        upsert(CaseLoadNorm, ("slug",), data["case_loads"]),
    )


def _sum(*counts: Counts) -> Counts:
    return Counts(created=sum(one.created for one in counts), changed=sum(one.changed for one in counts))


def _read(path: Path) -> Any:
    rows: list[Row] | dict[str, list[Row]] = json.loads(path.read_text(encoding="utf-8"))
    return rows
