"""The shipped reference tables of `registry/reference/`, brought into the database and kept up to date there.

A table is read only when its file differs from what was last loaded. What an administrator has corrected or checked
stays; nothing that something may point to is deleted.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from registry.domain.entitlement_rows import load_free_of_charge, load_income_bands, load_staffing_norms
from registry.domain.reference_rows import AnyModel, Counts, Progress, Row, apply, upsert
from registry.domain.reference_rules import load_criteria, load_freshness, load_grounds, load_policies
from registry.enums import UnitCategory
from registry.models import (
    AccessFeature,
    BasicServiceRow,
    BudgetCode,
    DeliveryForm,
    HardshipFactor,
    ReferenceLoad,
    ServiceType,
    SubsistenceMinimum,
    Territory,
    VulnerableGroup,
)

FOLDER: Final = Path(__file__).resolve().parent.parent / "reference"
# raise it when the loading itself changes, so that unchanged files are loaded once more
VERSION: Final = 1
BATCH: Final = 2000
# the length of a code's head at each level: oblast, raion, hromada, settlement, district of a city
HEADS: Final = (4, 6, 9, 12, 14)
LEVELS: Final = (
    (UnitCategory.OBLAST, UnitCategory.SPECIAL_CITY),
    (UnitCategory.RAION,),
    (UnitCategory.HROMADA,),
    (UnitCategory.CITY, UnitCategory.SETTLEMENT, UnitCategory.VILLAGE),
    (UnitCategory.CITY_DISTRICT,),
)
# the column that names a unit of the category, in the unit itself and in all below it
OWN_LEVEL: Final = {
    UnitCategory.OBLAST.value: "oblast_id",
    UnitCategory.SPECIAL_CITY.value: "oblast_id",
    UnitCategory.RAION.value: "raion_id",
    UnitCategory.HROMADA.value: "hromada_id",
}
UNIT_FIELDS: Final = (
    "category",
    "name",
    "parent",
    "oblast",
    "raion",
    "hromada",
    "latitude",
    "longitude",
    "in_codifier",
)


def load_reference(*, folder: Path = FOLDER, force: bool = False, progress: Progress | None = None) -> Counts:
    """Load every table whose file changed since the last time; `force` loads them all."""
    total = Counts(skipped=True)
    for name, load in LOADERS.items():
        with transaction.atomic():
            counts = _load_changed(folder / name, load, force=force, progress=progress)
        total.tables[name] = counts
        total.created += counts.created
        total.changed += counts.changed
        total.vanished += counts.vanished
        total.skipped &= counts.skipped
    return total


def _load_changed(
    path: Path, load: Callable[[Path, Progress | None], Counts], *, force: bool, progress: Progress | None
) -> Counts:
    digest = hashlib.sha256(path.read_bytes() + bytes([VERSION])).hexdigest()
    if not force and ReferenceLoad.objects.filter(name=path.name, digest=digest).exists():
        return Counts(skipped=True)
    counts = load(path, progress)
    ReferenceLoad.objects.update_or_create(name=path.name, defaults={"digest": digest})
    return counts


# --- territories ---------------------------------------------------------------------------------------------------


def head(code: str) -> str:
    """Return the part of a code that the codes of everything inside begin with."""
    filled = [end for start, end in zip((2, *HEADS), HEADS, strict=False) if code[start:end].strip("0")]
    return code[: filled[-1]]


class Codifier:
    """The table of territories: its rows by level, and what lies in what, which the codes themselves say."""

    def __init__(self, rows: Sequence[Mapping[str, str]]) -> None:
        self.rows = {row["code"]: row for row in rows}
        self.heads = {head(code): code for code in self.rows}

    def above(self, code: str) -> list[str]:
        """Return the units a code lies in, from its oblast down."""
        found = (self.heads.get(code[:end]) for end in HEADS)
        return [unit for unit in found if unit and unit != code]

    def of_level(self, kinds: Iterable[str]) -> list[str]:
        return [code for code, row in self.rows.items() if row["category"] in kinds]

    def values(self, code: str, stored: Mapping[str, Territory]) -> Row:
        """Return what the columns of a unit ought to hold; a unit not yet stored cannot point to itself."""
        row, above = self.rows[code], self.above(code)
        places = [*above, code] if code in stored else above
        values: Row = dict.fromkeys(OWN_LEVEL.values())
        for unit in places:
            if name := OWN_LEVEL.get(self.rows[unit]["category"]):
                values[name] = stored[unit].pk
        return values | {
            "category": row["category"],
            "name": row["name"],
            "parent_id": stored[above[-1]].pk if above else None,
            "in_codifier": True,
        }


def _load_territories(path: Path, progress: Progress | None) -> Counts:
    codifier = Codifier(read_csv(path))
    stored = {unit.code: unit for unit in Territory.objects.all()}
    known = frozenset(stored)
    changed: dict[str, Territory] = {}
    counts, done = Counts(), 0
    for kinds in LEVELS:
        codes = codifier.of_level(kinds)
        new = [
            Territory(code=code, **codifier.values(code, stored), **_coordinates(codifier.rows[code]))
            for code in codes
            if code not in known
        ]
        for unit in Territory.objects.bulk_create(new, batch_size=BATCH):
            stored[unit.code] = unit
        changed |= {code: stored[code] for code in codes if code in known and _bring(stored[code], codifier, stored)}
        counts.created += len(new)
        done += len(codes)
        if progress:
            progress(done, len(codifier.rows))
    centred = _new_centres(codifier, stored)
    for unit in stored.values():
        if unit.code not in codifier.rows and unit.in_codifier:
            unit.in_codifier = False
            changed[unit.code] = unit
            counts.vanished += 1
    Territory.objects.bulk_update(changed.values(), UNIT_FIELDS, batch_size=BATCH // 10)
    Territory.objects.bulk_update(centred.values(), ["centre"], batch_size=BATCH // 10)
    for name in set(OWN_LEVEL.values()):
        own = [kind for kind, column in OWN_LEVEL.items() if column == name]
        Territory.objects.filter(category__in=own, **{f"{name}__isnull": True}).update(**{name: F("pk")})
    counts.changed = len((changed | centred).keys() & known) - counts.vanished
    return counts


def _bring(unit: Territory, codifier: Codifier, stored: Mapping[str, Territory]) -> bool:
    """Bring a stored unit to what the table says, and tell whether anything moved.

    Coordinates that came from elsewhere (`import_territory_facts`) stay.
    """
    values = codifier.values(unit.code, stored)
    where = _coordinates(codifier.rows[unit.code])
    if where["latitude"] is not None and (unit.latitude is None or not unit.facts_source):
        values |= where
    return apply(unit, values)


def _coordinates(row: Mapping[str, str]) -> Row:
    return {
        "latitude": float(row["lat"]) if row["lat"] else None,
        "longitude": float(row["lon"]) if row["lon"] else None,
    }


def _new_centres(codifier: Codifier, stored: Mapping[str, Territory]) -> dict[str, Territory]:
    moved = {}
    for code, row in codifier.rows.items():
        if row["centre"] and apply(stored[code], {"centre_id": stored[row["centre"]].pk}):
            moved[code] = stored[code]
    return moved


# --- vocabularies and dated tables ---------------------------------------------------------------------------------


def _load_terms(model: type[AnyModel]) -> Callable[[Path, Progress | None], Counts]:
    def load(path: Path, _progress: Progress | None) -> Counts:
        return upsert(model, ("slug",), [_term(row) for row in _read_json(path)])

    return load


def _term(row: Row) -> Row:
    return {name: row[name] for name in ("slug", "name_uk", "name_en", "order", "mark", "source")}


def _load_services(path: Path, _progress: Progress | None) -> Counts:
    data = _read_json(path)
    rows = [
        _term(row)
        | {name: row[name] for name in ("code_verified", "kind", "summary_uk", "summary_en")}
        | {"official_code": row["official_code"] or ""}
        for row in data["services"]
    ]
    known = set(ServiceType.objects.values_list("slug", flat=True))
    counts = upsert(ServiceType, ("slug",), rows)
    services = ServiceType.objects.in_bulk(field_name="slug")
    forms = DeliveryForm.objects.in_bulk(field_name="slug")
    groups = VulnerableGroup.objects.in_bulk(field_name="slug")
    for row in data["services"]:
        service = services[row["slug"]]
        if row["slug"] not in known or service.edited_at is None:
            service.delivery_forms.set([forms[slug] for slug in row["delivery_forms"]])
            service.groups.set([groups[slug] for slug in row["groups"]])
    basic = [
        {name: row[name] for name in ("valid_from", "valid_to", "act", "point", "verified", "note")}
        | {"service_type_id": services[row["service"]].pk}
        for row in data["basic"]
    ]
    dated = upsert(BasicServiceRow, ("service_type_id", "valid_from"), basic)
    return Counts(created=counts.created + dated.created, changed=counts.changed + dated.changed)


def _load_minimums(path: Path, _progress: Progress | None) -> Counts:
    rows: list[Row] = [
        {**row, "valid_to": row["valid_to"] or None, "verified": row["verified"] == "true"} for row in read_csv(path)
    ]
    return upsert(SubsistenceMinimum, ("group", "valid_from"), rows)


def _load_budget_codes(path: Path, _progress: Progress | None) -> Counts:
    return upsert(BudgetCode, ("scheme", "code"), [dict(row) for row in read_csv(path)])


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


# the catalogue refers to forms and groups, so it comes after them
LOADERS: Final[dict[str, Callable[[Path, Progress | None], Counts]]] = {
    "territories.csv": _load_territories,
    "delivery_forms.json": _load_terms(DeliveryForm),
    "vulnerable_groups.json": _load_terms(VulnerableGroup),
    "hardship_factors.json": _load_terms(HardshipFactor),
    "access_features.json": _load_terms(AccessFeature),
    "service_types.json": _load_services,
    "subsistence_minimums.csv": _load_minimums,
    "budget_codes.csv": _load_budget_codes,
    "free_of_charge.json": load_free_of_charge,
    "income_bands.json": load_income_bands,
    "staffing_norms.json": load_staffing_norms,
    "criteria.json": load_criteria,
    "grounds.json": load_grounds,
    "freshness.json": load_freshness,
    "register_policies.json": load_policies,
}
