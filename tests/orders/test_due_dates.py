"""By when a hromada decides: counted from the rule in force at the event, shown with its reason, moved by no edit."""

from datetime import date

import pytest
from django.utils import translation

from portal.kernel.models import CalendarRegime, DeadlineRule, RuleProfile
from procurement.domain.planning.budgets import correct_budget_act, enter_budget_act
from procurement.models import BudgetAct
from procurement.queries.orders_due import citation_of, due_of, profile_words
from tests.factories.orders import NOW, budget_facts, make_budget_act

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def own_rules(hromada, **rule):
    profile = RuleProfile.objects.create(
        procedure="social-order", authority=hromada.code, valid_from=date(2026, 1, 1), title="Порядок громади"
    )
    return DeadlineRule.objects.create(
        profile=profile,
        code="order-decision-amended",
        anchor="внесено зміни до бюджету",
        action="ухвалити рішення",
        point="п. 7",
        effective_from=date(2026, 1, 1),
        mark="law",
        verified=True,
        **rule,
    )


@pytest.mark.parametrize(
    ("kind", "year", "adopted_on", "due"),
    [
        # 1 March 2026 is a Sunday: a fixed date stays where it is
        ("adopted", 2026, date(2025, 12, 20), date(2026, 3, 1)),
        ("adopted", 2027, date(2026, 12, 19), date(2027, 3, 1)),
        # adopted late, in the budget year itself
        ("adopted", 2027, date(2027, 1, 15), date(2027, 3, 1)),
        # 30 calendar days over February, short and long, and from 29 February
        ("amended", 2026, date(2026, 1, 31), date(2026, 3, 2)),
        ("amended", 2024, date(2024, 1, 31), date(2024, 3, 1)),
        ("amended", 2024, date(2024, 2, 29), date(2024, 3, 30)),
        # over the change of clocks and the end of the year; the last day is a Saturday and stays
        ("amended", 2026, date(2026, 3, 12), date(2026, 4, 11)),
        ("amended", 2026, date(2026, 12, 20), date(2027, 1, 19)),
    ],
)
def test_decision_is_due_by_the_rule_of_the_act(places, kind, year, adopted_on, due):
    act = make_budget_act(kind=kind, year=year, adopted_on=adopted_on)

    assert act.decision_due_on == due == due_of(act).on
    assert act.rule.code == {"adopted": "order-decision", "amended": "order-decision-amended"}[kind]


def test_day_shows_its_reason_in_the_language_of_the_reader(places):
    act = BudgetAct.objects.get(pk=make_budget_act(kind="amended", adopted_on=date(2027, 1, 10)).pk)

    with translation.override("en"):
        explanation = " ".join(due_of(act).explanation)

    assert "Event: the budget is amended, 10 January 2027." in explanation
    assert "30 calendar days after the event" in explanation
    assert "Not checked against the current edition." in explanation


def test_rule_edited_afterwards_moves_nothing(places, official):
    act = make_budget_act(user=official, kind="amended", adopted_on=date(2027, 1, 10))
    DeadlineRule.objects.filter(code="order-decision-amended").update(amount=10, anchor="інше")
    CalendarRegime.objects.update(ground="інша")
    kept = BudgetAct.objects.get(pk=act.pk)

    assert (kept.decision_due_on, due_of(kept).on) == (date(2027, 2, 9), date(2027, 2, 9))
    assert "інше" not in " ".join(due_of(kept).explanation)
    # a later act follows the later rule
    later = make_budget_act(user=official, kind="amended", adopted_on=date(2027, 1, 11), number="6")
    assert later.decision_due_on == date(2027, 1, 21)


