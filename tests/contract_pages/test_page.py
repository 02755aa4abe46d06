"""The public page of a contract: what it says, what it never says, and that it costs the same however long it is."""

from datetime import date
from decimal import Decimal
from threading import Lock

import pytest
from django.test import Client

from portal.kernel.verification import issue
from procurement.contract_enums import ActKind, ActState, ContractState, ReportState, VisitState
from procurement.domain.contracts.papers import CONTRACT_KIND
from procurement.models import ReportRow
from registry.interfaces import press
from tests.contract_pages.histories import amend, conclude_visit, find, log, make_followed, suspect, warn
from tests.factories.contracts import CONCLUDED, make_act, make_contract, make_report, pay

pytestmark = pytest.mark.django_db


def read(contract, language="en", **query):
    response = Client().get(f"/{language}/contracts/{contract.number}/".replace("/uk/", "/"), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("state", ContractState.public)
def test_page_says_first_where_the_contract_stands(state):
    text = read(make_contract(state))
    words = {
        "in_force": "In force. Of 324,000 UAH acts for 0 UAH are accepted",
        "suspended": "Suspended since",
        "closed": "Fulfilled and closed on",
        "terminated": "Terminated early on",
    }

    assert words[state] in " ".join(text.replace("\xa0", " ").split())


@pytest.mark.parametrize("state", [ContractState.DRAFT, ContractState.OFFERED, ContractState.NOT_CONCLUDED])
def test_page_does_not_exist_before_the_contract_is_concluded(state):
    contract = make_contract(state)
    number = contract.number or "2027-D00001"

    for name in ("", "contract.pdf", "log/", "dossier.zip", "versions/1.pdf"):
        assert Client().get(f"/contracts/{number}/{name}").status_code == 404
    assert contract.title not in Client().get("/contracts/").content.decode()


def test_page_tells_money_findings_and_amendments():
    contract = amend(make_followed())
    warn(contract)
    suspect(contract)
    text = read(contract).replace("\xa0", " ")

    # 2 acts of 100 hours by 180 less 500
    assert "35,500 UAH" in text
    assert "+36,000 UAH" in text
    assert "Збільшено кількість годин." in text
    for words in (
        "Немає журналу, 2.",
        "Журнал заведено.",
        "Не за всі дні.",
        "Усуньте відхилення.",
        "Змінився бухгалтер.",
    ):
        assert words in text
    assert "Години не підтверджено журналом." in text
    assert "НОТАТКА-НЕ-ДЛЯ-ВСІХ" not in text


def test_page_tells_nothing_that_is_not_accepted_or_concluded():
    contract = make_followed(reports=1, findings=0)
    make_report(contract, 5, state=ReportState.FILED, done="НЕПРИЙНЯТИЙ ЗВІТ")
    claimed = make_act(contract, units="77", state=ActState.CLAIMED, own_number="ПОДАНИЙ АКТ")
    held = conclude_visit(contract, state=VisitState.HELD)
    find(held, 9, text="НЕОГОЛОШЕНЕ ПОРУШЕННЯ")
    log(contract, "acceptanceact", "claim", claimed.pk)
    log(contract, "visit", "hold", held.pk)
    public = log(contract, "acceptanceact", "accept", contract.acts.get(number=1).pk)
    told = [read(contract), Client().get(f"/contracts/{contract.number}/log/").content.decode()]
    told += [Client().get(f"/api/v1/contracts/{contract.number}").content.decode()]

    for text in told:
        for words in ("НЕПРИЙНЯТИЙ ЗВІТ", "ПОДАНИЙ АКТ", "НЕОГОЛОШЕНЕ ПОРУШЕННЯ", "acceptanceact:claim", "visit:hold"):
            assert words not in text
    assert f'id="entry-{public}"' in told[1]


@pytest.mark.parametrize("people", [1, 4])
def test_few_people_are_told_nowhere(people):
    contract = make_contract(lines=({"recipients": people},))
    report = make_report(contract, 1)
    report.rows.update(recipients=9870 + people)
    ReportRow.objects.create(report=report, line=1, group=None, recipients=9870)
    report.rows.filter(group__isnull=False).update(recipients=people)
    answer = Client().get(f"/api/v1/contracts/{contract.number}").json()
    (line,) = answer["reports"][0]["lines"]

    assert sorted((one["people"], one["people_hidden"]) for one in line["groups"]) == sorted(
        [(None, "few"), (None, "tells")], key=str
    )
    assert answer["lines"][0]["recipients"] is None
    text = read(contract)
    assert "9870" not in text
    assert "fewer than 5" in text


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_as_many_questions_however_long_the_contract_is(count, django_assert_num_queries):
    contract = make_followed(reports=count, findings=count)
    for number in range(count):
        warn(contract, number + 1)
        suspect(contract, f"sign-{number}")
    read(contract)
    with django_assert_num_queries(30):
        read(contract)


@pytest.mark.parametrize(("paid", "words"), [("32400.00", False), ("32000.00", True)])
def test_act_that_a_correction_lowered_is_not_overdue_once_the_rest_is_paid(paid, words):
    contract = make_contract()
    act = make_act(contract, units="190", tariff=Decimal(180), payment_due_on=date(2020, 1, 31))
    make_act(contract, units="-10", tariff=Decimal(180), kind=ActKind.CORRECTION, corrects=act, payment_due_on=None)
    pay(act, paid)

    assert ('<span class="tag bad">overdue</span>' in read(contract)) is words


def test_history_leads_to_the_log():
    contract = make_followed()
    text = read(contract)

    assert f"/contracts/{contract.number}/log/#entry-" in text
    assert "Signed by both: the contract is concluded" in text


@pytest.mark.parametrize("paper", ["contract.pdf", "dossier.zip"])
def test_busy_press_names_the_very_paper_to_ask_for_again(monkeypatch, paper):
    contract = make_followed()
    code = issue(kind=CONTRACT_KIND, subject=f"procurement.contract:{contract.number}", title="Договір", at=CONCLUDED)
    contract.versions.update(code=code)
    lock = Lock()
    monkeypatch.setattr(press, "_press", lock)
    monkeypatch.setattr(press, "PATIENCE", 0.01)
    address = f"/en/contracts/{contract.number}/{paper}"

    with lock:
        response = Client().get(address)

    assert (response.status_code, response["Retry-After"]) == (503, "8")
    told = response.content.decode()
    assert f'href="{address}"' in told
    assert f'href="/en/contracts/{contract.number}/"' in told
