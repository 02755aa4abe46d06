"""A term as it stood when something took it, and the calendar by which it is counted: plain values, kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from portal.kernel.calendar import Calendar, DayKind, MarkedDay, Regime, RegimeKind
from portal.kernel.models.reference import in_language
from portal.kernel.norms import Mark


@dataclass(frozen=True, slots=True)
class FrozenRule:
    """A term with the two points it binds, as it stood when the competition took it; a `norms.Rule`.

    A term that binds no two points of a timetable (the answer to a question, say) has neither `start` nor `end`.
    """

    code: str
    start: str
    end: str
    bound: str
    unit: str
    amount: int | None
    direction: int
    month: int | None
    day: int | None
    end_month: int | None
    end_day: int | None
    year_offset: int
    roll_forward: bool
    verified: bool
    mark: str
    anchor: str
    anchor_en: str
    action: str
    action_en: str
    citation: str
    note: str = ""

    @property
    def anchor_label(self) -> str:
        return in_language(self.anchor, self.anchor_en)

    @property
    def action_label(self) -> str:
        return in_language(self.action, self.action_en)

    @property
    def mark_label(self) -> str:
        return str(Mark(self.mark).label)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> FrozenRule:
        """Read what `as_json` wrote; what a later edition of the portal added to it is left out."""
        names = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in row.items() if name in names})


def calendar_as_json(calendar: Calendar, since: date | None = None) -> list[dict[str, Any]]:
    """Write the calendar down; regimes over before `since` are left out, so a day in them is unknown, never wrong."""
    return [
        {
            "kind": regime.kind.value,
            "valid_from": regime.valid_from.isoformat(),
            "valid_to": regime.valid_to.isoformat() if regime.valid_to else None,
            "ground": regime.ground,
            "marked": {day.isoformat(): [mark.kind.value, mark.ground] for day, mark in sorted(regime.marked.items())},
        }
        for regime in calendar.regimes
        if since is None or regime.valid_to is None or regime.valid_to > since
    ]


def calendar_from_json(rows: Sequence[Mapping[str, Any]]) -> Calendar:
    return Calendar(
        Regime(
            RegimeKind(row["kind"]),
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["ground"],
            {
                date.fromisoformat(day): MarkedDay(DayKind(kind), ground)
                for day, (kind, ground) in row["marked"].items()
            },
        )
        for row in rows
    )
