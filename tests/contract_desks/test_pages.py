"""The desks as pages: what stands on them for whom, for whom they do not exist, and how much they ask the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client

from portal.kernel import clock
from procurement.contract_enums import ActState, ContractState, RiskState
from procurement.models import Contract, RiskCard, RiskReply, RiskRule, ServiceReport
from tests.contract_desks.test_letters import make_finding, make_notice, person_of
from tests.factories.accounts import make_official
from tests.factories.contracts import NOW, make_act, make_contract, make_report
from tests.factories.procurement import make_bidder
from tests.factories.registry import make_territories
from tests.factories.risks import make_risk_rules

pytestmark = pytest.mark.django_db
OFFICIAL, PROVIDER, AUDIT, RISKS = (
    "/cabinet/contracting/",
    "/cabinet/contracts/",
    "/cabinet/contracting/audit/",
    "/risks/",
)


@pytest.fixture(autouse=True)
def _in_july() -> Iterator[None]:
    with clock.standing_at(NOW):
        yield


def busy_contract(provider=None) -> Contract:
    """Return a contract in which something of every kind waits for somebody."""
    contract = make_contract(provider=provider)
    make_report(contract, 1, state="filed")
    make_report(contract, 2, state="due")
    make_report(contract, 3, state="returned")
    make_act(contract, state=ActState.CLAIMED)
    make_act(contract, payment_due_on=date(2027, 7, 1))
    make_act(contract, state=ActState.RETURNED, reason="Не ті години.")
    make_finding(contract, state="replied")
    make_finding(contract)
    make_notice(contract)
    RiskCard.objects.create(
        rule=RiskRule.objects.get(slug="value-raised"),
        contract=contract,
        data={
            "compared_with": "first",
            "base": "324000.00",
            "sum": "400000.00",
            "raised": "76000.00",
            "above": "23.5",
            "versions": 2,
        },
        parameters={"share": "0.10"},
        found_at=NOW,
        changed_at=NOW,
    )
    return contract


@pytest.fixture
def contract(db) -> Contract:
    make_risk_rules()
    return busy_contract()


@pytest.fixture
def official(contract: Contract, sign_in) -> Client:
    return sign_in(contract.created_by)


@pytest.fixture
def provider(contract: Contract, sign_in) -> Client:
    return sign_in(person_of(contract))


def text_of(client: Client, path: str) -> str:
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


# --- the official ----------------------------------------------------------------------------------------------------


TABS = {
    "due": ({"Check the report", "Accept or return act № 1", "Judge the reply to finding № 1"}, {"Pay act"}),
    "overdue": (
        {"Pay act № 2", "owes the report", "owes a reply to finding № 2", "what follows notice № 1"},
        {"Check the report"},
    ),
    "unusual": ({"A notice before termination is in force", "you have not replied"}, {"Pay act"}),
    "contract": ({"Check the report", "Pay act № 2"}, set()),
    "provider": ({"Late reports", "Unsolved findings"}, {"Pay act"}),
    "no-such-tab": ({"Check the report"}, {"Pay act"}),
}


def test_official_sees_what_waits_by_tab(official: Client) -> None:
    for tab, (has, has_not) in TABS.items():
        page = text_of(official, f"/en{OFFICIAL}?tab={tab}")
        assert {words for words in has if words not in page} == set(), tab
        assert {words for words in has_not if words in page} == set(), tab


def test_official_of_another_hromada_sees_nothing_of_it(contract: Contract, sign_in) -> None:
    neighbour = sign_in(make_official("commissioner", make_territories().odesa_hromada))

    page = text_of(neighbour, f"/en{OFFICIAL}?tab=contract&hromada={contract.hromada.code}")

    assert contract.title not in page
    assert neighbour.get(f"{OFFICIAL}risks/{RiskCard.objects.get().pk}/").status_code == 404


def test_official_comes_from_a_provider_to_what_waits_in_its_contracts(contract: Contract, official: Client) -> None:
    other = busy_contract()
    assert other.contractor != contract.contractor

    assert f"provider={contract.contractor_id}" in text_of(official, f"{OFFICIAL}?tab=provider")
    page = official.get(f"{OFFICIAL}?tab=contract&provider={contract.contractor_id}")
    assert [group.contract for group in page.context["groups"]] == [contract]


@pytest.mark.parametrize("path", [OFFICIAL, AUDIT])
def test_desk_of_officials_does_not_exist_for_others(provider: Client, client: Client, path: str) -> None:
    assert provider.get(path).status_code == 404
    assert client.get(path).status_code == 302


def test_auditor_looks_on(contract: Contract, sign_in) -> None:
    auditor = sign_in(make_official("auditor"))

    page = text_of(auditor, f"/en{OFFICIAL}?tab=overdue")

    assert "change nothing" in page
    assert "Pay act № 2" in page
    assert "Make a contract" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_official_desk_asks_the_same_number_of_questions(
    contract: Contract, official: Client, count: int, django_assert_num_queries
) -> None:
    for _number in range(count - 1):
        busy_contract()
    official.get(OFFICIAL)

    for tab, queries in (("unusual", 23), ("contract", 23), ("provider", 29)):
        with django_assert_num_queries(queries):
            official.get(f"{OFFICIAL}?tab={tab}")


# --- the provider ----------------------------------------------------------------------------------------------------


def test_provider_sees_what_to_do_what_came_back_and_what_will_be_paid(provider: Client) -> None:
    page = text_of(provider, f"/en{PROVIDER}")

    for words in (
        "File the report for 01.04.2027",
        "Correct the report for 01.05.2027",
        "Correct act № 3",
        "Eliminate finding № 2",
        "Answer notice № 1",
        "You may reply to a risk card",
        "Will be paid",
        "Being checked by the commissioner",
    ):
        assert words in page
    assert "finding № 1 " not in page


def test_provider_does_not_see_the_contracts_of_another(contract: Contract, sign_in) -> None:
    _organisation, stranger = make_bidder()
    client = sign_in(stranger)

    page = text_of(client, f"/en{PROVIDER}")

    assert contract.title not in page
    assert "No contract has been offered" in page
    assert client.get(f"{PROVIDER}risks/{RiskCard.objects.get().pk}/").status_code == 404


def test_provider_hears_of_a_contract_only_when_it_is_offered(sign_in) -> None:
    draft = make_contract(ContractState.DRAFT)
    client = sign_in(person_of(draft))

    assert "No contract has been offered" in text_of(client, f"/en{PROVIDER}")
    offered = make_contract(ContractState.OFFERED, provider=(draft.contractor, person_of(draft)))
    page = text_of(client, f"/en{PROVIDER}")
    assert "Sign the contract" in page
    assert offered.number is not None
    assert offered.number in page


@pytest.mark.parametrize("count", [1, 3])
def test_provider_desk_asks_the_same_number_of_questions(
    contract: Contract, provider: Client, count: int, django_assert_num_queries
) -> None:
    for _number in range(count - 1):
        busy_contract((contract.contractor, person_of(contract)))
    provider.get(PROVIDER)

    with django_assert_num_queries(10):
        provider.get(PROVIDER)


def test_first_pages_of_both_cabinets_have_their_contracts(official: Client, provider: Client) -> None:
    assert "Correct act № 3" in text_of(provider, "/en/cabinet/")
    page = text_of(official, "/en/cabinet/commissioning/")
    assert "Pay act № 2" in page
    assert OFFICIAL in page


# --- the auditor -----------------------------------------------------------------------------------------------------


def test_auditor_finds_a_contract_and_its_dossier(contract: Contract, sign_in) -> None:
    auditor = sign_in(make_official("auditor"))

    for asked in (contract.number, contract.identifier, contract.contractor.code, contract.title):
        page = auditor.get(f"/en{AUDIT}", {"q": asked}).content.decode()
        assert f"/contracts/{contract.number}/dossier.zip" in page
        assert "1 risk card" in page
    assert "No contract is called so." in text_of(auditor, f"/en{AUDIT}?q=немає")


def test_auditor_finds_no_draft(sign_in) -> None:
    draft = make_contract(ContractState.DRAFT, title="Таємний договір")

    assert draft.title not in text_of(sign_in(make_official("auditor")), f"{AUDIT}?q=Таємний")


# --- risk cards ------------------------------------------------------------------------------------------------------


def test_risk_cards_are_read_by_everybody(contract: Contract, client: Client) -> None:
    page = text_of(client, f"/en{RISKS}")

    assert "The sum was raised after the award" in page
    assert contract.title in page
    assert "What may explain it" in page
    assert "Not checked against the current edition." in page
    assert contract.title not in text_of(client, f"/en{RISKS}?rule=late-reports")
    assert contract.title not in text_of(client, f"/en{RISKS}?state=gone")
    assert contract.title in text_of(client, f"/en{RISKS}?state=all&hromada={contract.hromada.code}&page=99")
    assert contract.title in text_of(client, f"/en{RISKS}?state=nonsense&rule=%00&hromada=x&number=%00")
    assert contract.title in text_of(client, f"/en{RISKS}?number={contract.number}")
    assert contract.title not in text_of(client, f"/en{RISKS}?number=2027-D99999")


def test_card_of_what_is_not_public_is_not_read(client: Client) -> None:
    make_risk_rules()
    draft = make_contract(ContractState.OFFERED, title="Ще не укладено")
    rule = RiskRule.objects.get(slug="value-raised")
    RiskCard.objects.create(rule=rule, contract=draft, found_at=NOW, changed_at=NOW)

    assert draft.title not in text_of(client, RISKS)


@pytest.mark.parametrize("count", [1, 3])
def test_risk_list_asks_the_same_number_of_questions(
    contract: Contract, client: Client, count: int, django_assert_num_queries
) -> None:
    for _number in range(count - 1):
        busy_contract()
    client.get(RISKS)

    with django_assert_num_queries(5):
        client.get(RISKS)


def test_provider_replies_and_everybody_reads_it(contract: Contract, provider: Client, client: Client) -> None:
    card = RiskCard.objects.get()
    path = f"{PROVIDER}risks/{card.pk}/"
    form = provider.get(path).context["form"]
    sent = {"text": "Більше годин за додатковою угодою.", "key": str(form.initial["key"])}

    for _press in range(2):
        assert provider.post(path, sent).status_code == 302

    assert RiskReply.objects.get().side == "contractor"
    assert sent["text"] in text_of(client, RISKS)


def test_reply_with_a_name_in_it_is_warned_of_and_nothing_is_lost(contract: Contract, provider: Client) -> None:
    path = f"{PROVIDER}risks/{RiskCard.objects.get().pk}/"
    form = provider.get(path).context["form"]
    words = "Додано години для Петренко Марії Іванівни."

    answer = provider.post(path, {"text": words, "key": str(form.initial["key"])})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not RiskReply.objects.exists()


def test_empty_reply_is_named_beside_its_field(official: Client) -> None:
    path = f"{OFFICIAL}risks/{RiskCard.objects.get().pk}/"
    key = official.get(path).context["form"].initial["key"]

    answer = official.post(path, {"text": " ", "key": str(key)})

    assert answer.status_code == 422
    assert 'href="#id_text"' in answer.content.decode()


def test_auditor_reads_a_card_and_replies_to_nothing(contract: Contract, sign_in) -> None:
    auditor = sign_in(make_official("auditor"))
    path = f"{OFFICIAL}risks/{RiskCard.objects.get().pk}/"

    assert auditor.get(path).context["form"] is None
    assert auditor.post(path, {"text": "Я."}).status_code == 404


def test_gone_card_stays_readable(contract: Contract, client: Client) -> None:
    RiskCard.objects.update(state=RiskState.GONE, gone_at=NOW + timedelta(days=1))

    assert contract.title not in text_of(client, RISKS)
    assert contract.title in text_of(client, f"{RISKS}?state=gone")


def test_report_filed_at_night_in_kyiv_is_told_by_the_day_in_kyiv(contract: Contract, official: Client) -> None:
    late = NOW.replace(month=4, day=6, hour=22)
    ServiceReport.objects.filter(contract=contract, state="filed").update(filed_at=late)

    assert "filed on 7 April 2027" in text_of(official, f"/en{OFFICIAL}")
