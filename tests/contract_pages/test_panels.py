"""What other pages say of contracts: a provider's card, a hromada's pages, a competition that led to one."""

import pytest
from django.test import Client

from procurement.contract_enums import ContractState
from procurement.models import ReportRow
from procurement.queries.contracts.people import public_rows, without_few
from procurement.queries.orders_needs import Hidden
from registry.models import VulnerableGroup
from tests.contract_pages.histories import make_followed
from tests.factories.contracts import make_contract
from tests.results_pages.decided import make_decided

pytestmark = pytest.mark.django_db


def read(address):
    return Client().get(address).content.decode().replace("\xa0", " ")


def test_card_and_hromada_tell_contracts_findings_and_sums():
    contract = make_followed()
    make_contract(ContractState.OFFERED, provider=(contract.contractor, contract.created_by), title="НЕПІДПИСАНИЙ")
    number = contract.contractor.entries.get().number
    pages = [
        f"/en/registry/{number}/",
        f"/en/territories/{contract.hromada.code}/",
        f"/en/orders/{contract.hromada.code}/",
    ]

    for text in map(read, pages):
        assert f"/en/contracts/{contract.number}/" in text
        assert "2 found, 0 eliminated, 2 still to be judged" in text
        assert "35,500 UAH" in text
        assert "НЕПІДПИСАНИЙ" not in text


def test_card_without_contracts_says_nothing_of_them():
    contract = make_contract(ContractState.OFFERED)

    assert 'id="contracts"' not in read(f"/registry/{contract.contractor.entries.get().number}/")


def test_competition_leads_to_its_contract_once_it_is_concluded():
    competition = make_decided(proposals=1)
    offered = make_contract(ContractState.OFFERED, competition=competition)
    address = f"/en/competitions/{competition.number}/"
    assert f"/contracts/{offered.number}/" not in read(address)
    concluded = make_contract(competition=competition)

    assert f"/en/contracts/{concluded.number}/" in read(address)
    assert f"/en/competitions/{competition.number}/" in read(f"/en/contracts/{concluded.number}/")


def row(people, group=None, line=1, units=None):
    return ReportRow(line=line, group=group, recipients=people, units=units)


def told(*rows):
    (line,) = public_rows(rows)
    return [one.people.value if not one.people.hidden else one.people.hidden for one in line.groups]


def test_number_of_all_goes_where_a_group_is_few():
    first, second = VulnerableGroup(pk=1), VulnerableGroup(pk=2)

    assert told(row(12, first), row(3, second), row(15)) == [12, Hidden.FEW, Hidden.TELLS]
    assert told(row(12, first), row(8, second), row(20)) == [12, 8, 20]
    assert told(row(0, first), row(None, second)) == [0, Hidden.UNKNOWN]
    assert told(row(4)) == [Hidden.FEW]


def test_row_that_the_others_add_up_to_goes_too():
    groups = [VulnerableGroup(pk=number) for number in (1, 2, 3)]

    assert told(row(14, groups[0]), row(12, groups[1]), row(2, groups[2])) == [Hidden.TELLS, 12, Hidden.FEW]


def test_units_are_told_by_service():
    (first, second) = public_rows([row(9, units=3), row(9, VulnerableGroup(pk=1), units=4), row(9, line=2)])

    assert (first.units, second.units) == (7, None)


def test_data_of_a_card_lose_all_people_where_some_are_few():
    kept = {"services": [{"places": 9, "recipients": 20, "contracts": [{"number": "1", "recipients": 20}]}]}
    few = {"services": [{"places": 9, "recipients": 23, "contracts": [{"recipients": 20}, {"recipients": 3}]}]}

    assert without_few(kept) == kept
    assert without_few(few) == {
        "services": [{"places": 9, "recipients": None, "contracts": [{"recipients": None}, {"recipients": None}]}]
    }
