"""The public history of an entry: writing its lines, masked where private, and reading the card as it was on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from portal.kernel import visibility
from registry.domain import bulk
from registry.domain.parts import Difference
from registry.enums import ChangeAct
from registry.models import (
    AccessFeature,
    DeliveryForm,
    EntryChange,
    RegisterEntry,
    ServiceType,
    Territory,
    VulnerableGroup,
)

if TYPE_CHECKING:
    from portal.accounts.models import User

MODELS: Final = {
    "entry": "registry.RegisterEntry",
    "organisation": "accounts.Organisation",
    "site": "registry.Site",
    "contact": "registry.Contact",
    "service": "registry.Service",
}
# fields that hold keys of other tables, shown by the code or slug that never changes
_POINTERS: Final = {
    "territory_id": (Territory, "code"),
    "hromada_id": (Territory, "code"),
    "oblast_id": (Territory, "code"),
    "area_ids": (Territory, "code"),
    "service_type_id": (ServiceType, "slug"),
    "delivery_form_ids": (DeliveryForm, "slug"),
    "group_ids": (VulnerableGroup, "slug"),
    "access": (AccessFeature, "slug"),
}


class Names:
    """Codes and slugs of referenced rows, read once for a batch."""

    def __init__(self, differences: Iterable[Difference]) -> None:
        wanted: dict[Any, set[int]] = {}
        for name, value in _pointing_values(differences):
            model, _ = _POINTERS[name]
            wanted.setdefault(model, set()).update(value)
        self._names: dict[Any, dict[int, str]] = {}
        for model, ids in wanted.items():
            label = "code" if model is Territory else "slug"
            self._names[model] = dict(model.objects.filter(pk__in=ids).values_list("pk", label))

    def portable(self, name: str, value: Any) -> Any:
        """Return the value as JSON that means the same in any installation."""
        if name in _POINTERS:
            return _renamed(value, self._names.get(_POINTERS[name][0], {}))
        if isinstance(value, Decimal):
            return str(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, frozenset | set | tuple):
            return sorted(value)
        return value


def _renamed(value: Any, known: dict[int, str]) -> Any:
    if isinstance(value, dict):
        return {known.get(key, "?"): state for key, state in sorted(value.items())}
    if isinstance(value, frozenset | set | tuple):
        return sorted(known.get(key, "?") for key in value)
    return known.get(value) if value is not None else None


def _pointing_values(differences: Iterable[Difference]) -> Iterable[tuple[str, set[int]]]:
    for item in differences:
        for side in (item.old, item.new):
            if side is None:
                continue
            if item.field:
                pairs = [(item.field, side)]
            else:
                pairs = [(part.name, getattr(side, part.name)) for part in fields(side)]
            for name, value in pairs:
                if name not in _POINTERS or value is None:
                    continue
                yield name, set(value) if isinstance(value, dict | frozenset | set | tuple) else {value}


def entry_change(
    entry: RegisterEntry,
    act: ChangeAct,
    *,
    field: str,
    old: Any,
    new: Any,
    revision: int,
    by: User | None,
    role: str,
    ground: str,
    now: datetime,
    seq: int,
    obj: str = "entry",
    ref: str = "",
) -> EntryChange:
    """Return the line, not yet stored, of one public value that became another; `seq` is its entry of the log."""
    return EntryChange(
        entry=entry,
        revision=revision,
        at=now,
        by=by,
        actor_role=role,
        act=act,
        ground=ground,
        obj=obj,
        ref=ref,
        field=field,
        old=old,
        new=new,
        log_seq=seq,
    )


def write_inclusions(
    entries: Iterable[tuple[int, int]], *, revision: int, by: User | None, role: str, ground: str, now: datetime
) -> None:
    """Write the first line of each new entry's history; `entries` are (key, number in the log)."""
    same = (revision, now, by.pk if by else None, role, ChangeAct.INCLUDED.value, ground, "entry", "", "", None, None)
    bulk.insert_values(
        EntryChange,
        (
            "entry",
            "log_seq",
            *("revision", "at", "by", "actor_role", "act", "ground", "obj", "ref", "field", "old", "new", "masked"),
        ),
        ((entry, seq, *same, False) for entry, seq in entries),
    )


def history_rows(
    changes: Sequence[tuple[RegisterEntry, list[Difference], int]],
    *,
    revision: int,
    by: User | None,
    role: str,
    ground: str,
    now: datetime,
) -> list[EntryChange]:
    """Return the unsaved history lines of these differences, private values masked by the visibility registry."""
    names = Names(item for _, differences, _ in changes for item in differences)
    rows = []
    for entry, differences, log_seq in changes:
        for item in differences:
            masked = not _is_public(item)
            rows.append(
                EntryChange(
                    entry=entry,
                    revision=revision,
                    at=now,
                    by=by,
                    actor_role=role,
                    act=ChangeAct.AMENDED,
                    ground=ground,
                    obj=item.obj,
                    ref="" if masked else (item.ref or str(getattr(item.row, "pk", "") or "")),
                    field="" if masked and not item.field else item.field,
                    old=None if masked else _value(item, item.old, names),
                    new=None if masked else _value(item, item.new, names),
                    masked=masked,
                    log_seq=log_seq,
                )
            )
    return rows


def mask_what_became_private(changes: Iterable[tuple[RegisterEntry, list[Difference]]]) -> None:
    """Mask older history lines that tell an address or a contact which these differences make private."""
    secrets = {entry.pk: found for entry, differences in changes if (found := set(_secrets(differences)))}
    if not secrets:
        return
    told = EntryChange.objects.filter(entry_id__in=secrets, obj__in=("site", "contact", "service"), masked=False)
    exposed = [
        row
        for row in told
        if any(secret in str(value) for value in (row.old, row.new) for secret in secrets[row.entry_id])
    ]
    for row in exposed:
        row.old, row.new, row.masked = None, None, True
    EntryChange.objects.bulk_update(exposed, ["old", "new", "masked"], batch_size=200)


def _secrets(differences: Iterable[Difference]) -> Iterable[str]:
    for item in differences:
        for side in (item.row, item.new):
            if getattr(side, "confidential", False):
                yield from filter(None, (side.street, side.label))
            elif getattr(side, "private", False):
                yield side.value


def _is_public(item: Difference) -> bool:
    """Say whether a difference may be shown: a field by its declaration, a whole part unless it is guarded itself."""
    label = MODELS[item.obj]
    if item.field:
        # a value that is private on either side of the change stays private
        sides = [item.row] if item.row is not None else []
        return all(visibility.is_public(label, item.field, side) for side in sides) and not _was_private(item)
    part = item.new if item.new is not None else item.old
    return not (getattr(part, "confidential", False) or getattr(part, "private", False))


def _was_private(item: Difference) -> bool:
    return item.field in {"confidential", "private"}


def _value(item: Difference, side: Any, names: Names) -> Any:
    if side is None:
        return None
    if item.field:
        return names.portable(item.field, side)
    label = MODELS[item.obj]
    return {
        part.name: names.portable(part.name, getattr(side, part.name))
        for part in fields(side)
        if part.name != "at_sites" and visibility.is_public(label, part.name, side)
    }
