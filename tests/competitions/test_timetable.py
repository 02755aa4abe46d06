"""The engine over real calendars: each row is a plan, a rule, and what must become of it. No number stands in code."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.calendar import Calendar, Regime, RegimeKind
from procurement.enums import Moment
from procurement.timetable import FrozenRule, Verdict, calendar_as_json, calendar_from_json, judge, last_day, windows
from tests.competitions.rules import MARTIAL, PEACE, kyiv, rule

K, B, U, N = Verdict.KEPT, Verdict.BROKEN, Verdict.UNTYPED, Verdict.UNKNOWN
WINDOW = ("published_at", "closes_at", "not_before")


# event, rule, what was typed, the day that follows, the verdict
CASES = {
    "1 March on a Sunday does not move": (
        {"service_from": date(2026, 1, 1), "published_at": kyiv(2026, 3, 1, 12)},
        rule("service_from", "published_at", unit="fixed_date", month=3, day=1),
        date(2026, 3, 1),
        K,
    ),
    "Monday after a Sunday 1 March is late": (
        {"service_from": date(2026, 1, 1), "published_at": kyiv(2026, 3, 2, 9)},
        rule("service_from", "published_at", unit="fixed_date", month=3, day=1),
        date(2026, 3, 1),
        B,
    ),
    "1 October of the year before": (
        {"service_from": date(2027, 1, 1), "published_at": kyiv(2026, 10, 2, 0, 0)},
        rule("service_from", "published_at", unit="fixed_date", month=10, day=1, year_offset=-1),
        date(2026, 10, 1),
        B,
    ),
    "29 February as the last day": (
        {"published_at": kyiv(2028, 1, 30, 10), "closes_at": kyiv(2028, 2, 29, 18)},
        rule(*WINDOW, 30, "calendar_days"),
        date(2028, 2, 29),
        K,
    ),
    "a month from 31 January ends on 29 February": (
        {"published_at": kyiv(2028, 1, 31, 10), "closes_at": kyiv(2028, 2, 28, 18)},
        rule(*WINDOW, 1, "months"),
        date(2028, 2, 29),
        B,
    ),
    "a year from 29 February ends on 28 February": (
        {"published_at": kyiv(2028, 2, 29, 10), "closes_at": kyiv(2029, 2, 28, 0, 1)},
        rule(*WINDOW, 1, "years"),
        date(2029, 2, 28),
        K,
    ),
    "30 days after an amendment on 31 January": (
        {"order_decided_on": date(2027, 1, 31), "published_at": kyiv(2027, 3, 2, 23, 59)},
        rule("order_decided_on", "published_at", amount=30, unit="calendar_days"),
        date(2027, 3, 2),
        K,
    ),
    "a minute past midnight is the next day in Kyiv, though not in UTC": (
        {"order_decided_on": date(2027, 1, 31), "published_at": kyiv(2027, 3, 3, 0, 1)},
        rule("order_decided_on", "published_at", amount=30, unit="calendar_days"),
        date(2027, 3, 2),
        B,
    ),
    "an end at midnight was over with the day before": (
        {"published_at": kyiv(2027, 2, 1, 10), "closes_at": kyiv(2027, 2, 16, 0, 0)},
        rule(*WINDOW, 15, "calendar_days"),
        date(2027, 2, 16),
        B,
    ),
    "an end at midnight after the last day gives all of it": (
        {"published_at": kyiv(2027, 2, 1, 10), "closes_at": kyiv(2027, 2, 17, 0, 0)},
        rule(*WINDOW, 15, "calendar_days"),
        date(2027, 2, 16),
        K,
    ),
    "what follows an end at midnight is counted from the day before": (
        {"closes_at": kyiv(2027, 2, 16, 0, 0), "opening_at": kyiv(2027, 2, 17, 10)},
        rule("closes_at", "opening_at", amount=1, unit="calendar_days"),
        date(2027, 2, 16),
        B,
    ),
    "working days under martial law: a holiday works": (
        {"closes_at": kyiv(2027, 6, 25, 18), "opening_at": kyiv(2027, 6, 28, 10)},
        rule("closes_at", "opening_at", amount=1, unit="working_days"),
        date(2027, 6, 28),
        K,
    ),
    "hours are moments: one minute too late": (
        {"closes_at": kyiv(2027, 2, 16, 18), "opening_at": kyiv(2027, 2, 17, 18, 1)},
        rule("closes_at", "opening_at", amount=24, unit="hours"),
        date(2027, 2, 17),
        B,
    ),
    "the night of 28 March 2027 has 23 hours: 24 pass at 11": (
        {"closes_at": kyiv(2027, 3, 27, 10), "opening_at": kyiv(2027, 3, 28, 11)},
        rule("closes_at", "opening_at", amount=24, unit="hours"),
        date(2027, 3, 28),
        K,
    ),
    "the night of 31 October 2027 has 25 hours: 24 pass at 9": (
        {"closes_at": kyiv(2027, 10, 30, 10), "opening_at": kyiv(2027, 10, 31, 9, 1)},
        rule("closes_at", "opening_at", amount=24, unit="hours"),
        date(2027, 10, 31),
        B,
    ),
    "days do not feel the change of clocks": (
        {"published_at": kyiv(2027, 3, 27, 23, 30), "closes_at": kyiv(2027, 3, 28, 0, 30)},
        rule(*WINDOW, 1, "calendar_days"),
        date(2027, 3, 28),
        K,
    ),
    "counted back from the end": (
        {"closes_at": kyiv(2027, 2, 16, 18), "questions_until": kyiv(2027, 2, 12, 18)},
        rule("closes_at", "questions_until", amount=5, unit="calendar_days", direction=-1),
        date(2027, 2, 11),
        B,
    ),
    "over the end of the year": (
        {"closes_at": kyiv(2027, 12, 31, 18), "opening_at": kyiv(2028, 1, 3, 10)},
        rule("closes_at", "opening_at", amount=1, unit="working_days"),
        date(2028, 1, 3),
        K,
    ),
    "a range of dates not yet begun": (
        {"service_from": date(2027, 1, 1), "published_at": kyiv(2026, 12, 31, 10)},
        rule("service_from", "published_at", "not_before", unit="day_range", month=1, day=10, end_month=6, end_day=15),
        date(2027, 1, 10),
        B,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_rule_is_judged(name):
    plan, one, day, verdict = CASES[name]
    (found,) = [finding for finding in judge(plan, [one], MARTIAL) if finding.rule is one]
    expected = found.due.starts_on or found.due.on if one.bound == "not_before" else found.due.on
    assert (expected, found.verdict) == (day, verdict), found.sentence


def test_the_same_term_ends_later_when_peace_has_holidays():
    plan = {"closes_at": kyiv(2027, 6, 25, 18), "opening_at": kyiv(2027, 6, 28, 10)}
    one = rule("closes_at", "opening_at", amount=1, unit="working_days")
    under = [judge(plan, [one], calendar)[0] for calendar in (MARTIAL, PEACE)]
    assert [finding.due.on for finding in under] == [date(2027, 6, 28), date(2027, 6, 29)]
    assert [finding.verdict for finding in under] == [K, K]


def test_a_term_over_the_end_of_martial_law_counts_each_day_by_its_own_regime():
    plan = {"closes_at": kyiv(2027, 4, 30, 18), "opening_at": kyiv(2027, 5, 3, 10)}
    one = rule("closes_at", "opening_at", "not_before", 1, "working_days")
    martial, peace = (judge(plan, [one], calendar)[0] for calendar in (MARTIAL, PEACE))
    assert (martial.due.on, martial.verdict) == (date(2027, 5, 3), K)
    assert (peace.due.on, peace.verdict) == (date(2027, 5, 4), B)


def test_a_last_day_moves_only_where_the_rule_says_so():
    plan = {"published_at": kyiv(2027, 2, 5, 10), "closes_at": kyiv(2027, 2, 20, 18)}
    stays = judge(plan, [rule(*WINDOW, 15, "calendar_days")], MARTIAL)[0]
    moves = judge(plan, [rule(*WINDOW, 15, "calendar_days", roll_forward=True)], MARTIAL)[0]
    assert (stays.due.on, stays.verdict) == (date(2027, 2, 20), K)
    assert (moves.due.on, moves.verdict) == (date(2027, 2, 22), B)


def test_a_term_without_amount_or_unit_breaks_nothing_and_says_so():
    plan = {"published_at": kyiv(2027, 2, 1, 10), "closes_at": kyiv(2027, 2, 1, 11)}
    for one in (rule(*WINDOW), rule(*WINDOW, 10), rule(*WINDOW, None, "calendar_days")):
        (found,) = judge(plan, [one], MARTIAL)
        assert (found.verdict, found.due) == (N, None)
        assert found.sentence


def test_a_rule_waits_for_the_dates_that_it_binds():
    one = rule(*WINDOW, 15, "calendar_days")
    (nothing,) = judge({}, [one], MARTIAL)
    (due,) = judge({"published_at": kyiv(2027, 2, 1, 10)}, [one], MARTIAL)
    assert (nothing.verdict, nothing.due) == (U, None)
    assert (due.verdict, due.due.on) == (U, date(2027, 2, 16))


def test_hours_from_a_day_and_days_outside_the_calendar_are_unknown_not_a_fault():
    hours = rule("order_decided_on", "published_at", amount=24, unit="hours")
    (found,) = judge({"order_decided_on": date(2027, 1, 31), "published_at": kyiv(2027, 2, 1, 9)}, [hours], MARTIAL)
    assert found.verdict == N
    old = rule("order_decided_on", "published_at", amount=2, unit="working_days")
    (found,) = judge({"order_decided_on": date(2020, 1, 31), "published_at": kyiv(2020, 2, 1, 9)}, [old], MARTIAL)
    assert found.verdict == N


def test_the_first_broken_rule_of_the_table_comes_first_and_names_citation_and_both_dates():
    plan = {
        "published_at": kyiv(2027, 2, 1, 10),
        "closes_at": kyiv(2027, 2, 10, 18),
        "opening_at": kyiv(2027, 2, 20, 10),
    }
    table = [
        rule(*WINDOW, 15, "calendar_days", citation="КМУ, № 450, п. 9"),
        rule("closes_at", "opening_at", amount=3, unit="calendar_days"),
    ]
    first, second = judge(plan, table, MARTIAL)
    assert (first.verdict, second.verdict) == (B, B)
    assert "КМУ, № 450, п. 9" in first.sentence
    assert "10 лютого 2027" in first.sentence
    assert "16 лютого 2027" in first.sentence


ORDER = {
    "closes before it opens": ({"opens_at": kyiv(2027, 2, 2, 9), "closes_at": kyiv(2027, 2, 2, 9)}, "closes_at"),
    "questions after the end": (
        {"questions_until": kyiv(2027, 2, 3, 9), "closes_at": kyiv(2027, 2, 2, 9)},
        "closes_at",
    ),
    "opening before a held end": (
        {"closes_at": kyiv(2027, 2, 2, 9), "hold_until": kyiv(2027, 2, 5, 9), "opening_at": kyiv(2027, 2, 4, 9)},
        "opening_at",
    ),
    "opening before the end, nothing between": (
        {"closes_at": kyiv(2027, 2, 2, 9), "opening_at": kyiv(2027, 2, 2, 8, 59)},
        "opening_at",
    ),
    "contract before the award": ({"award_on": date(2027, 3, 1), "contract_on": date(2027, 2, 28)}, "contract_on"),
    "service ends before it begins": (
        {"service_from": date(2027, 6, 1), "service_to": date(2027, 5, 31)},
        "service_to",
    ),
}


@pytest.mark.parametrize("name", ORDER)
def test_the_natural_order_of_points_needs_no_act(name):
    plan, point = ORDER[name]
    (found,) = judge(plan, [], MARTIAL)
    assert (found.verdict, found.rule.end, found.rule.citation) == (B, point, "")


def test_days_that_fall_together_are_in_order():
    plan = {
        "opening_at": kyiv(2027, 2, 4, 15),
        "evaluated_on": date(2027, 2, 4),
        "award_on": date(2027, 2, 4),
        "results_on": date(2027, 2, 4),
    }
    assert judge(plan, [], MARTIAL) == []


# --- windows -------------------------------------------------------------------------------------------------------

TABLE = [
    rule("published_at", "closes_at", "not_before", 15, "calendar_days", code="window"),
    rule("closes_at", "questions_until", "not_after", 5, "calendar_days", code="questions", direction=-1),
    rule("closes_at", "opening_at", "not_after", 1, "working_days", code="opening"),
    rule("opening_at", "evaluated_on", "not_after", 10, "working_days", code="evaluation"),
    rule("evaluated_on", "award_on", "not_after", 3, "working_days", code="award"),
]


def test_windows_are_counted_forward_from_publication_and_backward_from_the_award():
    plan = {"published_at": kyiv(2027, 2, 1, 10), "award_on": date(2027, 3, 1)}
    found = windows(plan, TABLE, MARTIAL)
    # 3 + 10 + 1 working days before 1 March, and 15 days after 1 February
    assert (found["closes_at"].earliest, found["closes_at"].latest) == (date(2027, 2, 16), date(2027, 3, 1))
    assert found["evaluated_on"].earliest == date(2027, 2, 24)
    assert found["opening_at"].earliest == date(2027, 2, 16)
    assert "1 лютого 2027" in found["closes_at"].because_earliest[-1].sentence
    assert found["closes_at"].because_earliest[-1].rule.code == "window"
    assert all(window.is_possible for window in found.values())


def test_windows_of_what_must_not_be_later_reach_back_to_what_must_not_be_earlier():
    plan = {"award_on": date(2027, 3, 1)}
    found = windows(plan, TABLE, MARTIAL)
    assert found["evaluated_on"].earliest == date(2027, 2, 24)
    assert found["opening_at"].earliest == date(2027, 2, 10)
    assert found["closes_at"].earliest == date(2027, 2, 9)
    assert found["published_at"].latest == date(2027, 2, 14)


def test_an_impossible_window_is_an_infeasible_plan():
    plan = {"published_at": kyiv(2027, 2, 1, 10), "award_on": date(2027, 2, 10)}
    found = windows(plan, TABLE, MARTIAL)["closes_at"]
    assert not found.is_possible
    assert found.earliest == date(2027, 2, 16)
    assert found.latest == date(2027, 2, 10)


def test_a_typed_date_does_not_narrow_its_own_window():
    plan = {"published_at": kyiv(2027, 2, 1, 10), "closes_at": kyiv(2027, 2, 3, 10)}
    found = windows(plan, TABLE, MARTIAL)
    assert found["closes_at"].earliest == date(2027, 2, 16)
    assert found["questions_until"].latest == date(2027, 1, 29)


def test_unknown_terms_bind_nothing():
    plan = {"published_at": kyiv(2027, 2, 1, 10)}
    found = windows(plan, [rule(*WINDOW)], MARTIAL)
    assert (found["closes_at"].earliest, found["closes_at"].latest) == (date(2027, 2, 1), None)
    assert found["closes_at"].because_earliest[-1].rule.code == "order"


def test_rules_that_contradict_each_other_end_in_an_impossible_window():
    table = [rule(*WINDOW, 15, "calendar_days"), rule("closes_at", "published_at", "not_before", 1, "calendar_days")]
    found = windows({"service_from": date(2027, 2, 1), "published_at": kyiv(2027, 1, 20, 9)}, table, MARTIAL)
    assert found["closes_at"].latest == date(2027, 1, 19)
    assert not found["closes_at"].is_possible


def test_windows_of_hours_stay_around_the_moment():
    table = [rule("closes_at", "opening_at", "not_after", 24, "hours")]
    found = windows({"closes_at": kyiv(2027, 2, 16, 18)}, table, MARTIAL)
    assert found["opening_at"].latest == date(2027, 2, 17)
    assert windows({"opening_at": kyiv(2027, 2, 17, 9)}, table, MARTIAL)["closes_at"].earliest == date(2027, 2, 16)


POINTS = [point.value for point in Moment]
IN_ORDER = [*POINTS[:3], "questions_until", *POINTS[4:]]


def typed(point: str, days: int) -> date | datetime:
    moment = kyiv(2027, 2, 1, 12) + timedelta(days=days, minutes=POINTS.index(point))
    return moment if point in Moment.moments else moment.date()


@st.composite
def lawful_plans(draw):
    """Return a whole plan in its natural order with rules that it keeps, and the points that are typed already."""
    days = sorted(draw(st.lists(st.integers(0, 120), min_size=len(POINTS), max_size=len(POINTS))))
    plan = {point: typed(point, day) for point, day in zip(IN_ORDER, days, strict=True)}
    ends = st.tuples(st.sampled_from(POINTS), st.sampled_from(POINTS)).filter(lambda pair: pair[0] != pair[1])
    drawn = draw(
        st.lists(
            st.builds(
                lambda pair, bound, amount, unit, way: rule(*pair, bound, amount, unit, direction=way),
                ends,
                st.sampled_from(("not_before", "not_after")),
                st.integers(0, 60),
                st.sampled_from(("calendar_days", "working_days", "months", "hours")),
                st.sampled_from((1, -1)),
            ),
            max_size=12,
        )
    )
    kept = [one for one in drawn if judge(plan, [one], MARTIAL)[0].verdict == K]
    return plan, kept, draw(st.sets(st.sampled_from(POINTS)))


@settings(max_examples=150, deadline=None)
@given(lawful_plans())
def test_a_lawful_plan_lies_in_the_windows_of_any_part_of_it(drawn):
    plan, table, known = drawn
    part = {point: value for point, value in plan.items() if point in known}
    for point, window in windows(part, table, MARTIAL).items():
        day = last_day(point, plan[point])
        assert window.earliest is None or window.earliest <= day, (point, window)
        assert window.latest is None or day <= window.latest, (point, window)


# --- as JSON -------------------------------------------------------------------------------------------------------


def test_rules_and_calendars_come_back_as_they_were_written():
    one = rule(*WINDOW, 15, "calendar_days", note="Текст не звірено.")
    assert FrozenRule.from_json({**one.as_json(), "added_later": 1}) == one
    back = calendar_from_json(calendar_as_json(PEACE))
    assert back.regimes == PEACE.regimes


def test_old_regimes_may_be_left_out_and_are_unknown_then():
    both = Calendar(
        [Regime(RegimeKind.PEACE, date(2019, 1, 1), date(2022, 2, 24), "г"), *MARTIAL.regimes],
    )
    kept = calendar_from_json(calendar_as_json(both, since=date(2025, 1, 1)))
    assert [regime.kind for regime in kept.regimes] == [RegimeKind.MARTIAL_LAW]
