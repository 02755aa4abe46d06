from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.calendar import KYIV, UnknownDay
from portal.kernel.models import Act, CalendarRegime, DeadlineRule, Edition, NonWorkingDay, RuleProfile, load_calendar
from portal.kernel.norms import Unit, due
from portal.kernel.reference import load_norms
from tests.kernel.test_calendar import CALENDAR, PEACE

WORDS = {
    "anchor": "подія",
    "anchor_en": "event",
    "action": "дія",
    "action_en": "action",
    "effective_from": date(2020, 1, 1),
}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def rule(unit="", amount=None, **fields):
    return DeadlineRule(code="x", unit=unit, amount=amount, **{**WORDS, **fields})


def test_a_rule_without_amount_says_that_the_term_is_not_set():
    found = due(rule(Unit.CALENDAR_DAYS), date(2026, 1, 1), CALENDAR)
    assert (found.on, found.at, found.known) == (None, None, False)
    assert found.explanation[0] == "The term is not set in the reference table."


def test_a_rule_without_unit_gives_no_date_but_the_number():
    found = due(rule("", 10), date(2026, 1, 1), CALENDAR)
    assert not found.known
    assert "10 but not its unit" in found.explanation[0]


def test_calendar_days_do_not_roll_unless_the_rule_says_so():
    stays = due(rule(Unit.CALENDAR_DAYS, 30), date(2026, 1, 30), CALENDAR)
    rolls = due(rule(Unit.CALENDAR_DAYS, 30, roll_forward=True), date(2026, 1, 30), CALENDAR)
    assert (stays.on, rolls.on) == (date(2026, 3, 1), date(2026, 3, 2))
    assert any("1 March 2026 is not a working day (Saturday or Sunday)" in step for step in rolls.explanation)
    assert any("Martial law" in step and "2136-IX" in step for step in rolls.explanation)


def test_a_roll_over_a_holiday_names_each_day_with_its_ground():
    found = due(rule(Unit.CALENDAR_DAYS, 1, roll_forward=True), date(2021, 4, 30), CALENDAR)
    assert found.on == date(2021, 5, 4)
    reasons = [step for step in found.explanation if "not a working day" in step]
    assert [reason in step for reason, step in zip(("День праці", "Sunday", "перенесено"), reasons, strict=True)] == [
        True
    ] * 3


def test_the_first_of_march_never_rolls_though_it_is_a_sunday():
    found = due(rule(Unit.FIXED_DATE, month=3, day=1), date(2026, 1, 1), CALENDAR)
    assert found.on == date(2026, 3, 1)
    assert found.on.isoweekday() == 7
    assert any("does not move" in step for step in found.explanation)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 12), st.integers(1, 28), st.integers(-1, 1))
def test_a_fixed_date_is_that_day_of_its_year_whatever_the_calendar(anchor, month, day, offset):
    found = due(rule(Unit.FIXED_DATE, month=month, day=day, year_offset=offset), anchor, CALENDAR)
    assert found.on == date(anchor.year + offset, month, day)


@pytest.mark.parametrize(("year", "on"), [(2024, date(2024, 2, 29)), (2026, date(2026, 2, 28))])
def test_the_29th_of_february_is_the_last_of_february_in_an_ordinary_year(year, on):
    assert due(rule(Unit.FIXED_DATE, month=2, day=29), date(year, 1, 1), CALENDAR).on == on


def test_a_range_has_its_first_and_last_day():
    found = due(rule(Unit.DAY_RANGE, month=1, day=1, end_month=6, end_day=15), date(2026, 5, 5), CALENDAR)
    assert (found.starts_on, found.on) == (date(2026, 1, 1), date(2026, 6, 15))


def test_working_days_cross_the_boundary_of_regimes_and_name_both():
    found = due(rule(Unit.WORKING_DAYS, 3), date(2022, 2, 22), CALENDAR)
    assert found.on == date(2022, 2, 25)
    assert [
        ("Peacetime" in step, "Martial" in step) for step in found.explanation if "(КЗпП)" in step or "2136" in step
    ] == [
        (True, False),
        (False, True),
    ]


def test_working_days_outside_every_regime_raise():
    with pytest.raises(UnknownDay):
        due(rule(Unit.WORKING_DAYS, 3), date(2019, 1, 1), CALENDAR)


