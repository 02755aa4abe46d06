"""The week in quarters of an hour: at which of them a place is open, and which of them is now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KYIV: Final = ZoneInfo("Europe/Kyiv")
QUARTER: Final = 15
DAY: Final = 24 * 60
WEEK: Final = 7 * DAY
_CLOCK: Final = re.compile(r"^(\d{1,2})[:.](\d{2})$")
_LAST_MINUTE: Final = DAY - 1
_OPEN: Final = b"\x01" * QUARTER
_NAMES: Final = tuple(f"{day}{quarter:02d}" for day in DAYS for quarter in range(DAY // QUARTER))


def slot(moment: datetime) -> str:
    """Return the quarter of an hour of the week in which an aware moment falls, by the clocks of Kyiv."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    there = moment.astimezone(KYIV)
    return _NAMES[(there.weekday() * DAY + there.hour * 60 + there.minute) // QUARTER]


def slots(hours: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the quarters during the whole of which a place with these hours is open; nothing where none are known.

    A span that ends no later than it starts goes on into the next day. A span that cannot be read is passed over.
    """
    week = bytearray(WEEK)
    for start, end in _spans(hours or {}):
        week[start : min(end, WEEK)] = b"\x01" * (min(end, WEEK) - start)
        if end > WEEK:
            week[: end - WEEK] = b"\x01" * (end - WEEK)
    return tuple(name for place, name in enumerate(_NAMES) if week[place * QUARTER : (place + 1) * QUARTER] == _OPEN)


def _spans(hours: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in minutes of the week."""
    for number, day in enumerate(DAYS):
        told = hours.get(day)
        for span in told if isinstance(told, list) else ():
            if not isinstance(span, list | tuple) or len(span) != 2:  # noqa: PLR2004 a start and an end
                continue
            start, end = (_minute(str(one)) for one in span)
            if start is None or end is None or start == DAY:
                continue
            # 23:59 is how some write the end of a day
            end = DAY if end == _LAST_MINUTE else end
            yield number * DAY + start, number * DAY + (end if end > start else end + DAY)


def _minute(text: str) -> int | None:
    found = _CLOCK.match(text.strip())
    if not found:
        return None
    minute = int(found[1]) * 60 + int(found[2])
    return minute if minute <= DAY and int(found[2]) < 60 else None  # noqa: PLR2004 minutes of an hour
