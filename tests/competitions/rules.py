"""Small sets of rules for the engine: pure values, invented, each as one line of a table."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from portal.kernel.calendar import Calendar, DayKind, MarkedDay, Regime, RegimeKind
from procurement.timetable import FrozenRule

KYIV = ZoneInfo("Europe/Kyiv")
MARTIAL = Calendar([Regime(RegimeKind.MARTIAL_LAW, date(2022, 2, 24), None, "Указ 64/2022")])
# peace comes on 1 May 2027, with the holidays of that spring and summer
PEACE_DAYS = {
    date(2027, 5, 3): MarkedDay(DayKind.HOLIDAY, "Великдень, перенесено"),
    date(2027, 6, 28): MarkedDay(DayKind.HOLIDAY, "День Конституції"),
    date(2027, 12, 27): MarkedDay(DayKind.MOVED_DAY_OFF, "Різдво, перенесено"),
    date(2028, 1, 3): MarkedDay(DayKind.MOVED_DAY_OFF, "Новий рік, перенесено"),
}
PEACE = Calendar(
    [
        Regime(RegimeKind.MARTIAL_LAW, date(2022, 2, 24), date(2027, 5, 1), "Указ 64/2022"),
        Regime(RegimeKind.PEACE, date(2027, 5, 1), None, "КЗпП, ст. 73", PEACE_DAYS),
    ]
)


def rule(
    start: str, end: str, bound: str = "not_after", amount: int | None = None, unit: str = "", **facts
) -> FrozenRule:
    """Return a rule of the table with its citation; `direction=-1` counts back from `start`."""
    values = {
        "code": f"{start}-{end}",
        "direction": 1,
        "month": None,
        "day": None,
        "end_month": None,
        "end_day": None,
        "year_offset": 0,
        "roll_forward": False,
        "verified": False,
        "mark": "unconfirmed",
        "anchor": "подія",
        "anchor_en": "the event",
        "action": "дія",
        "action_en": "the act",
        "citation": "КМУ, № 450, п. 7",
        **facts,
    }
    return FrozenRule(start=start, end=end, bound=bound, amount=amount, unit=unit, **values)


def kyiv(*parts: int) -> datetime:
    """Return a moment by the clock of Kyiv, as the database gives it."""
    return datetime(*parts, tzinfo=KYIV).astimezone(UTC)
