"""Reminders of contracts by the clock: once for each step, of what still waits, and of nothing that is settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models

from procurement.contract_enums import ContractState
from procurement.domain.news.contract_reminders import remind_of_contracts
from procurement.models import Contract, Milestone, ServiceReport
from tests.contract_desks.reading import OFFICIAL, PROVIDER, make_finding, make_notice, sent
from tests.factories.contracts import NOW, TARIFF, make_act, make_contract, make_report, pay

pytestmark = pytest.mark.django_db


def test_reminders_go_once_for_each_step() -> None:
    contract = make_contract()
    ServiceReport.objects.filter(pk=make_report(contract, state="due").pk).update(due_on=date(2027, 7, 16))

    # the 14th: two days left; the 16th: none; the 20th: overdue
    marks = [remind_of_contracts(now=NOW + timedelta(days=days)) for days in (-5, 0, 0, 2, 6, 7, 30)]

    assert marks == [0, 1, 0, 1, 1, 0, 0]
    assert set(sent(contract)) == {PROVIDER, OFFICIAL}


Make = Callable[[Contract], models.Model]


def _milestone(contract: Contract) -> models.Model:
    return Milestone.objects.create(contract=contract, number=1, title="Набрати людей", due_on=date(2027, 7, 10))


@pytest.mark.parametrize(
    ("make", "readers"),
    [
        (lambda one: make_report(one, 4, state="due", due_on=date(2027, 7, 16)), {PROVIDER}),
        (lambda one: make_report(one, 4, state="due", due_on=date(2027, 7, 10)), {PROVIDER, OFFICIAL}),
        (lambda one: make_act(one, payment_due_on=date(2027, 7, 16)), {OFFICIAL}),
        (_milestone, {OFFICIAL}),
        (lambda one: make_finding(one, due_on=date(2027, 7, 16)), {PROVIDER}),
        (lambda one: make_finding(one, due_on=date(2027, 7, 10)), {PROVIDER, OFFICIAL}),
        (make_notice, {OFFICIAL}),
    ],
)
def test_what_is_near_or_over_is_reminded_of(make: Make, readers: set[str]) -> None:
    contract = make_contract()
    make(contract)

    assert remind_of_contracts(now=NOW) == 1
    assert set(sent(contract)) == readers


def _settle_by_a_correction(contract: Contract) -> None:
    act = make_act(contract, payment_due_on=date(2027, 7, 10))
    make_act(contract, units="-10", kind="correction", corrects=act, payment_due_on=None)
    pay(act, str(act.accepted - 10 * TARIFF))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda one: pay(make_act(one, payment_due_on=date(2027, 7, 10))), "paid"),
        (_settle_by_a_correction, "paid but for what a correction took off"),
        (lambda one: make_report(one, 4, state="filed", due_on=date(2027, 7, 10)), "filed"),
        (lambda one: make_report(one, 4, state="due", due_on=None), "without a term"),
        (lambda one: make_report(one, 1, state="due", due_on=date(2027, 5, 1)), "long past"),
        (lambda one: make_finding(one, state="replied", due_on=date(2027, 7, 10)), "replied"),
        (lambda one: make_notice(one, withdrawn_at=NOW, withdrawn_reason="Помилка."), "withdrawn"),
    ],
)
def test_what_is_done_or_long_past_or_has_no_day_is_not(make: Make, words: str) -> None:
    contract = make_contract()
    make(contract)

    assert remind_of_contracts(now=NOW) == 0, words


@pytest.mark.parametrize(
    ("state", "fields", "readers"),
    [
        (ContractState.DRAFT, {"sign_by": date(2027, 7, 16)}, {OFFICIAL}),
        (ContractState.OFFERED, {"sign_by": date(2027, 7, 10)}, {OFFICIAL, PROVIDER}),
        (ContractState.IN_FORCE, {"service_to": date(2027, 7, 10)}, {OFFICIAL}),
    ],
)
def test_contract_unsigned_or_past_its_end_is_reminded_of(
    state: str, fields: dict[str, Any], readers: set[str]
) -> None:
    contract = make_contract(state, **fields)

    assert remind_of_contracts(now=NOW) == 1
    assert set(sent(contract)) == readers


def test_reminder_that_was_overtaken_says_nothing() -> None:
    contract = make_contract()
    report = make_report(contract, 4, state="due", due_on=date(2027, 7, 16))
    remind_of_contracts(now=NOW)
    ServiceReport.objects.filter(pk=report.pk).update(state="filed", filed_at=NOW)

    assert sent(contract) == {}
