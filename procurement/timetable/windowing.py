"""Between what days each point may lie: counted forward from what is set early, backward from what is due late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

from portal.kernel import norms
from portal.kernel.calendar import KYIV, ONE_DAY, Calendar, UnknownDay, closes_at
from portal.kernel.norms import Unit
from procurement.enums import Bound, Moment
from procurement.timetable.frozen import FrozenRule
from procurement.timetable.judging import (
    CHAIN,
    ORDER,
    Finding,
    Plan,
    Verdict,
    event_of,
    in_words,
    is_known,
    last_day,
    limit_of,
    order_rule,
    term_words,
)

# contradictory rules push each other on for ever; after so many rounds the window is impossible anyway
ROUNDS: Final = 40
_LONGEST: Final = {Unit.MONTHS.value: 31, Unit.YEARS.value: 366}
# of the chain of reasons that led to a day, the last ones are told
REASONS: Final = 4


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


@dataclass(frozen=True, slots=True)
class _Push:
    """A rule that moved the bound of a point, and from where; put into words only where somebody reads it."""

    rule: FrozenRule
    point: str
    source: str
    day: date
    source_day: date
    is_lower: bool

    def finding(self) -> Finding:
        return Finding(self.rule, Verdict.UNTYPED, None, None, _why(self))


@dataclass(slots=True)
class _Side:
    """One bound of every point: its day, and what pushed it there."""

    days: dict[str, date] = field(default_factory=dict)
    because: dict[str, tuple[_Push, ...]] = field(default_factory=dict)

    def findings(self, point: str) -> tuple[Finding, ...]:
        return tuple(push.finding() for push in self.because.get(point, ()))


def windows(plan: Plan, rules: Sequence[FrozenRule], calendar: Calendar) -> dict[str, Window]:
    """Count forward from what is typed early and backward from what is due late; one window for each point.

    A point's own typed date does not narrow its window: the window says where it may lie given the others.
    """
    reach = _Reach(calendar)
    bound = [rule for rule in rules if is_known(rule)] + _natural()
    return {point.value: _window(point, plan, bound, reach) for point in Moment}


def _natural() -> list[FrozenRule]:
    pairs = [
        *pairwise(CHAIN),
        (Moment.PUBLISHED_AT, Moment.QUESTIONS_UNTIL),
        (Moment.QUESTIONS_UNTIL, Moment.CLOSES_AT),
    ]
    return [order_rule(*pair) for pair in pairs]


def _window(point: Moment, plan: Plan, rules: Sequence[FrozenRule], reach: _Reach) -> Window:
    typed = {name: value for name, value in plan.items() if value is not None and name != point}
    low, high = _Side(), _Side()
    for name, value in typed.items():
        low.days[name] = high.days[name] = last_day(name, value)
    for _round in range(ROUNDS):
        moved = [_apply(rule, typed, low, high, reach) for rule in rules]
        if not any(moved):
            break
    return Window(low.days.get(point), high.days.get(point), low.findings(point), high.findings(point))


def _apply(rule: FrozenRule, typed: Plan, low: _Side, high: _Side, reach: _Reach) -> bool:
    """Let one rule push the bound at its end forward and the one at its start backward; say whether any moved."""
    is_lower = rule.bound == Bound.NOT_BEFORE
    near, far = (low, high) if is_lower else (high, low)
    moved = False
    if rule.start in near.days and rule.end not in typed:
        found = reach.forward(rule, near.days[rule.start], typed.get(rule.start), is_lower=is_lower)
        moved |= _push(near, rule, rule.end, rule.start, found, is_lower=is_lower)
    if rule.end in far.days and rule.start not in typed:
        found = reach.backward(rule, far.days[rule.end], is_lower=is_lower)
        moved |= _push(far, rule, rule.start, rule.end, found, is_lower=not is_lower)
    return moved


def _push(side: _Side, rule: FrozenRule, point: str, source: str, day: date | None, *, is_lower: bool) -> bool:
    known = side.days.get(point)
    if day is None or (known is not None and (known >= day if is_lower else known <= day)):
        return False
    side.days[point] = day
    pushed = _Push(rule, point, source, day, side.days[source], is_lower)
    side.because[point] = (*side.because.get(source, ()), pushed)[-REASONS:]
    return True


class _Reach:
    """Where a rule leads from a day, and from what day it leads there; remembered, for rules are asked many times."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: dict[tuple[int, date | datetime], date | None] = {}

    def forward(self, rule: FrozenRule, day: date, typed: date | datetime | None, *, is_lower: bool) -> date | None:
        return self._limit(rule, typed if typed is not None else _event(rule, day, is_lower=is_lower))

    def backward(self, rule: FrozenRule, day: date, *, is_lower: bool) -> date | None:
        """Return the last start from which the end is not after `day`, or the first from which it is not before."""
        if rule.unit == Unit.CALENDAR_DAYS and not rule.roll_forward:
            return day - rule.direction * (rule.amount or 0) * ONE_DAY
        span = _span(rule)

        def leads(start: date) -> date | None:
            return self._limit(rule, _event(rule, start, is_lower=is_lower))

        if is_lower:
            return _last(lambda start: (found := leads(start)) is not None and found <= day, day - span, day + span)
        return _first(lambda start: (found := leads(start)) is not None and found >= day, day - span, day + span)

    def _limit(self, rule: FrozenRule, event: date | datetime) -> date | None:
        key = (id(rule), event)
        if key not in self._known:
            try:
                self._known[key] = limit_of(rule, norms.due(rule, event_of(rule, event), self._calendar))
            except (UnknownDay, TypeError):
                self._known[key] = None
        return self._known[key]


