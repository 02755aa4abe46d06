"""Payments: never above what was accepted, bound and agreed; refunds and slips leave every sum right."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.workflow import StepRefused
from procurement.domain.delivery.act_making import LineFacts
from procurement.domain.delivery.acts import accept, claim
from procurement.domain.delivery.corrections import make_correction
from procurement.domain.delivery.payments import PaymentFacts, enter_payment, enter_refund, payable, undo_payment
from procurement.domain.delivery.sums import figures_of
from procurement.models import BudgetLine, Payment
from tests.factories.contracts import NOW, make_act

ON = date(2027, 7, 10)


def _facts(amount):
    return PaymentFacts(Decimal(amount), ON, "ПД-15")


def _pay(deal, act, amount, *, key=None, step=enter_payment, user=None):
    funding = deal.contract.funding.get()
    given = {"act_id": act.pk, "user": user or deal.official, "funding_id": funding.pk, "facts": _facts(amount)}
    return step(**given, key=key or uuid4(), now=NOW)


def _undo(deal, payment, key=None):
    return undo_payment(payment_id=payment.pk, user=deal.official, reason="Не той акт.", key=key or uuid4(), now=NOW)


def _sums(deal, act):
    act.refresh_from_db()
    deal.contract.refresh_from_db()
    return {act.paid, deal.contract.paid, deal.contract.funding.get().paid, BudgetLine.objects.get().paid}


def test_payment_is_counted_everywhere_once(deal):
    act, key = make_act(deal.contract), uuid4()
    assert _pay(deal, act, "20000.00", key=key) == _pay(deal, act, "20000.00", key=key)
    assert _sums(deal, act) == {Decimal("20000.00")}
    assert payable(act) == Decimal("12400.00")
    with pytest.raises(StepRefused, match=r"12,400\.00 UAH"):
        _pay(deal, act, "12400.01")


def test_refund_and_undoing_bring_the_sums_back(deal):
    act = make_act(deal.contract)
    payment = _pay(deal, act, "32400.00")
    _pay(deal, act, "400.00", step=enter_refund)
    assert _sums(deal, act) == {Decimal("32000.00")}
    with pytest.raises(StepRefused, match="cannot come back"):
        _undo(deal, payment)
    second = _pay(deal, act, "400.00")
    key = uuid4()
    assert _undo(deal, second, key) == _undo(deal, second, key)
    with pytest.raises(StepRefused, match="undone already"):
        _undo(deal, second)
    assert _sums(deal, act) == {Decimal("32000.00")}
    figures = figures_of(deal.contract)
    assert (figures.paid, figures.refunded, figures.to_pay) == (Decimal(32_000), Decimal(400), Decimal(400))
    assert Payment.objects.count() == 4


def test_correction_takes_what_is_payable_and_shows_what_is_to_return(deal):
    act = make_act(deal.contract)
    _pay(deal, act, "32000.00")
    lines = [LineFacts(1, units=Decimal(-10))]
    given = {"act_id": act.pk, "user": deal.person, "lines": lines, "reason": "Помилка.", "key": uuid4()}
    less = make_correction(**given, now=NOW)
    claim(act_id=less.pk, user=deal.person, now=NOW)
    accept(act_id=less.pk, user=deal.official, now=NOW)
    assert payable(act) == 0
    deal.contract.refresh_from_db()
    figures = figures_of(deal.contract)
    assert (figures.to_pay, figures.to_return) == (Decimal(0), Decimal("1400.00"))
    _pay(deal, act, "1400.00", step=enter_refund)
    deal.contract.refresh_from_db()
    assert figures_of(deal.contract).to_return == 0


def test_payment_has_its_day_number_act_and_official(deal):
    act = make_act(deal.contract)
    claimed = make_act(deal.contract, state="claimed")
    funding = deal.contract.funding.get().pk
    wrong = (
        (claimed, _facts("1.00")),
        (act, _facts("0")),
        (act, PaymentFacts(Decimal(1), date(2027, 7, 15), "1")),
        (act, PaymentFacts(Decimal(1), date(2027, 2, 1), "1")),
        (act, PaymentFacts(Decimal(1), ON, " ")),
    )
    for row, facts in wrong:
        with pytest.raises(StepRefused):
            enter_payment(act_id=row.pk, user=deal.official, funding_id=funding, facts=facts, key=uuid4(), now=NOW)
    with pytest.raises(PermissionDenied):
        _pay(deal, act, "1.00", user=deal.person)
    with pytest.raises(StepRefused, match="budget line of this contract"):
        enter_payment(
            act_id=act.pk, user=deal.official, funding_id=funding + 1, facts=_facts("1"), key=uuid4(), now=NOW
        )


def test_figures_take_the_same_queries_for_one_act_and_for_three(deal, django_assert_num_queries):
    for rounds in (1, 2):
        for _one in range(rounds):
            _pay(deal, make_act(deal.contract), "100.00")
        with django_assert_num_queries(9):
            figures = figures_of(deal.contract)
    assert figures.paid == Decimal("300.00")
    assert figures.periods[0].paid == figures.paid
