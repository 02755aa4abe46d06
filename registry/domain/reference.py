"""The shipped reference tables of `registry/reference/`, brought into the database and kept up to date there.

A table is read only when its file differs from what was last loaded. What an administrator has corrected or checked
stays; nothing that something may point to is deleted.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from django.db import models, transaction
from django.db.models import F

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
OWN_LEVEL: Final = {"oblast": LEVELS[0], "raion": LEVELS[1], "hromada": LEVELS[2]}

Row = dict[str, Any]
# called with the number of units done and the number of all
Progress = Callable[[int, int], object]
AnyModel = TypeVar("AnyModel", bound=models.Model)


@dataclass(slots=True)
class Counts:
    """What loading did to one table, or to all of them; `vanished` units stay but are no longer in the codifier."""

    created: int = 0
    changed: int = 0
    vanished: int = 0
    skipped: bool = False
    tables: dict[str, Counts] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        return bool(self.created or self.changed or self.vanished)


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


def ancestors(code: str, heads: Mapping[str, str]) -> list[str]:
    """Return the units a code lies in, from its oblast down, itself last; `heads` are the heads of all codes."""
    found = (heads.get(code[:end]) for end in HEADS if code[:end] != code[: end - 1] + "")
    return [*dict.fromkeys(unit for unit in found if unit and unit != code), code]


def head(code: str) -> str:
    """Return the part of a code that the codes of everything inside begin with."""
    starts = (2, *HEADS)
    filled = [end for start, end in zip(starts, HEADS, strict=False) if code[start:end].strip("0")]
    return code[: filled[-1]]


def _load_territories(path: Path, progress: Progress | None) -> Counts:
    rows = _read_csv(path)
    heads = {head(row["code"]): row["code"] for row in rows}
    category = {row["code"]: row["category"] for row in rows}
    by_level: dict[int, list[Row]] = defaultdict(list)
    level_of = {kind: number for number, kinds in enumerate(LEVELS) for kind in kinds}
    for row in rows:
        by_level[level_of[UnitCategory(row["category"])]].append(row)
    stored = {unit.code: unit for unit in Territory.objects.all()}
    counts, done = Counts(), 0
    for level in range(len(LEVELS)):
        new, changed = [], []
        for row in by_level[level]:
            values = _unit_values(row, [stored[code].pk for code in ancestors(row["code"], heads)[:-1]], heads, category)
            unit = stored.get(row["code"])
            if unit is None:
                new.append(Territory(code=row["code"], **values))
            elif _apply(unit, values):
                changed.append(unit)
        for unit in Territory.objects.bulk_create(new, batch_size=BATCH):
            stored[unit.code] = unit
        if changed:
            Territory.objects.bulk_update(changed, UNIT_FIELDS, batch_size=BATCH // 10)
        counts.created += len(new)
        counts.changed += len(changed)
        done += len(by_level[level])
        if progress:
            progress(done, len(rows))
    return counts