def test_calendar_days_without_a_roll_need_no_regime():
    assert due(rule(Unit.CALENDAR_DAYS, 3), date(1995, 1, 1), CALENDAR).on == date(1995, 1, 4)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=KYIV), 24, datetime(2026, 3, 29, 13, tzinfo=KYIV)),
        (datetime(2026, 10, 24, 12, tzinfo=KYIV), 72, datetime(2026, 10, 27, 11, tzinfo=KYIV)),
    ],
)
def test_hours_pass_truly_on_the_nights_when_clocks_change(start, hours, end):
    found = due(rule(Unit.HOURS, hours), start, CALENDAR)
    assert found.at == end
    assert found.on == end.date()


@given(st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)), st.integers(0, 1000))
def test_hours_differ_by_exactly_their_number(start, hours):
    assert due(rule(Unit.HOURS, hours), start, CALENDAR).at - start == timedelta(hours=hours)


def test_hours_from_a_day_are_refused():
    with pytest.raises(TypeError):
        due(rule(Unit.HOURS, 72), date(2026, 1, 1), CALENDAR)


def test_a_moment_counts_from_its_day_in_kyiv():
    late = datetime(2026, 1, 1, 22, 30, tzinfo=UTC)
    assert due(rule(Unit.CALENDAR_DAYS, 1), late, CALENDAR).on == date(2026, 1, 3)


def test_months_and_years_and_the_way_back():
    assert due(rule(Unit.MONTHS, 6), date(2025, 8, 31), CALENDAR).on == date(2026, 2, 28)
    assert due(rule(Unit.YEARS, 1), date(2024, 2, 29), CALENDAR).on == date(2025, 2, 28)
    before = due(rule(Unit.WORKING_DAYS, 2, direction=-1), date(2026, 3, 2), CALENDAR)
    assert before.on == date(2026, 2, 26)
    assert "Term: 2 working days before the event." in before.explanation


def test_the_explanation_names_source_origin_and_whether_it_was_checked():
    act = Act(code="a", number="450", issuer="Уряд", adopted_on=date(2020, 6, 1))
    checked = due(rule(Unit.CALENDAR_DAYS, 1, act=act, point="п. 7", verified=True), date(2026, 1, 1), CALENDAR)
    assert checked.verified
    assert checked.explanation == (
        "Event: event, 1 January 2026.",
        "Term: 1 calendar day after the event.",
        "Counting starts on the day after the event (Civil Code, art. 253).",
        "Last day by the count: 2 January 2026.",
        "Source: Уряд, 01.06.2020 № 450, п. 7.",
        "Origin of the row: not confirmed.",
        "Checked against the current edition.",
    )
    assert due(rule(Unit.CALENDAR_DAYS, 1), date(2026, 1, 1), CALENDAR).explanation[-3:] == (
        "The reference table names no act.",
        "Origin of the row: not confirmed.",
        "Not checked against the current edition.",
    )


# --- the tables ----------------------------------------------------------------------------------------------------


