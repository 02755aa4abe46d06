"""One process by its address: the record, its releases, and the way there from the public pages."""

import pytest

from portal.site.opendata import ocds
from tests.factories.contracts import make_contract
from tests.factories.procurement import make_call, make_published
from tests.ocds.story import TODAY
from tests.results_pages.decided import make_decided

pytestmark = pytest.mark.django_db


def test_record_of_one_process_is_that_of_the_package(client):
    ocid = f"ocds-poruch-{make_decided().number}"

    answer = client.get(f"/open-data/ocds/{ocid}.json")

    assert answer["Content-Type"] == "application/json"
    [record] = answer.json()["records"]
    assert record == ocds.records(today=TODAY)["records"][0]
    linked = record["releases"][0]["url"]
    told = client.get(linked.removeprefix("http://127.0.0.1:8000").removeprefix("http://testserver")).json()
    assert f"#{told['releases'][0]['id']}" in linked
    assert told["releases"] == ocds.releases(today=TODAY)["releases"]


def test_record_is_the_same_in_english(client):
    ocid = f"ocds-poruch-{make_published().number}"

    assert client.get(f"/en/open-data/ocds/{ocid}.json").json() == client.get(f"/open-data/ocds/{ocid}.json").json()


@pytest.mark.parametrize("ocid", ["ocds-poruch-2027-99999", "ocds-213czf-1", "ocds-poruch-", "x", "ocds-poruch-\x00"])
def test_unknown_process_is_not_found(client, ocid):
    make_call()

    assert client.get(f"/open-data/ocds/{ocid}.json").status_code == 404
    assert client.get(f"/open-data/ocds/{ocid}/releases.json").status_code == 404


def test_pages_lead_to_the_record(client):
    competition, contract = make_published(), make_contract()

    for page, number in (
        (f"/competitions/{competition.number}/", competition.number),
        (f"/contracts/{contract.number}/", contract.number),
    ):
        assert f'href="/open-data/ocds/ocds-poruch-{number}.json"' in client.get(page).content.decode()
