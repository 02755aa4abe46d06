"""Steps pressed twice, or after the end: refused in a sentence, and nothing is bound for nothing."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActState, ContractState, ContractVersionState
from procurement.domain.contracts.drafting import save_draft
from procurement.domain.contracts.ending import fail
from procurement.domain.contracts.offering import offer
from procurement.domain.delivery.act_making import make_for_period
from procurement.domain.delivery.acts import accept
from procurement.domain.delivery.budget import release_funding
from procurement.domain.delivery.deductions import DeductionFacts
from procurement.domain.delivery.payments import PaymentFacts, enter_refund
from procurement.models import Contract
from tests.contracts.making import Deal
from tests.factories.contracts import FROM, NOW, TO, make_act, make_contract, make_typed_ground, pay

pytestmark = pytest.mark.django_db


def test_text_of_a_contract_that_failed_is_neither_changed_nor_offered():
    deal = Deal()
    told = {"ground_id": make_typed_ground("failure").pk, "reason": "Виконавець відмовився.", "now": NOW}
    fail(contract_id=deal.contract.pk, user=deal.official, **told)
    deal.refresh()
    assert deal.version.state == ContractVersionState.WITHDRAWN
    named = {"version_id": deal.version.pk, "user": deal.official, "now": NOW}
    for step in (lambda: save_draft(values={"title": "Інше"}, **named), lambda: offer(**named)):
        with pytest.raises(StepRefused):
            step()
    assert deal.contract.state == ContractState.NOT_CONCLUDED


@pytest.mark.databases
def test_act_accepted_in_two_browsers_with_different_deductions_is_accepted_once():
    contract = make_contract(version={"payment_unit": "calendar_days"})
    act = make_act(contract, state=ActState.CLAIMED)
    ground = make_typed_ground("deduction").pk
    for place, sum_ in enumerate(("100.00", "50.00")):
        facts = DeductionFacts(Decimal(sum_), ground, "Години не підтверджено.", 1)
        told = {"act_id": act.pk, "user": contract.created_by, "deductions": [facts], "now": NOW}
        if place == 0:
            accept(**told)
            continue
        with pytest.raises(StepRefused):
            accept(**told)
    act.refresh_from_db()
    assert (act.deducted, act.deductions.count()) == (Decimal("100.00"), 1)


def test_refund_after_the_end_gives_back_what_no_act_needs():
    contract = make_contract()
    act = make_act(contract)
    pay(act)
    make_act(contract, units="-80", kind="correction", corrects=act)
    Contract.objects.filter(pk=contract.pk).update(
        state=ContractState.TERMINATED, ended_at=NOW, ended_on=day_of(NOW), end_paid=act.accepted, end_reason="Згода."
    )
    contract.refresh_from_db()
    release_funding(contract)
    funding = contract.funding.select_related("line").get()

    facts = PaymentFacts(Decimal("14400.00"), day_of(NOW), "77")
    told = {"user": contract.created_by, "funding_id": funding.pk, "facts": facts, "key": uuid4(), "now": NOW}
    enter_refund(act_id=act.pk, **told)

    funding.refresh_from_db()
    assert funding.paid == funding.committed == funding.line.paid == funding.line.committed == Decimal("18000.00")


def test_nothing_is_claimed_for_days_after_the_services():
    contract = make_contract(ContractState.TERMINATED, lines=({"pricing": "lump", "sum": Decimal("1000.00")},))
    person = contract.contractor.mandates.first().person
    told = {"contract_id": contract.pk, "user": person, "key": uuid4(), "now": NOW + timedelta(days=3)}
    for last in (contract.ended_on + timedelta(days=1), TO + timedelta(days=1)):
        with pytest.raises(StepRefused, match="ends after the services"):
            make_for_period(period_from=FROM, period_to=last, **told)
    assert make_for_period(period_from=FROM, period_to=contract.ended_on, **told).number == 1
