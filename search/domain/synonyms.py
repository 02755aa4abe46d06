"""The table of synonyms: loaded from the shipped file, edited by people, brought from files of theirs.

What people edited stays whatever the shipped file says later; a shipped row that they delete is switched off instead,
so that no reload brings it back.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from portal.kernel import audit
from registry.domain.providers import Actor
from registry.domain.reference import Counts
from registry.models import ReferenceLoad
from search.models import Synonym
from search.queries.synonyms import FILE
from search.queries.targets import fold, tidy
from search.signals import thesaurus_changed

PATH: Final = Path(__file__).resolve().parent.parent / "reference" / FILE
# raise it when the loading itself changes, so that an unchanged file is loaded once more
VERSION: Final = 1
BATCH: Final = 500
IMPORT_TAG: Final = "search:synonyms:import"
TOLD: Final = ("phrase", "kind", "target", "weight", "language", "note", "active")

Key = tuple[str, str, str]
Values = dict[str, Any]


def key_of(phrase: str, kind: str, target: str) -> Key:
    """Return what makes two rows the same one, however they are capitalised."""
    return fold(phrase), kind, fold(target)


# --- shipped with the portal ---------------------------------------------------------------------------------------


@transaction.atomic
def load_synonyms(*, path: Path = PATH, force: bool = False) -> Counts:
    """Bring the table to the shipped file, if the file differs from what was last loaded; `force` loads it anyway.

    Rows that people edited are left alone, shipped rows that left the file are switched off.
    """
    digest = hashlib.sha256(path.read_bytes() + bytes([VERSION])).hexdigest()
    if not force and ReferenceLoad.objects.filter(name=FILE, digest=digest).exists():
        return Counts(skipped=True)
    counts = _bring(_shipped(path))
    ReferenceLoad.objects.update_or_create(name=FILE, defaults={"digest": digest})
    if counts.anything:
        _announce()
    return counts


def _shipped(path: Path) -> dict[str, Values]:
    """Return the rows of the file by their keys; of two that differ in capitals alone the heavier counts."""
    found: dict[str, Values] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            values: Values = {
                "phrase": tidy(row["phrase"]),
                "kind": row["kind"],
                "target": tidy(row["target"]),
                "weight": Decimal(row["weight"]),
                "language": row["language"],
                "note": row["note"] or "",
                "active": True,
            }
            name = _name(values["phrase"], values["kind"], values["target"])
            if name not in found or found[name]["weight"] < values["weight"]:
                found[name] = values
    return found


def _name(phrase: str, kind: str, target: str) -> str:
    return "|".join(key_of(phrase, kind, target))


def _bring(shipped: Mapping[str, Values]) -> Counts:
    stored = list(Synonym.objects.all())
    by_name = {_name(row.phrase, row.kind, row.target): row for row in stored}
    # a row keeps its origin when an editor turns it into another one
    by_name |= {row.shipped_as: row for row in stored if row.shipped_as}
    new, changed, gone = [], [], []
    for name, values in shipped.items():
        row = by_name.get(name)
        if row is None:
            new.append(Synonym(**values, shipped_as=name))
        elif row.edited_at is None and _apply(row, {**values, "shipped_as": name}):
            changed.append(row)
    for row in stored:
        if row.edited_at is None and row.active and _origin(row) not in shipped:
            row.active = False
            gone.append(row)
    Synonym.objects.bulk_create(new, batch_size=BATCH)
    _write_over([*changed, *gone], ["shipped_as", *TOLD])
    return Counts(created=len(new), changed=len(changed), vanished=len(gone))


def _origin(row: Synonym) -> str:
    return row.shipped_as or _name(row.phrase, row.kind, row.target)


# --- edited by people ----------------------------------------------------------------------------------------------


@transaction.atomic
def save_synonym(synonym: Synonym, *, now: datetime) -> Synonym:
    """Write a row that a person made or changed; from now on no reload touches it."""
    synonym.phrase, synonym.target = tidy(synonym.phrase), tidy(synonym.target)
    synonym.edited_at = now
    synonym.save()
    _announce()
    return synonym


@transaction.atomic
def remove_synonym(synonym: Synonym, *, now: datetime) -> bool:
    """Delete a row of people's own; switch a shipped one off for good. Return whether the row is gone."""
    if synonym.is_shipped:
        synonym.active, synonym.edited_at = False, now
        synonym.save(update_fields=["active", "edited_at"])
    else:
        synonym.delete()
    _announce()
    return not synonym.is_shipped


# --- brought in a file ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Told:
    """What a row of somebody's file says: values by column, what it is silent about absent."""

    row: int
    values: Values


@dataclass(slots=True)
class Outcome:
    """What a told row means for the table: `created`, `changed` or `unchanged`; pairs of old and new by column."""

    told: Told
    kind: str
    synonym: Synonym
    differences: dict[str, tuple[Any, Any]] = field(default_factory=dict)


def compare_synonyms(told: Iterable[Told]) -> list[Outcome]:
    """Say what writing the rows would do; nothing is written. No two rows may be the same synonym."""
    stored = {key_of(row.phrase, row.kind, row.target): row for row in Synonym.objects.all()}
    return [_outcome(one, stored) for one in told]


def _outcome(told: Told, stored: Mapping[Key, Synonym]) -> Outcome:
    values = told.values
    row = stored.get(key_of(values["phrase"], values["kind"], values["target"]))
    if row is None:
        return Outcome(
            told, "created", Synonym(**values), {name: (None, values[name]) for name in TOLD if name in values}
        )
    differences = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    _apply(row, values)
    return Outcome(told, "changed" if differences else "unchanged", row, differences)


@transaction.atomic
def put_synonyms(outcomes: Sequence[Outcome], *, actor: Actor, sha256: str, now: datetime) -> None:
    """Write compared rows in bulk and log the file by its digest; rows that change nothing are not touched."""
    new = [one.synonym for one in outcomes if one.kind == "created"]
    changed = [one.synonym for one in outcomes if one.kind == "changed"]
    for row in (*new, *changed):
        row.edited_at = now
    columns = [name for name in (*TOLD, "edited_at") if name not in {"phrase", "kind", "target"}]
    # somebody else may have entered the same row a moment ago
    Synonym.objects.bulk_create(
        new,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["phrase", "kind", "target"],
        update_fields=columns,
    )
    _write_over(changed, [*TOLD, "edited_at"])
    if new or changed:
        payload = {"sha256": sha256, "created": len(new), "changed": len(changed)}
        audit.append(tag=IMPORT_TAG, subject="search.synonyms", payload=payload, actor_role=actor.role, at=now)
        _announce()


# --- shared --------------------------------------------------------------------------------------------------------


def _write_over(rows: Sequence[Synonym], columns: Sequence[str]) -> None:
    """Write stored rows again: one statement a batch, many times faster than an UPDATE with its CASE for each row."""
    Synonym.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )


def _apply(row: Synonym, values: Mapping[str, Any]) -> bool:
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _announce() -> None:
    send: Callable[[], Any] = partial(thesaurus_changed.send, sender=Synonym)
    transaction.on_commit(send)
