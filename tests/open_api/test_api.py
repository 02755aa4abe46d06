"""The API: lists and objects, refusals in one shape, what is unchanged is not sent again, limits, no cookies."""

import json

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings, strategies
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.site.open_api import limits
from portal.site.wsgi import application
from tests.factories.registry import make_carer, make_provider, make_territories
from tests.open_api.scene import make_full_contract, make_full_provider, make_world

pytestmark = pytest.mark.django_db
ADDRESSES = ("providers", "services", "territories", "competitions", "contracts", "commissions", "orders", "changes")


def get(address, **headers):
    return Client().get(f"/api/v1/{address}", headers=headers)


def numbers(query):
    return [one["number"] for one in get(f"providers?{query}").json()["results"]]


def test_document_is_valid_and_knows_every_address():
    document = get("openapi.json").json()
    validate(document)
    assert {path.removeprefix("/api/v1/") for path in document["paths"]} >= set(ADDRESSES)
    for operation in (one["get"] for one in document["paths"].values()):
        assert {"200", "304", "404", "422", "429", "503"} <= operation["responses"].keys()
        problem = operation["responses"]["422"]["content"]["application/problem+json"]["schema"]
        assert problem == {"$ref": "#/components/schemas/Problem"}


def test_lists_and_objects_say_the_same():
    make_world()
    for kind, key in (("providers", "number"), ("services", "id"), ("territories", "code")):
        listed = get(kind).json()
        assert listed["total"] >= len(listed["results"]) > 0
        one = listed["results"][0]
        assert get(f"{kind}/{one[key]}").json() == one


def test_providers_are_filtered():
    places = make_territories()
    private = make_provider(ownership_form="private", sector="non_state")
    communal = make_full_provider(ownership_form="communal", sector="communal")
    make_carer()
    assert numbers("") == [private.number, communal.number]
    assert numbers("ownership=private") == [private.number]
    assert numbers("sector=communal") == [communal.number]
    assert numbers("service=shelter") == [communal.number]
    assert numbers(f"place={places.poltavska.code}") == [private.number, communal.number]
    assert numbers("standing=excluded") == []
    assert numbers(f"after_revision={private.revision}") == [communal.number]
    assert numbers("size=1&page=2") == [communal.number]
    assert numbers("page=999") == []


def test_services_are_filtered_and_keep_their_identifiers():
    entry = make_full_provider()
    found = get("services?service=shelter").json()
    assert [one["id"] for one in found["results"]] == [f"s-{entry.number}-2"]
    assert get("services?group=older-people").json()["total"] >= 0
    assert get("services?urgent=true").json()["total"] == 0
    assert get(f"services?place={make_territories().dykanska.code}").json()["total"] == 2


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("providers/9999999", 404),
        ("providers/%00", 404),
        ("services/s-1-0", 404),
        ("territories/UA00", 404),
        ("competitions/none", 404),
        ("contracts/none", 404),
        ("nothing/at/all", 404),
        ("providers?page=0", 422),
        ("providers?page=x", 422),
        ("providers?size=101", 422),
        ("providers?place=UA00", 422),
        ("providers?place=%00", 422),
        ("providers?service=none", 422),
        ("providers?ownership=none", 422),
        ("territories?category=Q", 422),
        ("changes?limit=0", 422),
        ("changes?kind=user", 422),
    ],
)
def test_refusals_have_one_shape(address, status):
    answer = get(address)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], bool(told["title"])) == (status, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert bool(told["errors"]) == (status == 422)


def test_what_is_unchanged_is_not_sent_again():
    make_full_provider()
    for address in ADDRESSES:
        first = get(address)
        assert first.status_code == 200
        assert first.headers["Cache-Control"] == "public, max-age=60"
        again = get(address, if_none_match=first.headers["ETag"])
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


def test_programs_of_any_site_may_ask_and_nothing_is_set():
    client = Client(enforce_csrf_checks=True)
    answer = client.get("/api/v1/providers", headers={"origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    asked = client.options("/api/v1/providers")
    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    for method in (client.post, client.put, client.patch, client.delete):
        refused = method("/api/v1/providers")
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert refused.json()["status"] == 405
    assert client.head("/api/v1/providers").headers["ETag"] == answer.headers["ETag"]


def test_too_many_requests_are_told_when_to_come_again(monkeypatch):
    monkeypatch.setattr(django_settings, "API_REQUESTS_A_MINUTE", 2)
    limits.forget()
    assert [get("territories").status_code for _turn in range(2)] == [200, 200]
    refused = get("territories")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    limits.forget()


@pytest.mark.parametrize(("address", "count"), [("providers", 18), ("services", 19), ("territories", 3)])
def test_lists_take_as_many_queries_for_three_as_for_one(address, count, django_assert_num_queries):
    for _time in range(2):
        make_full_provider()
        get(address)
        with django_assert_num_queries(count):
            get(address)
        make_full_provider()


@pytest.fixture
def one_connection():
    """Keep the connection of the test open, as Django's own client does, when a request ends."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_generated_questions_are_answered_as_the_document_says():
    """A few of the questions that `bench/check_api.py` asks by thousands."""
    make_world()
    # without an engine the search says that it is away
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application).exclude(path_regex="search|suggest")
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]

    @settings(max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(data=strategies.data())
    def ask(data):
        for operation in document.get_all_operations():
            case = data.draw(operation.ok().as_strategy())
            case.call_and_validate(checks=checks, headers={"Accept-Encoding": "identity"})

    ask()


def test_private_facts_come_out_of_no_address():
    make_full_provider()
    carer = make_carer()
    contract = make_full_contract(lines=({"recipients": 3},))
    contract.visits.update(notes="ТАЄМНІ НОТАТКИ", present="ТАЄМНІ ПРИСУТНІ", basis_words="ТАЄМНА СКАРГА")
    contract.acts.update(note="ТАЄМНА ПРИМІТКА", reason="ТАЄМНА ПРИЧИНА")
    secrets = (
        "Прихована",
        "+380507778899",
        carer.organisation.name,
        f'"{carer.number}"',
        "ТАЄМН",
        contract.created_by.email,
    )
    addresses = [*ADDRESSES, "changes?limit=200", f"contracts/{contract.number}", f"providers/{carer.number}"]
    for address in addresses:
        told = json.dumps(get(address).json(), ensure_ascii=False)
        assert [secret for secret in secrets if secret in told] == [], address
