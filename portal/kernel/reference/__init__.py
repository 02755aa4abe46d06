"""The law as shipped with the portal: acts, editions, calendar and terms, each row with its source and doubts.

`row` in `rules.json` is the number of the row in the project's table of terms.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from portal.kernel.models.calendar import CalendarRegime, NonWorkingDay
from portal.kernel.models.norms import Act, DeadlineRule, Edition, RuleProfile

FOLDER = Path(__file__).parent
Row = dict[str, Any]
Kept = TypeVar("Kept", Act, Edition, CalendarRegime, NonWorkingDay, RuleProfile, DeadlineRule)


@transaction.atomic
def load_norms() -> dict[str, int]:
    """Bring the shipped rows into the tables and count those created or changed, by table; safe to run twice.

    A row that an administrator has corrected (`edited_at`) stays as it is.
    """
    counts: Counter[str] = Counter()
    acts = {row["code"]: _load_act(row, counts) for row in _read("acts.json")}
    for row in _read("calendar.json"):
        _load_regime(row, counts)
    for row in _read("rules.json"):
        _load_profile(row, acts, counts)
    return dict(counts)


def _load_act(row: Row, counts: Counter[str]) -> Act:
    editions = row.pop("editions")
    act = _upsert(Act, counts, row, "code")
    for edition in editions:
        _upsert(Edition, counts, edition | {"act": act}, "act", "in_force_from")
    return act


def _load_regime(row: Row, counts: Counter[str]) -> None:
    days = row.pop("days")
    regime = _upsert(CalendarRegime, counts, row, "valid_from")
    for day in days:
        _upsert(NonWorkingDay, counts, day | {"regime": regime}, "regime", "on")


def _load_profile(row: Row, acts: dict[str, Act], counts: Counter[str]) -> None:
    rules = row.pop("rules")
    profile = _upsert(RuleProfile, counts, row, "procedure", "authority", "valid_from")
    for rule in rules:
        del rule["row"]
        known = rule | {"profile": profile, "act": acts.get(rule["act"]), "unit": rule["unit"] or ""}
        _upsert(
            DeadlineRule, counts, {"effective_from": row["valid_from"]} | known, "profile", "code", "effective_from"
        )


def _upsert(model: type[Kept], counts: Counter[str], row: Row, *key: str) -> Kept:
    """Create the row or bring it to the shipped state, touching the database only where it differs."""
    found = model.objects.filter(**{name: row[name] for name in key}).first()
    if found is None:
        counts[model.__name__] += 1
        return model.objects.create(**row)
    changed = [name for name, value in row.items() if _stored(getattr(found, name)) != value]
    if changed and found.edited_at is None:
        for name in changed:
            setattr(found, name, row[name])
        found.save(update_fields=changed)
        counts[model.__name__] += 1
    return found


def _stored(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _read(name: str) -> list[Row]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
