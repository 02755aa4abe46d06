"""The days of a contract of the demonstration, counted in months from its first day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from portal.kernel.calendar import KYIV, add_months, day_of

_NOON: Final = time(12)
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Months:
    """`first` is the first day of the service; no moment that is told of lies after `now`."""

    first: date
    now: datetime

    @classmethod
    def begun(cls, ago: int, now: datetime) -> Months:
        """Begin on the first day of the month so many months ago (of one to come, where below zero)."""
        return cls(add_months(day_of(now).replace(day=1), -ago), now)

    def day(self, number: int, day: int = 0) -> date:
        """Return the first day of the so-manieth month (from 0) and so many days on, and never one to come."""
        return min(add_months(self.first, number) + day * ONE_DAY, day_of(self.now) - ONE_DAY)

    def planned(self, number: int) -> date:
        """Return the last day of the so-manieth month, whether it has come or not."""
        return add_months(self.first, number) - ONE_DAY

    def noon(self, on: date) -> datetime:
        return min(datetime.combine(on, _NOON, tzinfo=KYIV), self.now)


def months_between(first: date, last: date) -> int:
    """Return how many calendar months the days touch, the first and the last among them."""
    return (last.year - first.year) * 12 + last.month - first.month + 1
