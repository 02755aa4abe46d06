from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.calendar import (
    KYIV,
    Calendar,
    CountUnit,
    DayKind,
    MarkedDay,
    Regime,
    RegimeKind,
    UnknownDay,
    add_months,
    closes_at,
    day_of,
)

PEACE = Regime(
    RegimeKind.PEACE,
    date(2021, 1, 1),
    date(2022, 2, 24),
    "КЗпП",
    {
        date(2021, 5, 1): MarkedDay(DayKind.HOLIDAY, "День праці"),
        date(2021, 5, 3): MarkedDay(DayKind.MOVED_DAY_OFF, "перенесено з 1 травня"),
        date(2021, 8, 23): MarkedDay(DayKind.MOVED_DAY_OFF, "перенесено на 28 серпня"),
        date(2021, 8, 24): MarkedDay(DayKind.HOLIDAY, "День незалежності України"),
        date(2021, 8, 28): MarkedDay(DayKind.MOVED_WORKING_DAY, "замість 23 серпня"),
    },
)
WAR = Regime(
    RegimeKind.MARTIAL_LAW,
    date(2022, 2, 24),
    ground="2136-IX",
    marked={date(2025, 12, 25): MarkedDay(DayKind.HOLIDAY, "Різдво")},
)
CALENDAR = Calendar([WAR, PEACE])
days = st.dates(date(2021, 3, 1), date(2030, 12, 31))
lengths = st.integers(0, 40)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2021, 4, 30), True),
        (date(2021, 5, 1), False),
        (date(2021, 5, 3), False),
        (date(2021, 8, 24), False),
        (date(2021, 8, 28), True),
        (date(2025, 12, 25), True),
        (date(2026, 3, 1), False),
        (date(2026, 8, 24), True),
    ],
)
def test_is_working_follows_the_regime_of_the_day(day, works):
    assert CALENDAR.is_working(day) is works


def test_a_day_before_every_regime_is_not_guessed():
    with pytest.raises(UnknownDay, match="2020-12-31"):
        CALENDAR.is_working(date(2020, 12, 31))


def test_a_gap_between_regimes_is_not_guessed():
    gapped = Calendar([Regime(RegimeKind.PEACE, date(2021, 1, 1), date(2021, 2, 1)), WAR])
    with pytest.raises(UnknownDay):
        gapped.roll_forward(date(2021, 2, 1))


def test_overlapping_regimes_are_refused():
    with pytest.raises(ValueError, match="overlap on 2022-02-24"):
        Calendar([Regime(RegimeKind.PEACE, date(2021, 1, 1)), WAR])


def test_working_days_are_counted_across_the_beginning_of_martial_law():
    assert CALENDAR.add(date(2022, 2, 22), 3, CountUnit.WORKING) == date(2022, 2, 25)


def test_next_working_crosses_a_weekend_and_a_moved_day_off():
    assert CALENDAR.next_working(date(2021, 4, 30)) == date(2021, 5, 4)


@given(days, lengths)
def test_calendar_days_are_counted_from_the_day_after(start, amount):
    assert CALENDAR.add(start, amount, CountUnit.CALENDAR) - start == timedelta(days=amount)


@given(days, st.integers(1, 40))
def test_working_days_count_exactly_the_working_days_of_the_period(start, amount):
    end = CALENDAR.add(start, amount, CountUnit.WORKING)
    period = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(map(CALENDAR.is_working, period)) == amount
    assert CALENDAR.is_working(end)


@given(days, st.integers(1, 20))
def test_counting_back_from_the_end_returns_to_the_last_working_day_before_the_start(start, amount):
    end = CALENDAR.add(start, amount, CountUnit.WORKING)
    back = CALENDAR.add(end, amount, CountUnit.WORKING, direction=-1)
    assert back <= start
    assert CALENDAR.next_working(back) == CALENDAR.add(start, 1, CountUnit.WORKING)


@given(days)
def test_rolling_forward_ends_on_a_working_day_and_is_done_once(day):
    rolled = CALENDAR.roll_forward(day)
    assert rolled >= day
    assert CALENDAR.is_working(rolled)
    assert CALENDAR.roll_forward(rolled) == rolled


@given(days, lengths, lengths)
def test_a_longer_period_never_ends_earlier(start, one, other):
    shorter, longer = sorted((one, other))
    assert CALENDAR.add(start, shorter, CountUnit.WORKING) <= CALENDAR.add(start, longer, CountUnit.WORKING)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_add_months_ends_on_the_same_number_or_the_last_day(start, months, end):
    assert add_months(start, months) == end


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_closes_at_is_the_first_moment_of_the_next_day_in_kyiv(last_day):
    moment = closes_at(last_day)
    assert day_of(moment) == last_day + timedelta(days=1)
    assert day_of((moment.astimezone(UTC) - timedelta(microseconds=1)).astimezone(KYIV)) == last_day


@pytest.mark.parametrize(
    ("last_day", "utc"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 22, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 21, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 22, tzinfo=UTC)),
    ],
)
def test_closes_at_knows_summer_time(last_day, utc):
    assert closes_at(last_day) == utc


def test_a_naive_moment_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 1, 1, 12))


@pytest.mark.parametrize(("amount", "direction"), [(-1, 1), (1, 0)])
def test_add_refuses_a_senseless_period(amount, direction):
    with pytest.raises(ValueError, match="period"):
        CALENDAR.add(date(2026, 1, 1), amount, CountUnit.CALENDAR, direction)
