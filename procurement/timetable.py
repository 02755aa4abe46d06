"""The timetable of a competition judged against frozen rules: pure functions over points, terms and a calendar.

No number stands here. A rule whose term is not set yields no date and breaks nothing: the page says that it is not set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from portal.kernel.calendar import Calendar
from portal.kernel.models.reference import in_language
from portal.kernel.norms import Due, Mark

# point (`enums.Moment`) to what was typed for it
Plan = Mapping[str, date | datetime | None]


@dataclass(frozen=True, slots=True)
class FrozenRule:
    """A term with the two points it binds, as it stood when the competition took it; a `norms.Rule`."""

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
        raise NotImplementedError

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> FrozenRule:
        raise NotImplementedError


class Verdict(TextChoices):
    KEPT = "kept", pgettext_lazy("rule", "kept")
    BROKEN = "broken", pgettext_lazy("rule", "broken")
    # one of the two points has no date yet
    UNTYPED = "untyped", pgettext_lazy("rule", "no date entered")
    # the table of terms has no amount
    UNKNOWN = "unknown", pgettext_lazy("rule", "the term is not set in the reference table")


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one rule in a plan: the date that follows from it, what was typed, and a sentence for a person."""

    rule: FrozenRule
    verdict: Verdict
    due: Due | None
    typed: date | datetime | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Window:
    """Between what days a point may lie, each bound with the findings that made it; None where nothing binds it."""

    earliest: date | None
    latest: date | None
    because_earliest: tuple[Finding, ...] = ()
    because_latest: tuple[Finding, ...] = ()

    @property
    def is_possible(self) -> bool:
        return self.earliest is None or self.latest is None or self.earliest <= self.latest


def judge(plan: Plan, rules: Sequence[FrozenRule], calendar: Calendar) -> list[Finding]:
    """Judge every rule in the order of the table; the first BROKEN one is what a refusal names."""
    raise NotImplementedError


def windows(plan: Plan, rules: Sequence[FrozenRule], calendar: Calendar) -> dict[str, Window]:
    """Count forward from what is typed early and backward from what is due late; one window for each point."""
    raise NotImplementedError


def calendar_as_json(calendar: Calendar) -> list[dict[str, Any]]:
    raise NotImplementedError


def calendar_from_json(rows: Sequence[Mapping[str, Any]]) -> Calendar:
    raise NotImplementedError
