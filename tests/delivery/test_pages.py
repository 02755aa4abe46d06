"""Pages of delivery from both cabinets: nothing typed is lost, names are warned of, strangers find nothing."""

import re
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from procurement.contract_enums import ActState, ReportState
from procurement.interfaces.private_words import CONFIRMED, digest_of_words, words_found
from procurement.models import AcceptanceAct, BudgetLine, Milestone, Payment, ServiceReport
from tests.delivery.conftest import make_deal
from tests.factories.contracts import make_act, make_report, make_typed_ground, pay
from tests.factories.ordering import make_budget_act, make_official_who_orders
from tests.factories.registry import make_territories

NAME = "Послугу отримала Марія Петренко."


def _client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def official(deal) -> Client:
    return _client(deal.official)


@pytest.fixture
def provider(deal) -> Client:
    return _client(deal.person)


def _sheet(report, **more):
    sent = {"version": report.version, "key": str(uuid4()), "done": "Догляд надано.", "difficulties": "", "changes": ""}
    sent |= {"line-1-0-group": "0", "line-1-0-recipients": "19", "line-1-0-units": "176,5"}
    return {**sent, "line-1-1-group": "0", **more}


def test_report_goes_from_sheet_to_acceptance_and_act(deal, official, provider):
    report = make_report(deal.contract, state="due")
    here, desk = reverse("contractor:report", args=[report.pk]), reverse("contracting:report", args=[report.pk])
    assert provider.get(here).status_code == 200
    assert provider.post(here, _sheet(report, save="1")).status_code == 302
    report.refresh_from_db()
    assert provider.post(here, _sheet(report, file="1")).status_code == 302
    assert official.post(desk, {"return": "1", "reason": ""}).status_code == 422
    remarks = {"return": "1", "reason": "Перевірте.", "line-1": "Журнал каже 170."}
    assert official.post(desk, remarks).status_code == 302
    assert "Журнал каже 170." in provider.get(here).content.decode()
    report.refresh_from_db()
    provider.post(here, _sheet(report, file="1", **{"line-1-0-units": "170"}))
    official.post(desk, {"accept": "1"})
    report.refresh_from_db()
    assert (report.state, report.rows.get().units) == (ReportState.ACCEPTED, Decimal(170))
    provider.post(reverse("contractor:report_act", args=[report.pk]), {"key": str(uuid4())})
    act = AcceptanceAct.objects.get()
    assert provider.get(reverse("contractor:act", args=[act.pk])).status_code == 200
    sent = {"own_number": "1", "act_on": "2027-07-01", "note": "", "claim": "1"}
    assert provider.post(reverse("contractor:act", args=[act.pk]), sent).status_code == 302
    act.refresh_from_db()
    assert act.state == ActState.CLAIMED


@pytest.mark.parametrize("field", ["done", "difficulties", "changes"])
def test_names_in_a_report_are_warned_of_and_the_same_words_pass_when_confirmed(deal, provider, field):
    report = make_report(deal.contract, state="due")
    here = reverse("contractor:report", args=[report.pk])
    answer = provider.post(here, _sheet(report, save="1", **{field: NAME}))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert NAME in answer.content.decode()
    assert CONFIRMED in answer.content.decode()
    tick = digest_of_words(words_found(NAME))
    other = _sheet(report, save="1", **{field: f"{NAME} Також Іван Коваленко.", CONFIRMED: tick})
    assert provider.post(here, other).status_code == 422
    assert provider.post(here, _sheet(report, save="1", **{field: NAME, CONFIRMED: tick})).status_code == 302


