"""Ways by which a sum could be spent twice: what waits for a decision is no money that another claim may lean on."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from portal.kernel.workflow import StepRefused
from procurement.domain.calls.gaps import NotReady
from procurement.domain.contracts import drafting, ending, offering
from procurement.domain.delivery import acts, corrections, payments
from procurement.domain.delivery.act_making import LineFacts
from procurement.domain.delivery.deductions import DeductionFacts
from procurement.domain.delivery.payments import PaymentFacts
from procurement.domain.delivery.reports import RowFacts
from procurement.models import Contract
from tests.contract_machine import ledger
from tests.contract_machine.hands import NOW, Sides
from tests.factories.contracts import make_typed_ground

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=100)
HOURS = {"volume": Decimal("100.00"), "tariff": Decimal("10.00")}
WHOLE = {"title": "Навчання", "pricing": "lump", "sum": Decimal("5000.00"), "unit": "", "volume": None, "tariff": None}


def claim_of(sides, contract, number, units):
    """File and accept the so-manieth report, and claim its act."""
    return sides.claim_report(contract, number, [RowFacts(1, None, 20, Decimal(units))], LATER)


def accept(sides, act):
    return acts.accept(act_id=act.pk, user=sides.official, now=LATER)


def correct(sides, act, units):
    made = corrections.make_correction(
        act_id=act.pk,
        user=sides.official,
        lines=[LineFacts(1, units=Decimal(units))],
        reason="Уточнено.",
        key=uuid4(),
        now=LATER,
    )
    return acts.claim(act_id=made.pk, user=sides.person, now=LATER)


def test_claim_does_not_lean_on_a_correction_that_is_not_decided():
    sides = Sides.make("10000.00")
    contract = sides.conclude(sides.draft([HOURS, WHOLE]))
    first = accept(sides, claim_of(sides, contract, 1, "100"))
    correction = correct(sides, first, "-50")

    try:
        second = claim_of(sides, contract, 2, "50")
        acts.withdraw(act_id=correction.pk, user=sides.person, now=LATER)
        accept(sides, second)
    except StepRefused:
        pass

    ledger.check_contract(Contract.objects.get(pk=contract.pk))


def test_amendment_does_not_lean_on_a_correction_that_is_not_decided():
    sides = Sides.make("10000.00")
    contract = sides.conclude(sides.draft([HOURS, WHOLE]))
    first = accept(sides, claim_of(sides, contract, 1, "100"))
    correction = correct(sides, first, "-50")

    try:
        version = sides.amend(contract, LATER)
        values = {"volume": Decimal("50.00")}
        drafting.save_line(version_id=version.pk, user=sides.official, number=1, values=values, now=LATER)
        sides.fund(version, {sides.lines[0].pk: Decimal("5500.00")}, LATER)
        offering.offer(version_id=version.pk, user=sides.official, now=LATER)
        sides.sign_both(version, LATER)
        acts.withdraw(act_id=correction.pk, user=sides.person, now=LATER)
    except (StepRefused, NotReady):
        pass

    ledger.check_contract(Contract.objects.get(pk=contract.pk))


def test_amendment_leaves_what_accepted_acts_need_of_the_budget():
    sides = Sides.make("10000.00")
    contract = sides.conclude(sides.draft([HOURS, WHOLE]))
    act = accept(sides, claim_of(sides, contract, 1, "100"))

    try:
        version = sides.amend(contract, LATER)
        sides.fund(version, {sides.lines[0].pk: Decimal("1.00")}, LATER)
        offering.offer(version_id=version.pk, user=sides.official, now=LATER)
        sides.sign_both(version, LATER)
    except (StepRefused, NotReady):
        pass

    funding = Contract.objects.get(pk=contract.pk).funding.get()
    assert funding.committed >= act.accepted


def test_payment_of_less_than_a_kopiika_is_refused():
    sides = Sides.make("10000.00")
    contract = sides.conclude(sides.draft([HOURS]))
    act = accept(sides, claim_of(sides, contract, 1, "10"))
    facts = PaymentFacts(Decimal("0.005"), date(2027, 6, 1), "1")

    with pytest.raises(StepRefused):
        payments.enter_payment(
            act_id=act.pk,
            user=sides.official,
            funding_id=contract.funding.get().pk,
            facts=facts,
            key=uuid4(),
            now=LATER,
        )


def test_money_of_an_ended_contract_is_not_bound_twice():
    """What was given back at the end and spent elsewhere is not taken again by a late act."""
    sides = Sides.make("6000.00")
    contract = sides.conclude(sides.draft([HOURS, WHOLE]))
    claimed = claim_of(sides, contract, 1, "100")
    ending.terminate(
        contract_id=contract.pk,
        user=sides.official,
        ground_id=make_typed_ground("termination").pk,
        reason="За згодою.",
        on=LATER.date(),
        now=LATER,
    )
    other = sides.conclude(sides.draft([{**WHOLE, "sum": Decimal("5500.00")}], title="Інший"))

    with pytest.raises(StepRefused):
        accept(sides, claimed)

    ledger.check_budget()
    assert other.state == "in_force"


def test_sums_that_floating_point_cannot_subtract_are_accepted():
    """In floating point 447.95 − 246.37 is not 201.58, and one of two databases counts its constraints so."""
    sides = Sides.make("100000.00")
    contract = sides.conclude(sides.draft([{**HOURS, "volume": Decimal("100.00"), "tariff": Decimal("447.95")}]))
    claimed = claim_of(sides, contract, 1, "1")
    ground = make_typed_ground("deduction").pk
    parts = [DeductionFacts(Decimal(part), ground, "Не підтверджено.") for part in ("192.62", "53.75")]

    act = acts.accept(act_id=claimed.pk, user=sides.official, deductions=parts, now=LATER)

    act.refresh_from_db()
    assert act.accepted == Decimal("201.58")
