from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.hours import DAYS, slot, slots

KYIV = ZoneInfo("Europe/Kyiv")
MONDAY = datetime(2026, 11, 23, tzinfo=KYIV)

minutes = st.integers(0, 24 * 60)
spans = st.tuples(minutes, minutes).filter(lambda span: span[0] < 24 * 60)
weeks = st.dictionaries(st.sampled_from(DAYS), st.lists(spans, max_size=3))


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def told(week: dict[str, list[tuple[int, int]]]) -> dict[str, list[list[str]]]:
    return {day: [[clock(start), clock(end)] for start, end in spans] for day, spans in week.items()}


def is_open(week: dict[str, list[tuple[int, int]]], minute: int) -> bool:
    """Say whether some span holds the minute of the week, by looking at it alone."""
    for day, found in week.items():
        for start, end in found:
            first = DAYS.index(day) * 1440 + start
            length = (end - start) % 1440 if end != 24 * 60 else end - start
            length = length or 1440
            if end == 1439 and start < end:
                length += 1
            elif end == 1439:
                length = 1440 - start if start < 1440 else 0
            if (minute - first) % 10_080 < length:
                return True
    return False


@given(weeks)
def test_a_quarter_is_open_when_every_minute_of_it_is(week):
    expected = {
        slot(MONDAY + timedelta(minutes=start))
        for start in range(0, 10_080, 15)
        if all(is_open(week, start + minute) for minute in range(15))
    }

    assert set(slots(told(week))) == expected


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_a_moment_falls_into_the_quarter_that_the_clocks_of_kyiv_show(moment):
    there = moment.astimezone(KYIV)

    assert slot(moment) == f"{DAYS[there.weekday()]}{there.hour * 4 + there.minute // 15:02d}"


@given(st.dictionaries(st.text(max_size=5), st.recursive(st.none() | st.text(max_size=6), st.lists, max_leaves=5)))
def test_hours_that_cannot_be_read_are_no_hours(hours):
    assert slots({**hours, "note": "за домовленістю"}) == ()


def test_around_the_clock_is_the_whole_week():
    assert len(slots({day: [["00:00", "24:00"]] for day in DAYS})) == 672
    assert len(slots({day: [["00:00", "23:59"]] for day in DAYS})) == 672


def test_a_night_goes_on_into_the_next_day_and_sunday_into_monday():
    found = slots({"sun": [["23:30", "00:30"]]})

    assert set(found) == {"sun94", "sun95", "mon00", "mon01"}


def test_a_break_is_closed():
    found = slots({"mon": [["09:00", "13:00"], ["14:00", "18:00"]]})

    assert ("mon51" in found, "mon52" in found, "mon55" in found, "mon56" in found) == (True, False, False, True)


def test_a_quarter_that_is_open_in_part_is_closed():
    assert slots({"mon": [["09:10", "09:40"]]}) == ("mon37",)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no moment"):
        slot(datetime(2026, 1, 1))


def test_unknown_hours_are_never_open():
    assert (slots({}), slots(None)) == ((), ())
