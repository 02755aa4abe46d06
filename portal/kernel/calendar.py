"""Days, working days and the moment at which a day is over: pure, the facts come in as a `Calendar`.

A строк (a length of time) is counted from the day after its event (ЦК art. 253); which days work depends on the regime
in force on each of them. What no regime covers is not guessed: `UnknownDay` is raised.
"""

import calendar as gregorian
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

KYIV = ZoneInfo("Europe/Kyiv")
ONE_DAY = timedelta(days=1)
SATURDAY = 5


class RegimeKind(TextChoices):
    MARTIAL_LAW = "martial_law", _("martial law")
    PEACE = "peace", _("peace")


class DayKind(TextChoices):
    HOLIDAY = "holiday", _("holiday")
    MOVED_DAY_OFF = "moved_day_off", _("day off moved to this day")
    MOVED_WORKING_DAY = "moved_working_day", _("working day moved to this day")


class CountUnit(TextChoices):
    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")


class UnknownDay(LookupError):  # noqa: N818 the name says what happened
    """No regime of the calendar covers the day, so nobody can say whether it works."""

    def __init__(self, day: date) -> None:
        super().__init__(f"no calendar regime covers {day.isoformat()}")
        self.day = day


@dataclass(frozen=True, slots=True)
class MarkedDay:
    """A day that the list of a regime names as an exception from Monday–Friday."""

    kind: DayKind
    ground: str


@dataclass(frozen=True, slots=True)
class Regime:
    """A dated way of telling working days, in force on `valid_from <= day < valid_to`."""

    kind: RegimeKind
    valid_from: date
    valid_to: date | None = None
    ground: str = ""
    marked: Mapping[date, MarkedDay] = field(default_factory=dict)

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def why_off(self, day: date) -> str | None:
        """Return why nobody works on the day, or None for a working day.

        Under martial law the marked days are ignored: Monday–Friday work without exception (Закон 2136-IX art. 6).
        """
        mark = None if self.kind == RegimeKind.MARTIAL_LAW else self.marked.get(day)
        if mark is None:
            return str(_("Saturday or Sunday")) if day.weekday() >= SATURDAY else None
        return None if mark.kind == DayKind.MOVED_WORKING_DAY else mark.ground or str(mark.kind.label)


class Calendar:
    """The regimes of working time, one after another; gaps are allowed and answer with `UnknownDay`."""

    def __init__(self, regimes: Iterable[Regime]) -> None:
        self.regimes = tuple(sorted(regimes, key=lambda regime: regime.valid_from))
        for earlier, later in zip(self.regimes, self.regimes[1:], strict=False):
            if earlier.covers(later.valid_from):
                raise ValueError(f"calendar regimes overlap on {later.valid_from.isoformat()}")

    def regime(self, day: date) -> Regime:
        for regime in reversed(self.regimes):
            if regime.covers(day):
                return regime
        raise UnknownDay(day)

    def regimes_between(self, first: date, last: date) -> tuple[Regime, ...]:
        """Return the regimes that govern any day of the closed span, in order."""
        return tuple(
            regime
            for regime in self.regimes
            if regime.valid_from <= last and (regime.valid_to is None or first < regime.valid_to)
        )

    def why_off(self, day: date) -> str | None:
        return self.regime(day).why_off(day)

    def is_working(self, day: date) -> bool:
        return self.why_off(day) is None

    def next_working(self, day: date) -> date:
        """Return the first working day after the day."""
        return self.add(day, 1, CountUnit.WORKING)

    def roll_forward(self, day: date) -> date:
        """Return the day itself when it works, otherwise the next working day (ЦК art. 254(5))."""
        return day if self.is_working(day) else self.next_working(day)

    def add(self, start: date, amount: int, unit: CountUnit, direction: int = 1) -> date:
        """Return the last day of a period of `amount` days after the start, or before it when `direction` is -1.

        The start itself is never counted (ЦК art. 253), so a period of no days ends where it starts.
        """
        if amount < 0 or direction not in {1, -1}:
            raise ValueError("a period has a length of zero or more and a direction of 1 or -1")
        if unit == CountUnit.CALENDAR:
            return start + direction * amount * ONE_DAY
        day = start
        for _worked in range(amount):
            day += direction * ONE_DAY
            while not self.is_working(day):
                day += direction * ONE_DAY
        return day


def add_months(start: date, months: int) -> date:
    """Return the same number of the month `months` later, or the month's last day when it has no such number.

    ЦК art. 254(3).
    """
    month = start.year * 12 + start.month - 1 + months
    return clamped(month // 12, month % 12 + 1, start.day)


def clamped(year: int, month: int, day: int) -> date:
    """Return the date, or the last day of its month when the month is shorter (29 February in an ordinary year)."""
    return date(year, month, min(day, gregorian.monthrange(year, month)[1]))


def closes_at(last_day: date) -> datetime:
    """Return the moment from which a lawful last day is over: 00:00 in Kyiv of the day after it."""
    return datetime.combine(last_day + ONE_DAY, time.min, tzinfo=KYIV)


def day_of(moment: date | datetime) -> date:
    """Return the calendar day in Kyiv on which an aware moment falls; a day is returned as it is."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone falls on no certain day")
    return moment.astimezone(KYIV).date()
