"""What contracts bind of budget lines: never more than there is, never less than was paid."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from portal.kernel.workflow import StepRefused
from procurement.domain.delivery.budget import apply_funding, release_funding
from procurement.domain.delivery.budget_lines import LineFacts, change_line, enter_line
from procurement.models import BudgetLine
from tests.factories.contracts import NOW, make_act, make_budget_line, make_contract, pay
from tests.factories.ordering import make_budget_act

SUM = Decimal("324000.00")


def test_apply_funding_binds_in_place_of_before(deal):
    contract, (row,) = deal.contract, deal.contract.funding.all()
    second = make_budget_line(amount="100000.00")
    apply_funding(contract, {row.line_id: SUM - 100_000, second.pk: Decimal("100000.00")})
    bound = {line.pk: line.committed for line in BudgetLine.objects.all()}
    assert bound == {row.line_id: SUM - 100_000, second.pk: Decimal(100_000)}
    apply_funding(contract, {row.line_id: SUM})
    assert contract.funding.count() == 1
    second.refresh_from_db()
    assert second.committed == 0


def test_apply_funding_refuses_what_the_line_lacks(deal):
    contract, (row,) = deal.contract, deal.contract.funding.all()
    with pytest.raises(StepRefused, match=r"1,000,000\.00 UAH left"), transaction.atomic():
        apply_funding(contract, {row.line_id: Decimal("1000000.01")})
    apply_funding(contract, {row.line_id: Decimal("1000000.00")})
    assert contract.funding.get().committed == Decimal(1_000_000)


def test_apply_funding_refuses_less_than_is_paid_and_foreign_lines(deal):
    contract, (row,) = deal.contract, deal.contract.funding.all()
    pay(make_act(contract))
    with pytest.raises(StepRefused, match="already paid"):
        apply_funding(contract, {row.line_id: Decimal("100.00")})
    with pytest.raises(StepRefused, match="no such budget line"):
        apply_funding(contract, {row.line_id: SUM, 999: Decimal(1)})


def test_release_funding_keeps_what_acts_still_need(deal):
    contract = deal.contract
    first = make_act(contract)
    pay(first, "10000.00")
    contract.refresh_from_db()
    release_funding(contract)
    row = contract.funding.select_related("line").get()
    assert (row.paid, row.committed, row.amount) == (Decimal(10_000), Decimal(32_400), SUM)
    assert row.line.committed == Decimal(32_400)


def test_database_refuses_an_overspent_line(deal):
    line = BudgetLine.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(amount=line.committed - 1)


def test_line_is_entered_by_an_act_and_changed_by_another(deal):
    hromada = deal.contract.hromada
    act = make_budget_act(hromada)
    facts = LineFacts(year=act.year, code="0813242", title="Інші заходи")
    asked = {"user": deal.official, "act_id": act.pk, "now": NOW}
    line = enter_line(hromada_id=hromada.pk, facts=facts, amount=Decimal("50000.00"), **asked)
    change_line(line_id=line.pk, amount=Decimal("70000.00"), **asked)
    line.refresh_from_db()
    assert line.amount == Decimal(70_000)
    assert [change.amount for change in line.changes.all()] == [Decimal(50_000), Decimal(70_000)]
    with pytest.raises(StepRefused, match="already entered"):
        enter_line(hromada_id=hromada.pk, facts=facts, amount=Decimal(1), **asked)


def test_line_is_not_lowered_below_what_contracts_bind(deal):
    line = BudgetLine.objects.get()
    act = make_budget_act(line.hromada)
    with pytest.raises(StepRefused, match="already bind"):
        change_line(line_id=line.pk, user=deal.official, act_id=act.pk, amount=SUM - 1, now=NOW)


def test_line_of_another_hromada_is_not_bound(deal):
    other = make_contract(number="2027-D00099")
    line = make_budget_line()
    BudgetLine.objects.filter(pk=line.pk).update(hromada=line.hromada.parent)
    with pytest.raises(StepRefused, match="another hromada"):
        apply_funding(other, {line.pk: SUM})