def _event(rule: FrozenRule, day: date, *, is_lower: bool) -> date | datetime:
    """Return the day, or for hours its first moment when the earliest end is sought and its last one for the latest."""
    if rule.unit != Unit.HOURS:
        return day
    return datetime.combine(day, time.min, KYIV) if is_lower else closes_at(day) - timedelta(seconds=1)


def _span(rule: FrozenRule) -> timedelta:
    """Return how far from the end a start of the rule may lie at most."""
    if rule.unit in Unit.places:
        return timedelta(days=366 * (abs(rule.year_offset) + 1))
    return timedelta(days=(rule.amount or 0) * _LONGEST.get(rule.unit, 3) + 31)


def _last(holds: Callable[[date], bool], low: date, high: date) -> date | None:
    """Return the last day of a span on which a condition holds that never comes back once it is lost."""
    if not holds(low):
        return None
    while (gap := (high - low).days) > 0:
        middle = low + timedelta(days=(gap + 1) // 2)
        low, high = (middle, high) if holds(middle) else (low, middle - ONE_DAY)
    return low


def _first(holds: Callable[[date], bool], low: date, high: date) -> date | None:
    """Return the first day of a span on which a condition holds that stays once it is there."""
    if not holds(high):
        return None
    while (gap := (high - low).days) > 0:
        middle = low + timedelta(days=gap // 2)
        low, high = (low, middle) if holds(middle) else (middle + ONE_DAY, high)
    return low


def _why(push: _Push) -> str:
    rule, is_lower = push.rule, push.is_lower
    said = {
        "day": in_words(push.day),
        "source": Moment(push.source).label,
        "source_day": in_words(push.source_day),
    }
    if rule.code == ORDER:
        words = (
            _("Not before %(day)s: “%(source)s” comes first.")
            if is_lower
            else _("Not later than %(day)s: “%(source)s” comes after it.")
        )
        return words % said
    words = {
        (True, True): _("Not before %(day)s: “%(source)s” is on %(source_day)s. %(term)s."),
        (True, False): _("Not later than %(day)s: “%(source)s” is on %(source_day)s. %(term)s."),
        (False, True): _("Not before %(day)s, so that “%(source)s” may be on %(source_day)s. %(term)s."),
        (False, False): _("Not later than %(day)s, so that “%(source)s” may be on %(source_day)s. %(term)s."),
    }[push.point == rule.end, is_lower]
    return words % {**said, "term": term_words(rule)}
