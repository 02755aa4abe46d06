"""The register of contracts: filters, totals, table, API; the same contracts and the same sums everywhere."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client

from portal.accounts.enums import PersonType
from procurement.contract_enums import ContractState
from tests.contract_pages.histories import make_followed
from tests.factories.contracts import make_contract

pytestmark = pytest.mark.django_db


def table(query=""):
    response = Client().get(f"/contracts/export.csv{query}")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def api(query=""):
    return Client().get(f"/api/v1/contracts{query}").json()


def test_list_table_and_api_agree_on_every_figure():
    make_followed()
    make_contract(ContractState.CLOSED)
    make_contract(ContractState.DRAFT)
    rows, answer = table(), api()
    page = Client().get("/en/contracts/").content.decode().replace("\xa0", " ")

    assert len(rows) == answer["total"] == 2
    for row, told in zip(rows, answer["results"], strict=True):
        assert {name: row[name] for name in ("number", "sum_uah", "accepted_uah", "paid_uah", "remaining_uah")} == {
            name: told[name] for name in ("number", "sum_uah", "accepted_uah", "paid_uah", "remaining_uah")
        }
        assert Decimal(row["remaining_uah"]) == Decimal(row["sum_uah"]) - Decimal(row["accepted_uah"])
    assert "648,000 UAH" in page
    assert "35,500 UAH" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=closed", ["Притулок"]),
        ("?channel=own_provider", ["Притулок"]),
        ("?service=shelter", ["Притулок"]),
        ("?year=2027", ["Догляд", "Притулок"]),
        ("?year=2020", []),
        ("?q=притулку", ["Притулок"]),
        ("?q=2027-D00001", ["Догляд"]),
        ("?hromada=nonsense&state=what&year=soon&page=x", ["Догляд", "Притулок"]),
    ],
)
def test_filters_narrow_page_table_and_api_alike(query, found):
    make_contract(title="Догляд")
    make_contract(ContractState.CLOSED, title="Притулок", services=["shelter"], channel="own_provider")

    assert sorted(row["title"] for row in table(query)) == found
    assert sorted(row["title"] for row in api(query)["results"]) == found
    page = Client().get(f"/contracts/{query}").content.decode()
    assert [title for title in ("Догляд", "Притулок") if f">{title}</a>" in page] == found


def test_filters_by_place_and_provider():
    contract = make_contract(title="Догляд")
    code = contract.contractor.code or contract.contractor.entries.first().number

    assert len(table(f"?hromada={contract.hromada.code}&provider={code}")) == 1
    assert len(table(f"?oblast={contract.hromada.oblast.code}")) == 1
    assert api("?provider=99999999")["problems"]


def test_natural_person_is_neither_named_nor_found():
    contract = make_contract()
    organisation = contract.contractor
    type(organisation).objects.filter(pk=organisation.pk).update(
        person_type=PersonType.NATURAL_PERSON, code=None, rnokpp=None, name="Петренко Ганна", short_name=""
    )
    (row,) = table()

    assert "Петренко" not in row["provider"]
    assert contract.number in row["provider"]
    assert row["provider_code"] == ""
    assert table("?q=Петренко") == []
    assert "Петренко" not in Client().get(f"/contracts/{contract.number}/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_many_questions_however_long_it_is(count, django_assert_num_queries):
    for _place in range(count):
        make_contract()
    Client().get("/contracts/")
    with django_assert_num_queries(4):
        Client().get("/contracts/")
    with django_assert_num_queries(2):
        api()
    with django_assert_num_queries(2):
        table()


def test_table_writes_no_formula():
    make_contract(title="=1+1")

    assert table()[0]["title"] == "'=1+1"
