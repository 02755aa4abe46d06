"""What the file has already said, so that a row far below is compared with it: duplicates and contradictions.

It lies in a temporary database of its own that spills to disk, so a million rows cost no memory. Values are kept as
hashes with a secret of this process: nothing personal is written.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from registry.interfaces.importing.columns import COLUMNS as ALL_COLUMNS
from registry.interfaces.importing.columns import Part
from registry.interfaces.importing.report import CellFault
from registry.interfaces.importing.resource import Draft

_CREATE: Final = (
    "CREATE TABLE said (subject TEXT PRIMARY KEY, row INTEGER, told BLOB) WITHOUT ROWID;"
    "CREATE TABLE outcome (provider TEXT PRIMARY KEY, kind TEXT) WITHOUT ROWID;"
)
_SECRET: Final = secrets.token_bytes(16)
_WEIGHT: Final = {"unchanged": 0, "changed": 1, "created": 2}
# columns of which one provider, or one service of it, has one value
PROVIDER_SAYS: Final = tuple(column.name for column in ALL_COLUMNS if column.part is Part.PROVIDER)
SERVICE_SAYS: Final = tuple(
    column.name
    for column in ALL_COLUMNS
    if column.part is Part.SERVICE and column.name not in {"service", "services", "service_title"}
)
SITE_SAYS: Final = ("postal_index", "latitude", "longitude", "confidential")


@dataclass(slots=True)
class _Said:
    row: int
    told: array[int]


class Ledger:
    """One per run; `close` it."""

    def __init__(self, columns: Collection[str]) -> None:
        """Open it for a file with these columns of ours."""
        self._provider = tuple(name for name in PROVIDER_SAYS if name in columns)
        self._service = tuple(name for name in SERVICE_SAYS if name in columns)
        self._site = tuple(name for name in SITE_SAYS if name in columns)
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA cache_size=-16000")
        self._database.executescript(_CREATE)

    def close(self) -> None:
        self._database.close()

    def judge(self, drafts: Sequence[Draft], *, keys: Sequence[tuple[str, str]]) -> dict[int, dict[str, CellFault]]:
        """Return the faults of these rows against all rows before them, by position, and remember the faultless."""
        subjects = [self._subjects(draft, key) for draft, key in zip(drafts, keys, strict=True)]
        known = self._known(name for group in subjects for name, _columns in group)
        fresh: dict[str, _Said] = {}
        faults: dict[int, dict[str, CellFault]] = {}
        for position, (draft, group) in enumerate(zip(drafts, subjects, strict=True)):
            found = self._compare(draft, group, known)
            if found:
                faults[position] = found
                continue
            for name, columns in group:
                fresh[name] = known[name] = _merged(known.get(name), draft, columns)
        self._database.executemany(
            "INSERT INTO said VALUES (?, ?, ?) ON CONFLICT (subject) DO UPDATE SET told = excluded.told",
            [(name, said.row, said.told.tobytes()) for name, said in fresh.items()],
        )
        return faults

    def recount(self, outcomes: Sequence[tuple[tuple[str, str], str]]) -> Counter[str]:
        """Return by how many providers each count grows; one that came before counts once, by its greatest change."""
        names = {_named("o", *key): kind for key, kind in outcomes}
        before: dict[str, str] = dict(
            self._database.execute(
                "SELECT provider, kind FROM outcome WHERE provider IN (SELECT value FROM json_each(?))",
                [json.dumps(list(names))],
            ).fetchall()
        )
        delta: Counter[str] = Counter()
        for name, kind in names.items():
            old = before.get(name)
            if old is not None and _WEIGHT[old] >= _WEIGHT[kind]:
                continue
            delta[kind] += 1
            if old is not None:
                delta[old] -= 1
            before[name] = kind
        self._database.executemany("INSERT OR REPLACE INTO outcome VALUES (?, ?)", before.items())
        return delta

    def _known(self, names: Iterable[str]) -> dict[str, _Said]:
        rows = self._database.execute(
            "SELECT subject, row, told FROM said WHERE subject IN (SELECT value FROM json_each(?))",
            [json.dumps(list(names))],
        )
        return {name: _Said(row, array("q", told)) for name, row, told in rows}

    def _compare(
        self, draft: Draft, group: list[tuple[str, tuple[str, ...]]], known: dict[str, _Said]
    ) -> dict[str, CellFault]:
        faults: dict[str, CellFault] = {}
        for name, columns in group:
            said = known.get(name)
            if said is None:
                continue
            if not columns:
                column = "service" if "service" in draft.told else next(iter(draft.told), "")
                faults[column] = CellFault("row.duplicate", _("The same is already said in row %(row)s."), row=said.row)
                continue
            for index, column in enumerate(columns):
                before, now = said.told[index], _digest(draft.told.get(column))
                if before and now and before != now:
                    faults[column] = CellFault(
                        "row.contradiction",
                        _("Row %(row)s says otherwise of the same provider. Which is right?"),
                        row=said.row,
                    )
        return faults

    def _subjects(self, draft: Draft, key: tuple[str, str]) -> list[tuple[str, tuple[str, ...]]]:
        """Return of what the row speaks: provider, service, address, and the row as a whole (no columns)."""
        told = draft.told
        service = f"{told.get('service', '')}/{told.get('service_title', '').casefold()}"
        place = draft.place
        unit = (place.territory_id or place.hromada_id or place.oblast_id) if place else ""
        words = (told.get(name, "").casefold() for name in ("site_label", "street", "building", "room"))
        site = "/".join((str(unit), *words, told.get("site_kind", "")))
        found = [(_named("p", *key), self._provider)] if self._provider else []
        if "service" in told and self._service:
            found.append((_named("s", *key, service), self._service))
        if unit and self._site:
            found.append((_named("a", *key, site), self._site))
        found.append((_named("r", *key, service, site), ()))
        return found


def _merged(said: _Said | None, draft: Draft, columns: tuple[str, ...]) -> _Said:
    digests = [_digest(draft.told.get(column)) for column in columns]
    if said is None:
        return _Said(draft.row, array("q", digests))
    return _Said(said.row, array("q", [now or before for now, before in zip(digests, said.told, strict=True)]))


def _named(*words: str) -> str:
    """Return a name from which nobody reads back whose it is."""
    return hashlib.blake2b("\x1f".join(words).encode(errors="replace"), digest_size=16, key=_SECRET).hexdigest()


def _digest(value: Any) -> int:
    return 0 if value is None else hash(value) or 1