@pytest.fixture
def profile(db):
    return RuleProfile.objects.create(procedure="p", valid_from=date(2020, 1, 1), title="т")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("deadline_rule_date_has_day", {"unit": "fixed_date", "month": 3}),
        ("deadline_rule_date_has_day", {"unit": "fixed_date", "month": 3, "day": 1, "amount": 2}),
        ("deadline_rule_length_has_no_day", {"unit": "calendar_days", "amount": 2, "month": 3, "day": 1}),
        ("deadline_rule_range_has_end", {"unit": "day_range", "month": 1, "day": 1}),
        ("deadline_rule_range_in_order", {"unit": "day_range", "month": 6, "day": 2, "end_month": 6, "end_day": 1}),
        ("deadline_rule_rolls_only_periods", {"unit": "fixed_date", "month": 3, "day": 1, "roll_forward": True}),
        ("deadline_rule_rolls_only_periods", {"unit": "working_days", "direction": -1, "roll_forward": True}),
        ("deadline_rule_direction", {"direction": 0}),
        ("deadline_rule_dates_in_order", {"effective_to": date(2019, 1, 1)}),
    ],
)
def test_the_database_refuses_inconsistent_rules(profile, name, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        DeadlineRule.objects.create(profile=profile, code="x", **{**WORDS, **fields})


def test_the_31st_of_april_is_refused_by_the_form(profile):
    with pytest.raises(ValidationError, match="no such day"):
        rule("fixed_date", month=4, day=31).clean()


def test_in_force_prefers_the_authority_and_falls_back_to_the_nation(profile):
    own = RuleProfile.objects.create(procedure="p", authority="UA05", valid_from=date(2024, 1, 1), title="т")
    find = RuleProfile.objects.in_force
    assert find("p", date(2025, 1, 1), "UA05") == own
    assert find("p", date(2023, 12, 31), "UA05") == profile
    assert find("p", date(2025, 1, 1), "UA07") == profile
    assert find("p", date(2025, 1, 1)) == profile


def test_in_force_is_half_open_and_raises_when_nothing_is(profile):
    profile.valid_to = date(2021, 1, 1)
    profile.save()
    assert RuleProfile.objects.in_force("p", date(2020, 12, 31)) == profile
    with pytest.raises(RuleProfile.DoesNotExist):
        RuleProfile.objects.in_force("p", date(2021, 1, 1))


@pytest.mark.django_db
def test_overlapping_regimes_are_refused_by_the_form():
    CalendarRegime.objects.create(kind="peace", valid_from=date(2020, 1, 1), ground="г")
    with pytest.raises(ValidationError):
        CalendarRegime(kind="martial_law", valid_from=date(2022, 1, 1), ground="г").clean()


# --- the shipped reference -----------------------------------------------------------------------------------------


@pytest.fixture
def norms(db):
    return load_norms()


def test_load_norms_is_idempotent(norms):
    assert norms == {
        "Act": 26,
        "Edition": 11,
        "CalendarRegime": 2,
        "NonWorkingDay": NonWorkingDay.objects.count(),
        "RuleProfile": 8,
        "DeadlineRule": 54,
    }
    assert load_norms() == {}


def test_load_norms_brings_back_what_drifted_but_not_what_was_edited(norms):
    DeadlineRule.objects.filter(code="order-decision-amended").update(amount=31)
    DeadlineRule.objects.filter(code="registry-decision").update(
        amount=10, unit="working_days", edited_at=timezone.now()
    )
    assert load_norms() == {"DeadlineRule": 1}
    assert DeadlineRule.objects.get(code="order-decision-amended").amount == 30
    assert DeadlineRule.objects.get(code="registry-decision").amount == 10


def test_unread_terms_are_shipped_without_a_number(norms):
    unknown = DeadlineRule.objects.filter(unit__in=["", *Unit.lengths], amount__isnull=True)
    assert unknown.count() == 40
    assert not unknown.filter(verified=True).exists()
    assert list(DeadlineRule.objects.filter(verified=True).values_list("code", flat=True)) == ["needs-assessment"]


def test_shipped_rules_pass_their_own_validation(norms):
    for row in DeadlineRule.objects.all():
        row.full_clean()
    for row in Edition.objects.all():
        row.full_clean()


def test_the_calendar_is_loaded_in_two_queries(norms, django_assert_num_queries):
    with django_assert_num_queries(2):
        calendar = load_calendar()
    assert not calendar.is_working(date(2021, 5, 4))
    assert calendar.is_working(date(2022, 3, 8))


@pytest.mark.parametrize(
    ("procedure", "code", "anchor", "on"),
    [
        ("social-order", "order-decision", date(2026, 1, 1), date(2026, 3, 1)),
        ("social-order", "order-decision-amended", date(2026, 4, 10), date(2026, 5, 10)),
        ("social-project", "project-announcement", date(2027, 1, 1), date(2026, 10, 1)),
        ("service-request", "needs-assessment", date(2025, 12, 23), date(2025, 12, 30)),
        ("social-project", "project-eligibility", date(2025, 8, 31), date(2026, 2, 28)),
        ("needs", "needs-study", date(2026, 1, 1), date(2026, 6, 15)),
    ],
)
def test_shipped_terms_give_their_dates(norms, procedure, code, anchor, on):
    found = RuleProfile.objects.in_force(procedure, anchor).rule(code, anchor)
    assert due(found, anchor, load_calendar()).on == on


def test_peace_is_the_regime_of_the_pure_tests():
    assert PEACE.covers(date(2022, 2, 23))
    assert not PEACE.covers(date(2022, 2, 24))
