"""Commissioners are reminded of a decision that is due: each step once, the overdue one once, the decided never."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from portal.accounts.models import User
from portal.kernel.models import OutboxMessage
from procurement.domain.planning.budgets import correct_budget_act
from procurement.domain.planning.reminders import KEY, send_order_reminders
from tests.factories.accounts import make_official
from tests.factories.orders import NOW, budget_facts, make_commissioner, make_taken_decision

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
DUE = date(2027, 3, 1)


def at(day):
    return datetime.combine(day, time(9), tzinfo=ZoneInfo("Europe/Kyiv"))


def days_before(count):
    return at(DUE - timedelta(days=count))


def letters():
    rows = OutboxMessage.objects.filter(key__startswith=KEY).order_by("pk")
    return [(message.key.split(":")[-2], message.payload["to"][0]) for message in rows]


def test_each_step_is_told_once(official, act):
    told = [send_order_reminders(now=days_before(left)) for left in (61, 60, 59, 31, 30, 14, 4, 3, 3, 0, -1, -2, -40)]

    assert told == [0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0]
    assert letters() == [(step, official.email) for step in ("60", "30", "14", "3", "overdue")]


def test_after_a_pause_only_the_latest_step_is_told(official, act):
    send_order_reminders(now=days_before(10))

    assert letters() == [("14", official.email)]


def test_decided_and_corrected_acts_are_quiet(official, act):
    right = correct_budget_act(act_id=act.pk, user=official, facts=budget_facts(number="6"), reason="Так.", now=NOW)
    send_order_reminders(now=days_before(30))
    assert len(letters()) == 1

    make_taken_decision(right, official)
    assert send_order_reminders(now=days_before(3)) == 0


def test_everybody_who_answers_for_the_hromada_is_told_and_nobody_else(places, official, act):
    region = make_commissioner(places.poltavska)
    make_commissioner(places.odeska)
    make_official("registrar", places.dykanska)
    make_commissioner(places.dykanska, is_active=False)

    send_order_reminders(now=days_before(3))

    assert sorted(letters()) == sorted([("3", official.email), ("3", region.email)])


def test_where_nobody_orders_services_an_administrator_is_told(official, act):
    administrator = make_official("administrator")
    User.objects.filter(pk=official.pk).update(is_active=False)

    send_order_reminders(now=days_before(3))

    assert letters() == [("3", administrator.email)]


def test_letter_says_the_day_its_reason_and_what_to_do(official, act, settings):
    send_order_reminders(now=days_before(-5))

    (message,) = OutboxMessage.objects.filter(key__startswith=KEY)
    text = message.payload["text"]
    assert "1 березня 2027" in text
    assert "Диканська громада" in message.payload["subject"]
    assert f"/cabinet/commissioning/budgets/?hromada={act.hromada.code}" in text


def test_clock_of_the_portal_sends_them(official, act, capsys):
    call_command("run_due", "--now", days_before(3).isoformat())

    assert "order-reminders: letters about decisions on the social order: 1" in capsys.readouterr().out