def test_names_in_acts_and_corrections_are_warned_of(deal, provider):
    draft = make_act(deal.contract, state="draft")
    accepted = make_act(deal.contract)
    sent = {"own_number": "1", "act_on": "2027-07-01", "note": NAME, "save": "1"}
    answer = provider.post(reverse("contractor:act", args=[draft.pk]), sent)
    assert (answer.status_code, list(answer.context["wrong"].errors)) == (422, ["note"])
    assert CONFIRMED in answer.content.decode()
    sent = {"reason": NAME, "units-1": "-1", "key": str(uuid4())}
    answer = provider.post(reverse("contractor:act_correct", args=[accepted.pk]), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert CONFIRMED in answer.content.decode()


def test_two_who_write_one_report_are_told_and_lose_nothing(deal, provider):
    report = make_report(deal.contract, state="due")
    here = reverse("contractor:report", args=[report.pk])
    provider.post(here, _sheet(report, save="1", done="Перше."))
    answer = provider.post(here, _sheet(report, save="1", done="Друге."))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Перше." in shown
    assert "Друге." in shown
    version = re.search(r'name="version" value="(\d+)"', shown)[1]
    assert provider.post(here, _sheet(report, save="1", done="Друге.", version=version)).status_code == 302
    assert ServiceReport.objects.get().done == "Друге."


def test_wrong_figures_stay_typed_beside_their_fault(deal, provider):
    report = make_report(deal.contract, state="due")
    answer = provider.post(
        reverse("contractor:report", args=[report.pk]), _sheet(report, file="1", **{"line-1-0-units": "сто"})
    )
    assert answer.status_code == 422
    assert 'value="сто"' in answer.content.decode()
    answer = provider.post(
        reverse("contractor:report", args=[report.pk]), _sheet(report, file="1", **{"line-1-0-units": ""})
    )
    assert list(answer.context["form"].errors) == ["line-1-0-units"]


def test_official_does_not_read_what_the_provider_still_writes(deal, official):
    report = make_report(deal.contract, state="due", done="Чернетка.")
    assert "Чернетка." not in official.get(reverse("contracting:report", args=[report.pk])).content.decode()
    draft = make_act(deal.contract, state="draft")
    assert official.get(reverse("contracting:act", args=[draft.pk])).status_code == 404
    listed = official.get(reverse("contracting:acts", args=[deal.contract.pk])).content.decode()
    assert reverse("contracting:act", args=[draft.pk]) not in listed


def test_act_is_accepted_with_a_deduction_paid_refunded_and_undone(deal, official):
    act = make_act(deal.contract, state="claimed")
    here = reverse("contracting:act", args=[act.pk])
    ground = make_typed_ground("deduction").pk
    sent = {"accept": "1", "seen": "32400.00", "amount-0": "400", "line-0": "", "ground-0": "", "reason-0": "Бракує."}
    answer = official.post(here, sent)
    assert list(answer.context["wrong"].errors) == ["ground-0"]
    assert official.post(here, {**sent, "ground-0": ground}).status_code == 302
    money, funding = reverse("contracting:pay", args=[act.pk]), deal.contract.funding.get().pk
    sent = {"kind": "payment", "funding": funding, "amount": "32 000,00", "paid_on": "2027-03-20", "note": ""}
    sent |= {"order_number": "15", "key": str(uuid4())}
    assert official.get(money).status_code == 200
    assert official.post(money, sent).status_code == 302
    assert official.post(money, {**sent, "key": str(uuid4())}).status_code == 422
    payment = Payment.objects.get()
    undo = reverse("contracting:payment_undo", args=[deal.contract.pk, payment.pk])
    assert official.post(undo, {"reason": "Не той акт.", "key": str(uuid4())}).status_code == 302
    assert official.get(reverse("contracting:payments", args=[deal.contract.pk])).status_code == 200
    assert BudgetLine.objects.get().paid == 0


def test_correction_is_written_by_the_official_and_claimed_by_the_provider(deal, official, provider):
    act = make_act(deal.contract)
    sent = {"reason": "Помилка.", "units-1": "−10", "amount-1": "", "key": str(uuid4())}
    assert official.post(reverse("contracting:act_correct", args=[act.pk]), sent).status_code == 302
    correction = AcceptanceAct.objects.get(corrects=act)
    assert official.get(reverse("contracting:act", args=[correction.pk])).status_code == 200
    here = reverse("contractor:act", args=[correction.pk])
    assert provider.get(here).status_code == 200
    assert provider.post(here, {"claim": "1"}).status_code == 302
    official.post(reverse("contracting:act", args=[correction.pk]), {"accept": "1", "seen": "-1800.00"})
    deal.contract.refresh_from_db()
    assert deal.contract.accepted == Decimal("30600.00")


def test_act_without_a_report_is_begun_for_a_contract_that_asks_for_none(deal, provider):
    here = reverse("contractor:act_new", args=[deal.contract.pk])
    sent = {"period_from": "2027-03-01", "period_to": "2027-03-31", "units-1": "10", "key": str(uuid4())}
    assert provider.get(here).status_code == 200
    assert provider.post(here, sent).status_code == 302
    assert AcceptanceAct.objects.get().claimed == Decimal(1800)


def test_milestone_is_planned_and_judged(deal, official):
    new = reverse("contracting:milestone_new", args=[deal.contract.pk])
    assert official.post(new, {"title": "", "due_on": "2027-07-01"}).status_code == 422
    sent = {"title": "Підібрано персонал", "due_on": "2027-07-01", "measure": "осіб", "plan": "8"}
    assert official.post(new, sent).status_code == 302
    row = Milestone.objects.get()
    here = reverse("contracting:milestone", args=[row.pk])
    assert official.get(here).status_code == 200
    assert official.post(here, {"outcome": "waived", "on": "2027-07-01", "reason": ""}).status_code == 422
    assert official.post(here, {"outcome": "met", "on": "2027-07-01", "fact": "8"}).status_code == 302
    assert official.get(reverse("contracting:milestones", args=[deal.contract.pk])).status_code == 200


def test_milestone_is_taken_out_before_the_conclusion_alone(deal, official):
    row = Milestone.objects.create(contract=deal.contract, number=1, title="Етап", due_on=date(2027, 7, 1))
    address = reverse("contracting:milestone_remove", args=[row.pk])
    whole = reverse("contracting:milestones", args=[deal.contract.pk])
    assert address not in official.get(whole).content.decode()
    assert "what it promised stays" in official.post(address, follow=True).content.decode()
    draft = make_deal("draft", number="2027-D00098")
    plan = Milestone.objects.create(contract=draft.contract, number=1, title="План", due_on=date(2027, 7, 1))
    address = reverse("contracting:milestone_remove", args=[plan.pk])
    asker = _client(draft.official)
    assert address in asker.get(reverse("contracting:milestones", args=[draft.contract.pk])).content.decode()
    asker.post(address)
    assert list(Milestone.objects.all()) == [row]


def test_budget_line_is_entered_and_changed(deal, official):
    act = make_budget_act(deal.contract.hromada)
    sent = {"hromada": deal.contract.hromada.code, "year": act.year, "code": "0813242", "title": "Інші", "act": act.pk}
    new = reverse("contracting:budget_line_new")
    assert official.get(new).status_code == 200
    assert official.post(new, {**sent, "amount": "50 000"}).status_code == 302
    line = BudgetLine.objects.get(code="0813242")
    here = reverse("contracting:budget_line", args=[line.pk])
    assert official.post(here, {"act": act.pk, "amount": "70000", "note": ""}).status_code == 302
    bound = deal.contract.funding.get().line
    low = official.post(reverse("contracting:budget_line", args=[bound.pk]), {"act": act.pk, "amount": "1"})
    assert low.status_code == 422
    assert official.get(reverse("contracting:budget_lines")).status_code == 200
    line.refresh_from_db()
    assert line.amount == Decimal(70_000)


def _addresses(deal):
    report, act = make_report(deal.contract), make_act(deal.contract)
    row = Milestone.objects.create(contract=deal.contract, number=1, title="Етап", due_on=date(2027, 7, 1))
    payment = pay(act)
    whole = [deal.contract.pk]
    official = {
        **dict.fromkeys(("milestones", "milestone_new", "reports", "acts", "payments"), whole),
        **{name: [act.pk] for name in ("act", "act_correct", "pay", "act_pdf")},
        "milestone": [row.pk],
        "report": [report.pk],
        "payment_undo": [deal.contract.pk, payment.pk],
        "budget_line": [payment.funding.line_id],
    }
    own = {"reports": whole, "acts": whole, "act_new": whole, "report": [report.pk]}
    own |= {name: [act.pk] for name in ("act", "act_correct", "act_pdf")}
    for side, names in (("contracting", official), ("contractor", own)):
        yield from ((side, reverse(f"{side}:{name}", args=args)) for name, args in names.items())


def test_strangers_find_nothing(deal):
    other = make_deal(number="2027-D00099")
    stranger, lonely = _client(other.person), _client(make_official_who_orders(make_territories().odesa_hromada))
    for side, address in _addresses(deal):
        assert Client().get(address).status_code == 302
        assert stranger.get(address).status_code == 404, address
        assert lonely.get(address).status_code == 404, address
        if side == "contractor":
            assert _client(deal.official).get(address).status_code == 404


def test_lists_take_the_same_queries_for_one_and_three(deal, official, provider, django_assert_num_queries):
    asked = (
        (official, "contracting:payments", 19),
        (official, "contracting:acts", 9),
        (official, "contracting:reports", 9),
        (provider, "contractor:acts", 6),
        (provider, "contractor:reports", 6),
    )
    official.get(reverse("contracting:payments", args=[deal.contract.pk]))
    for number in (1, 2, 3):
        pay(make_act(deal.contract, report=make_report(deal.contract, number)))
        if number == 2:
            continue
        for client, name, queries in asked:
            with django_assert_num_queries(queries, info=name):
                client.get(reverse(name, args=[deal.contract.pk]))


def test_act_is_printed_for_everybody_once_it_is_accepted(deal, official):
    act = make_act(deal.contract, state="claimed")
    open_to_all = reverse("procurement:contract_act_pdf", args=[deal.contract.number, act.number])
    assert Client().get(open_to_all).status_code == 404
    official.post(reverse("contracting:act", args=[act.pk]), {"accept": "1", "seen": "32400.00"})
    answer = Client().get(open_to_all)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    act.refresh_from_db()
    shown = Client().get(reverse("kernel:verify_code", args=[act.code.code]))
    assert shown.status_code == 200
