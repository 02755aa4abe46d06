"""Shipped rows beside stored ones: what is missing is created, what differs is changed, what people corrected stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

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


def upsert(model: type[AnyModel], key: Sequence[str], rows: Iterable[Row]) -> Counts:
    """Create the rows that are missing and bring the others to the shipped state, except what people corrected."""
    objects = model._default_manager  # noqa: SLF001
    columns = {column.attname: column for column in model._meta.concrete_fields}  # noqa: SLF001
    stored = {tuple(getattr(one, name) for name in key): one for one in objects.all()}
    new, changed, names = [], [], set()
    for row in rows:
        values = {name: columns[name].to_python(value) for name, value in row.items()}
        one = stored.get(tuple(values[name] for name in key))
        if one is None:
            new.append(model(**values))
        elif not _corrected(one, values) and apply(one, values):
            changed.append(one)
        names |= values.keys() - set(key)
    objects.bulk_create(new)
    if changed:
        objects.bulk_update(changed, sorted(names))
    return Counts(created=len(new), changed=len(changed))


def _corrected(one: models.Model, values: Row) -> bool:
    """Tell whether an administrator edited the row, or checked one that is shipped unchecked."""
    checked = getattr(one, "verified", False) and not values.get("verified", False)
    return bool(checked or getattr(one, "edited_at", None))


def apply(one: models.Model, values: Row) -> bool:
    differing = {name: value for name, value in values.items() if getattr(one, name) != value}
    for name, value in differing.items():
        setattr(one, name, value)
    return bool(differing)
