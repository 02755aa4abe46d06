"""The database itself keeps what is over, whoever comes to change it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from procurement import contract_guard, contract_workflow
from procurement.contract_enums import ActState, ContractState, ReportState
from procurement.models import AcceptanceAct, ActLine, Contract, ContractVersion, Deduction, Payment, ServiceReport
from tests.factories.contracts import make_act, make_contract, make_report, make_typed_ground, pay

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def refused(refusal, change):
    """Do it in a savepoint of its own, and see the database refuse."""
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        change()


def test_ended_contract_is_left_by_nothing():
    for state in ContractState.terminal:
        contract = make_contract(state)
        row = Contract.objects.filter(pk=contract.pk)

        refused(contract_guard.LEFT, lambda row=row: row.update(state=ContractState.DRAFT))


def test_ended_contract_keeps_its_figures_and_takes_what_is_still_due():
    contract = make_contract(ContractState.TERMINATED)
    row = Contract.objects.filter(pk=contract.pk)

    refused(contract_guard.ENDED, lambda: row.update(sum=Decimal("999999.00")))
    refused(contract_guard.ENDED, lambda: row.update(end_paid=Decimal("1.00")))
    refused(contract_guard.ENDED, lambda: row.update(end_reason="Інша причина."))

    assert row.update(accepted=Decimal("100.00"), paid=Decimal("100.00")) == 1


def test_running_contract_moves_on():
    contract = make_contract()

    assert Contract.objects.filter(pk=contract.pk).update(state=ContractState.SUSPENDED, sum=Decimal("1.00")) == 1


def test_signed_version_is_not_rewritten():
    contract = make_contract()
    row = ContractVersion.objects.filter(contract=contract)

    refused(contract_guard.SIGNED, lambda: row.update(sum=Decimal("1.00")))
    refused(contract_guard.SIGNED, lambda: row.update(content={"sum": "1.00"}))


def test_accepted_report_is_left_by_nothing():
    report = make_report(make_contract())

    refused(contract_guard.LEFT, lambda: ServiceReport.objects.filter(pk=report.pk).update(state=ReportState.RETURNED))


def test_accepted_act_keeps_its_figures_and_takes_payments():
    act = make_act(make_contract(), deducted="90.00")
    row = AcceptanceAct.objects.filter(pk=act.pk)

    refused(contract_guard.ACCEPTED, lambda: row.update(claimed=Decimal("2.00"), accepted=Decimal("1.00"), deducted=1))
    refused(contract_guard.LEFT, lambda: row.update(state=ActState.RETURNED))
    refused(contract_guard.ACCEPTED, lambda: ActLine.objects.filter(act=act).update(units=Decimal(1)))
    refused(contract_guard.ACCEPTED, lambda: ActLine.objects.filter(act=act).delete())
    refused(contract_guard.ACCEPTED, lambda: Deduction.objects.filter(act=act).update(amount=Decimal("1.00")))
    refused(contract_guard.ACCEPTED, lambda: Deduction.objects.filter(act=act).delete())

    assert row.update(paid=Decimal("10.00"), own_number="7") == 1


def test_act_whose_digest_is_written_takes_no_row_more():
    act = make_act(make_contract())
    AcceptanceAct.objects.filter(pk=act.pk).update(digest="a" * 64, content={"number": 1})
    ground = make_typed_ground("deduction")

    refused(
        contract_guard.ACCEPTED,
        lambda: Deduction.objects.create(act=act, amount=Decimal("1.00"), ground=ground, reason="Ще щось."),
    )
    refused(contract_guard.ACCEPTED, lambda: ActLine.objects.create(act=act, line=2, amount=Decimal("1.00")))
    refused(contract_guard.ACCEPTED, lambda: AcceptanceAct.objects.filter(pk=act.pk).update(digest="b" * 64))
    refused(contract_guard.ACCEPTED, lambda: AcceptanceAct.objects.filter(pk=act.pk).update(content={"number": 2}))


def test_claimed_act_is_still_rewritten():
    act = make_act(make_contract(), state=ActState.CLAIMED)

    assert ActLine.objects.filter(act=act).update(units=Decimal(1)) == 1
    assert AcceptanceAct.objects.filter(pk=act.pk).update(claimed=Decimal("180.00")) == 1


def test_payment_is_neither_changed_nor_taken_away():
    payment = pay(make_act(make_contract()))

    refused(contract_guard.ENTERED, lambda: Payment.objects.filter(pk=payment.pk).update(amount=Decimal("1.00")))
    refused(contract_guard.ENTERED, lambda: Payment.objects.filter(pk=payment.pk).update(key=uuid4()))
    refused(contract_guard.ENTERED, payment.delete)
    assert Payment.objects.filter(pk=payment.pk).update(log_seq=7, note="Платіжна інструкція") == 1


def test_guard_may_be_suspended_and_comes_back():
    payment = pay(make_act(make_contract()))
    with contract_guard.suspended(connection):
        assert Payment.objects.filter(pk=payment.pk).update(amount=Decimal("1.00")) == 1

    refused(contract_guard.ENTERED, lambda: Payment.objects.filter(pk=payment.pk).update(amount=Decimal("2.00")))


def test_every_flow_with_an_end_is_guarded():
    flows = {id(flow) for flow in vars(contract_workflow).values() if isinstance(flow, contract_workflow.Workflow)}
    guarded = {id(flow) for flow in contract_guard._FLOWS.values()}

    # a risk that is gone may come back
    assert flows - guarded == {id(contract_workflow.RISK)}