def test_rules_of_the_hromada_come_before_the_national(places):
    own_rules(places.dykanska, amount=10, unit="working_days")

    own = make_budget_act(kind="amended", adopted_on=date(2027, 1, 4), number="1")
    national = make_budget_act(hromada=places.odesa_hromada, kind="amended", adopted_on=date(2027, 1, 4))

    # Monday to Friday work under martial law, holidays included
    assert (own.decision_due_on, national.decision_due_on) == (date(2027, 1, 18), date(2027, 2, 3))
    assert (citation_of(own), due_of(own).verified) == ("п. 7", True)
    with translation.override("en"):
        assert "rules of the hromada itself" in profile_words(own)
        assert profile_words(national) == "Social order"


def test_own_rules_that_are_silent_leave_the_national(places):
    own_rules(places.dykanska, amount=10, unit="working_days")

    assert make_budget_act(kind="adopted").decision_due_on == date(2027, 3, 1)


@pytest.mark.parametrize("unit", ["", "calendar_days"])
def test_term_without_amount_gives_no_day_and_says_so(places, unit):
    DeadlineRule.objects.filter(code="order-decision-amended").update(amount=None, unit=unit)

    act = make_budget_act(kind="amended", adopted_on=date(2027, 1, 10))

    assert act.decision_due_on is None
    with translation.override("en"):
        assert due_of(act).explanation[0] == "The term is not set in the reference table."


def test_act_before_any_profile_has_no_day(places):
    act = make_budget_act(year=2019, adopted_on=date(2018, 12, 20))

    assert (act.decision_due_on, act.rule, act.due_snapshot) == (None, None, {})
    with translation.override("en"):
        assert due_of(act).explanation == ("The reference table has no rule for this decision.",)


def test_term_in_hours_gives_no_day(places):
    DeadlineRule.objects.filter(code="order-decision-amended").update(amount=72, unit="hours")

    assert make_budget_act(kind="amended", adopted_on=date(2027, 1, 10)).decision_due_on is None


def test_day_that_no_calendar_covers_is_not_guessed(places):
    DeadlineRule.objects.filter(code="order-decision-amended").update(unit="working_days")
    CalendarRegime.objects.filter(valid_to=None).update(valid_to=date(2027, 1, 12))

    act = make_budget_act(kind="amended", adopted_on=date(2027, 1, 10))

    assert act.decision_due_on is None
    with translation.override("en"):
        assert "calendar" in due_of(act).explanation[0]


def test_correcting_the_number_keeps_the_rule_as_it_stood(places, official):
    act = make_budget_act(user=official, kind="amended", adopted_on=date(2027, 1, 10))
    DeadlineRule.objects.filter(code="order-decision-amended").update(amount=10)

    facts = budget_facts(kind="amended", adopted_on=date(2027, 1, 10), number="7")
    right = correct_budget_act(act_id=act.pk, user=official, facts=facts, reason="Помилка в номері.", now=NOW)

    assert (right.decision_due_on, right.due_snapshot) == (act.decision_due_on, act.due_snapshot)


def test_correcting_the_day_counts_anew(places, official):
    act = make_budget_act(user=official, kind="amended", adopted_on=date(2027, 1, 10))

    facts = budget_facts(kind="amended", adopted_on=date(2027, 1, 11))
    right = correct_budget_act(act_id=act.pk, user=official, facts=facts, reason="Не той день.", now=NOW)

    assert right.decision_due_on == date(2027, 2, 10)
    act.refresh_from_db()
    assert act.decision_due_on == date(2027, 2, 9)


def test_own_rule_binds_from_its_first_day(places, official):
    """A profile that begins on the day of the event governs it; the day before, the national one does."""
    own_rules(places.dykanska, amount=10, unit="working_days")
    RuleProfile.objects.filter(authority=places.dykanska.code).update(valid_from=date(2027, 1, 10))

    days = [
        enter_budget_act(
            hromada_id=places.dykanska.pk,
            user=official,
            facts=budget_facts(kind="amended", adopted_on=on, number=str(on)),
            now=NOW,
        ).decision_due_on
        for on in (date(2027, 1, 9), date(2027, 1, 10))
    ]

    assert days == [date(2027, 2, 8), date(2027, 1, 22)]
