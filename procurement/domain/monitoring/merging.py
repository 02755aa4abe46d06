"""What several devices saw of one visit, put together item by item: the later answer counts, the other one is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from portal.kernel import audit
from procurement.models import VisitAnswer

# what a breach says of itself, in the order of the form
FINDING_FIELDS: Final = ("kind", "severity", "citation", "text", "demand", "due_on")
MARK: Final = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer as a device sent it; `base` is the mark of the answer that it changes, empty where it knew none."""

    answer: str
    at: datetime
    note: str = ""
    finding: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    @property
    def told(self) -> dict[str, Any]:
        return {"answer": self.answer, "note": self.note, "finding": dict(self.finding)}


def told_by(row: VisitAnswer) -> dict[str, Any]:
    """Return what an answer says, without when and where."""
    return {"answer": row.answer, "note": row.note, "finding": dict(row.finding)}


def mark_of(told: Mapping[str, Any]) -> str:
    """Return a short mark by which a device says which answer it has changed."""
    return audit.digest_of(dict(told))[:MARK]


def merge(row: VisitAnswer | None, seen: Seen, *, code: str, device: str) -> VisitAnswer | None:
    """Return the answer as it is to be saved, or nothing where what was sent changes nothing.

    Who changes an answer knowing it, or one's own, contests nothing. Otherwise what differs is another answer: the
    later by the clocks of the devices counts, the earlier stands in `other`, and what stood there behind it.
    """
    if row is None:
        return _put(VisitAnswer(code=code), seen, device)
    stored, later = told_by(row), seen.at >= row.answered_at
    if seen.told == stored or (row.device == device and not later):
        return None
    if later:
        if row.device != device and seen.base != mark_of(stored):
            row.other = _beside(_dated(stored, row.answered_at, row.device), row.other)
        return _put(row, seen, device)
    loser = _dated(seen.told, seen.at, device)
    if _is_known(row.other, loser):
        return None
    row.other = _beside(loser, row.other)
    return row


def others_of(row: VisitAnswer) -> list[dict[str, Any]]:
    """Return the answers that did not count, the last first."""
    return [row.other, *row.other.get("earlier", ())] if row.other else []


def _put(row: VisitAnswer, seen: Seen, device: str) -> VisitAnswer:
    row.answer, row.note, row.finding = seen.answer, seen.note, dict(seen.finding)
    row.answered_at, row.device = seen.at, device
    return row


def _dated(told: Mapping[str, Any], at: datetime, device: str) -> dict[str, Any]:
    return {**told, "answered_at": at.isoformat(), "device": device}


def _is_known(other: Mapping[str, Any], loser: Mapping[str, Any]) -> bool:
    """Say whether this very answer is kept already: a device that lost may send it again."""
    kept = [other, *other.get("earlier", ())] if other else []
    return any({**one, "earlier": None} == {**loser, "earlier": None} for one in kept)


def _beside(loser: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    earlier = [{name: value for name, value in other.items() if name != "earlier"}] if other else []
    earlier += other.get("earlier", ())
    return {**loser, "earlier": earlier} if earlier else loser
