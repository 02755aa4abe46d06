"""Acts: units × tariff, deductions, limits of line, contract and funding; corrections add and change nothing."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActState
from procurement.domain.delivery.act_making import (
    ActFacts,
    LineFacts,
    make_for_period,
    make_from_report,
    priced,
    save_act,
    version_at,
)
from procurement.domain.delivery.acts import accept, claim, return_act, withdraw
from procurement.domain.delivery.corrections import make_correction
from procurement.domain.delivery.deductions import DeductionFacts
from procurement.domain.delivery.sums import figures_of, taken_by_line
from procurement.models import AcceptanceAct, ContractFunding
from tests.delivery.conftest import make_deal, sign_rows
from tests.factories.contracts import NOW, make_act, make_report, make_typed_ground, make_version

LUMP = {
    "pricing": "lump",
    "volume": None,
    "unit": "",
    "tariff": None,
    "sum": Decimal("5000.00"),
    "title": "Облаштування",
}


def _make(deal, report, key=None):
    return make_from_report(report_id=report.pk, user=deal.person, key=key or uuid4(), now=NOW)


def _claim(deal, act):
    return claim(act_id=act.pk, user=deal.person, now=NOW)


def _accept(deal, act, *deductions):
    return accept(act_id=act.pk, user=deal.official, deductions=deductions, now=NOW)


def _less(amount, **fields):
    ground = make_typed_ground("deduction")
    return DeductionFacts(Decimal(amount), ground.pk, "Години не підтверджено.", **fields)


def _correct(deal, act, *lines, key=None, reason="Помилка в годинах."):
    given = {"act_id": act.pk, "user": deal.person, "lines": lines, "reason": reason}
    return make_correction(**given, key=key or uuid4(), now=NOW)


def test_act_of_a_report_is_claimed_and_accepted_with_a_deduction(deal):
    report = make_report(deal.contract, units="176.55")
    act = _make(deal, report)
    assert act.claimed == Decimal("31779.00")
    _claim(deal, act)
    act = _accept(deal, act, _less("279.00"))
    deal.contract.refresh_from_db()
    assert (act.accepted, act.deducted) == (Decimal("31500.00"), Decimal("279.00"))
    assert deal.contract.accepted == act.accepted
    assert act.payment_due_on == date(2027, 7, 24)
    assert act.code.document_digest == act.digest
    assert act.content["lines"][0]["units"] == "176.55"
    assert act.deductions.get().line == 1


def test_half_a_kopiika_goes_up():
    assert priced(Decimal("0.50"), Decimal("0.01")) == Decimal("0.01")
    assert priced(Decimal("-0.50"), Decimal("0.01")) == Decimal("-0.01")
    assert priced(Decimal("33.33"), Decimal("180.55")) == Decimal("6017.73")


def test_one_report_has_one_act_and_a_withdrawn_one_makes_place(deal):
    report = make_report(deal.contract)
    act = _make(deal, report)
    assert _make(deal, report) == act
    withdraw(act_id=act.pk, user=deal.person, now=NOW)
    assert _make(deal, report).number == 2


def test_unaccepted_report_makes_no_act(deal):
    with pytest.raises(StepRefused, match="not accepted"):
        _make(deal, make_report(deal.contract, state="filed"))


def test_returned_act_is_claimed_again(deal):
    act = _claim(deal, _make(deal, make_report(deal.contract)))
    act = return_act(act_id=act.pk, user=deal.official, reason="Немає підпису.", now=NOW)
    assert (act.state, act.reason) == (ActState.RETURNED, "Немає підпису.")
    facts = ActFacts(own_number="7", act_on=date(2027, 7, 1))
    save_act(act_id=act.pk, user=deal.person, facts=facts, lines=[], now=NOW)
    assert _claim(deal, act).reason == ""
    assert _accept(deal, act).own_number == "7"


def test_accepted_act_is_changed_by_no_step(deal):
    act = make_act(deal.contract)
    steps = (
        lambda: claim(act_id=act.pk, user=deal.person, now=NOW),
        lambda: return_act(act_id=act.pk, user=deal.official, reason="Ні.", now=NOW),
        lambda: withdraw(act_id=act.pk, user=deal.person, now=NOW),
        lambda: accept(act_id=act.pk, user=deal.official, now=NOW),
        lambda: save_act(act_id=act.pk, user=deal.person, facts=ActFacts(), lines=[LineFacts(1)], now=NOW),
    )
    for step in steps:
        with pytest.raises(StepRefused):
            step()


def test_nothing_is_claimed_above_a_line(deal):
    make_act(deal.contract, units="1700")
    act = _make(deal, make_report(deal.contract, units="100.01"))
    with pytest.raises(StepRefused, match=r"18,000\.00 UAH left"):
        _claim(deal, act)


def test_what_waits_for_a_decision_counts_against_the_line(deal):
    make_act(deal.contract, units="1700", state="claimed")
    act = _make(deal, make_report(deal.contract, units="101"))
    with pytest.raises(StepRefused, match="UAH left"):
        _claim(deal, act)


def test_deducted_sum_may_be_claimed_by_a_correction(deal):
    report = make_report(deal.contract, units="1800")
    act = _accept(deal, _claim(deal, _make(deal, report)), _less("1000.00"))
    more = _correct(deal, act, LineFacts(1, amount=Decimal("1000.00")), reason="Години підтверджено.")
    _accept(deal, _claim(deal, more))
    deal.contract.refresh_from_db()
    assert deal.contract.accepted == deal.contract.sum
    assert taken_by_line(deal.contract)[1].amount == deal.contract.sum


def test_correction_adds_and_changes_no_past_figure(deal):
    act = make_act(deal.contract)
    before = AcceptanceAct.objects.filter(pk=act.pk).values().get()
    key = uuid4()
    less = _correct(deal, act, LineFacts(1, units=Decimal(-10)), key=key)
    assert _correct(deal, act, LineFacts(1, units=Decimal(-10)), key=key) == less
    _accept(deal, _claim(deal, less))
    deal.contract.refresh_from_db()
    figures = figures_of(deal.contract)
    assert AcceptanceAct.objects.filter(pk=act.pk).values().get() == before
    assert (figures.claimed, figures.corrected, figures.accepted) == (Decimal(32_400), Decimal(-1800), Decimal(30_600))
    assert figures.accepted == deal.contract.accepted
    assert figures.lines[0].units == Decimal(170)


def test_correction_never_leaves_less_than_nothing(deal):
    act = make_act(deal.contract, deducted="400.00")
    with pytest.raises(StepRefused, match="less than nothing"):
        _correct(deal, act, LineFacts(1, amount=Decimal("-32000.01")))
    _accept(deal, _claim(deal, _correct(deal, act, LineFacts(1, amount=Decimal("-32000.00")))))
    deal.contract.refresh_from_db()
    assert deal.contract.accepted == 0


def test_deductions_need_ground_reason_and_a_sum_within_the_claim(deal):
    act = _claim(deal, _make(deal, make_report(deal.contract)))
    wrong = (
        _less("0"),
        _less("32400.01"),
        _less("1", line=5),
        DeductionFacts(Decimal(1), make_typed_ground("deduction").pk, " "),
        DeductionFacts(Decimal(1), make_typed_ground("failure").pk, "Підстава не та."),
    )
    for facts in wrong:
        with pytest.raises(StepRefused):
            _accept(deal, act, facts)
    act.refresh_from_db()
    assert (act.state, act.deductions.count()) == ("claimed", 0)


def test_official_accepts_the_claim_that_was_looked_at(deal):
    act = _claim(deal, _make(deal, make_report(deal.contract)))
    with pytest.raises(StepRefused, match="changed while"):
        accept(act_id=act.pk, user=deal.official, seen=Decimal(1), now=NOW)


def test_nothing_is_accepted_above_the_funding(deal):
    ContractFunding.objects.filter(contract=deal.contract).update(committed=30_000, amount=30_000)
    act = _claim(deal, _make(deal, make_report(deal.contract)))
    with pytest.raises(StepRefused, match="budget lines"):
        _accept(deal, act)


def test_lump_line_is_claimed_without_a_report(db):
    deal = make_deal(lines=[{}, LUMP])
    span = {"period_from": date(2027, 3, 1), "period_to": date(2027, 3, 31)}
    given = {"contract_id": deal.contract.pk, "user": deal.person, "key": uuid4(), "now": NOW, **span}
    make_report(deal.contract)
    with pytest.raises(StepRefused, match="made of the report"):
        make_for_period(**given, lines=[LineFacts(1, units=Decimal(5))])
    act = make_for_period(**given, lines=[LineFacts(2, amount=Decimal("4999.999"))])
    assert act.claimed == Decimal("5000.00")
    assert _accept(deal, _claim(deal, act), _less("100.00")).accepted == Decimal("4900.00")


def test_whole_act_deduction_of_two_services_frees_no_line(db):
    deal = make_deal(lines=[{}, LUMP])
    act = _make(deal, make_report(deal.contract))
    save_act(act_id=act.pk, user=deal.person, facts=ActFacts(), lines=[LineFacts(2, amount=Decimal(5000))], now=NOW)
    act = _accept(deal, _claim(deal, act), _less("500.00"), _less("100.00", line=2))
    deal.contract.refresh_from_db()
    figures = figures_of(deal.contract)
    assert act.accepted == Decimal("36800.00") == figures.accepted
    assert [line.accepted for line in figures.lines] == [Decimal("32400.00"), Decimal("4900.00")]


def test_tariff_is_that_of_the_period(deal):
    contract = deal.contract
    made = make_version(contract, number=2, ground=make_typed_ground("amendment"), effective_on=date(2027, 4, 1))
    sign_rows(made)
    assert [version_at(contract, date(2027, 3, 31)), version_at(contract, date(2027, 4, 1))] == [1, 2]


def test_strangers_and_editors_claim_nothing(deal):
    stranger = make_deal(number="2027-D00099").person
    act = _make(deal, make_report(deal.contract))
    with pytest.raises(PermissionDenied):
        claim(act_id=act.pk, user=stranger, now=NOW)
    with pytest.raises(PermissionDenied):
        accept(act_id=act.pk, user=deal.person, now=NOW)


def test_closed_contract_takes_corrections_alone(deal):
    act = make_act(deal.contract)
    report = make_report(deal.contract, 2)
    contract = deal.contract
    contract.state, contract.ended_at, contract.ended_on, contract.end_paid = "closed", NOW, date(2027, 7, 14), 0
    contract.save()
    with pytest.raises(StepRefused, match="moved on"):
        _make(deal, report)
    assert _accept(deal, _claim(deal, _correct(deal, act, LineFacts(1, units=Decimal(-1))))).accepted == Decimal(-180)
    row = contract.funding.get()
    assert row.committed == Decimal("32220.00")
