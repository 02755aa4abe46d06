"""The API of HSDS-UK 3.0: the contract's shapes, its filters, single objects by identifier, nothing private."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openapi_spec_validator import validate

from portal.site.opendata.hsds.identity import identify, organization_id, service_at_location_id, service_id
from registry.domain.providers import put_providers
from registry.enums import Standing
from registry.models import RegisterEntry, Service
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_catalogue,
    make_provider,
    make_territories,
    make_wide_provider,
    provider_record,
)
from tests.hsds.schemas import faults_of_answer
from tests.test_privacy import SECRETS

pytestmark = pytest.mark.django_db
LISTS = {
    "services": "service",
    "service_at_locations": "service_at_location",
    "organizations": "organization",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


def get(address, **headers):
    return Client().get(f"/api/hsds/{address}", headers=headers)


def names(query):
    return [one["name"] for one in get(f"services?{query}").json()["contents"]]


@pytest.mark.shared
def test_answers_are_those_of_the_contract(schemas, scene):
    assert faults_of_answer("api_details", get("").json()) == []
    for address, shape in LISTS.items():
        for query in ("", "?full=true", "?full_service=true", "?minimal=true", "?page=99", "?per_page=1&page=2"):
            assert faults_of_answer(f"{shape}_list", get(f"{address}{query}").json()) == [], (address, query)
        for one in get(address).json()["contents"]:
            answer = get(f"{address}/{one['id']}")
            assert answer.status_code == 200, (address, one["id"])
            assert faults_of_answer(shape, answer.json()) == [], address
            assert answer.json()["id"] == one["id"]


def test_pages_say_where_they_stand(scene):
    page = get("services?per_page=3&page=2").json()
    contents = page.pop("contents")
    assert page == {
        "total_items": 4,
        "total_pages": 2,
        "page_number": 2,
        "size": 1,
        "first_page": False,
        "last_page": True,
        "empty": False,
    }
    assert [one["id"] for one in contents] == [service_id(scene.key(scene.centre, 3))]
    assert not any(isinstance(value, list) for value in contents[0].values())
    for query in ("page=0", "page=-5", "per_page=-1", "per_page=100000", "format=ndjson", "search=%00"):
        assert get(f"services?{query}").status_code == 200, query
    beyond = get(f"services?page={10**30}").json()
    assert (beyond["empty"], beyond["contents"]) == (True, [])


def test_services_are_filtered(scene):
    centre = ["Догляд щодня", "Консультування", "Раннє втручання"]
    # a number of a demonstration begins with a letter
    assert names("") == ["Надання притулку", *centre]
    assert names(f"organization_id={organization_id(scene.centre.number)}") == centre
    assert names(f"taxonomy_term_id={identify('taxonomy_term', 'service', 'shelter')}") == ["Надання притулку"]
    assert names(f"taxonomy_term_id={identify('taxonomy_term', 'group', 'older-people')}") == centre[:1]
    assert names(f"taxonomy_term_id={identify('taxonomy_term', 'form', 'home')}") == centre[:1]
    assert names(f"taxonomy_term_id={identify('taxonomy_term', 'access', 'ramp')}") == centre[:1]
    assert names(f"taxonomy_term_id={identify('taxonomy_term', 'access', 'accessible-toilet')}") == []
    assert names(f"taxonomy_term_id={identify('taxonomy_term', 'ownership', 'private')}") == ["Надання притулку"]
    assert names(f"taxonomy_id={identify('taxonomy', 'group')}") == centre[:1]
    assert names(f"taxonomy_id={identify('taxonomy', 'access')}") == centre[:1]
    assert len(names(f"taxonomy_id={identify('taxonomy', 'service')}")) == 4
    assert names(f"search={quote('консультування')}") == ["Консультування"]
    assert names(f"search={quote('прихисток')}") == ["Надання притулку"]
    for nothing in ("taxonomy_term_id=x", "taxonomy_id=x", "organization_id=x", f"search={quote('абвгд')}"):
        assert names(nothing) == [], nothing


def test_services_changed_after_a_moment_are_found(scene):
    later = make_provider(now=NOW + timedelta(days=2), name="КУ «Новий»")
    found = get(f"services?modified_after={(NOW + timedelta(days=1)).date()}").json()["contents"]
    assert [one["organization_id"] for one in found] == [organization_id(later.number)]
    assert found[0]["last_modified"] == "2026-11-24T09:00:00.000Z"
    for left_aside in ("never", "2026-99-99T00:00", "0001-01-01T00:00:00%2B14:00"):
        assert len(names(f"modified_after={left_aside}")) == 5, left_aside


def test_all_services_in_short_are_on_one_page(scene):
    page = get("services?minimal=true").json()
    assert (page["size"], page["total_pages"]) == (4, 1)
    full = {one["id"]: one for one in get("services").json()["contents"]}
    for one in page["contents"]:
        assert one.pop("modified_date") == one["last_modified"]
        assert one == {name: full[one["id"]][name] for name in one}


def test_services_at_addresses_are_found_by_place_and_distance(scene):
    places = make_territories()
    open_one = service_at_location_id(scene.key(scene.centre, 1), 0)

    def found(query):
        return [one["id"] for one in get(f"service_at_locations?{query}").json()["contents"]]

    assert len(found("")) == 4
    assert len(found(f"postcode={places.dykanska.code}")) == 4
    assert len(found(f"postcode={places.poltavska.code}")) == 4
    # the hidden address lies in the settlement, has the index and is near: nobody may find out
    assert found(f"postcode={places.dykanka.code}") == [open_one]
    assert found("postcode=38500") == [open_one]
    assert found("postcode=38511") == []
    assert found(f"postcode={places.dykanka.code}&proximity=5000") == [open_one]
    assert found(f"postcode={places.poltava.code}&proximity=5000") == []
    assert found("postcode=nowhere") == []
    assert found(f"postcode={places.dykanka.code}&proximity=far") == [open_one]


def test_organisation_has_its_addresses_and_services(scene):
    one = get(f"organizations/{organization_id(scene.centre.number)}").json()
    assert [service["id"] for service in one["services"]] == [
        service_id(scene.key(scene.centre, place)) for place in (1, 2, 3)
    ]
    assert len(one["locations"]) == 2
    full = get(f"organizations/{one['id']}?full_service=true").json()
    assert "service_at_locations" in full["services"][0]
    assert "organization" not in full["services"][0]
    listed = get("organizations").json()["contents"]
    assert [each["id"] for each in listed] == [organization_id(scene.branch.number), one["id"]]


def test_taxonomies_have_their_words(scene):
    services = identify("taxonomy", "service")
    one = get(f"taxonomies/{services}").json()
    listed = get(f"taxonomy_terms?taxonomy_id={services}&per_page=100").json()
    assert one["taxonomy_terms"] == listed["contents"]
    assert get(f"taxonomy_terms?search={quote('притул')}").json()["total_items"] == 1
    assert get("taxonomy_terms?parent_id=x").json()["empty"] is True


@pytest.mark.parametrize("address", [*(f"{name}/" for name in LISTS), "nothing"])
def test_what_is_not_there_is_a_problem(address):
    for tail in ("x", identify("service", "s-9999999-1"), "%00"):
        answer = get(f"{address}{tail}")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_identifiers_follow_the_register(scene, django_assert_num_queries):
    first = service_id(scene.key(scene.centre, 1))
    assert get(f"services/{first}").status_code == 200
    later = make_provider(name="КУ «Новий»")
    assert get(f"services/{service_id(scene.key(later, 1))}").status_code == 200
    RegisterEntry.objects.filter(pk=scene.centre.pk).update(is_open=False)
    assert get(f"services/{first}").status_code == 404
    assert get(f"organizations/{organization_id(scene.carer.number)}").status_code == 404


def test_excluded_provider_is_no_organisation(scene):
    RegisterEntry.objects.filter(pk=scene.branch.pk).update(standing=Standing.EXCLUDED, excluded_on=NOW.date())
    assert get("services").json()["total_items"] == 3
    assert get(f"organizations/{organization_id(scene.branch.number)}").status_code == 404
    assert get(f"services/{service_id(scene.key(scene.branch, 1))}").status_code == 404


def test_answer_is_for_anybodys_program(scene):
    answer = get("services")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "max-age=60" in answer["Cache-Control"]
    assert answer.cookies == {}
    assert get("services", **{"If-None-Match": answer["ETag"]}).status_code == 304
    assert Client().post("/api/hsds/services").status_code == 405
    validate(get("openapi.json").json())
    assert get("").json()["openapi_url"].endswith("/api/hsds/openapi.json")


def test_nothing_private_is_told(shelter, people):
    for address in LISTS:
        for query in ("?full=true", "?full_service=true", "?minimal=true"):
            text = get(f"{address}{query}").content.decode()
            assert [secret for secret in SECRETS if secret in text] == [], address
        for one in get(address).json()["contents"]:
            text = get(f"{address}/{one['id']}").content.decode()
            assert [secret for secret in SECRETS if secret in text] == [], address
    for secret in ("Прихована", "+380507778899"):
        assert get(f"services?search={quote(secret)}").json()["empty"] is True


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("services", 20),
        ("services?minimal=true", 4),
        ("service_at_locations", 21),
        ("organizations?full_service=true", 19),
    ],
)
def test_lists_take_as_many_queries_for_three_as_for_one(address, count):
    make_catalogue()
    get("taxonomies")
    for number in (1, 3):
        make_wide_provider(number)
        get(address)
        with CaptureQueriesContext(connection) as asked:
            assert get(address).json()["size"] > 0
        assert len(asked) == count, (address, [query["sql"][:90] for query in asked])


def test_changed_record_changes_the_answer(scene):
    before = get("services")["ETag"]
    put_providers(
        [provider_record(code=scene.centre.organisation.code, about="Інше")],
        actor=REGISTRAR,
        ground="тест",
        now=NOW + timedelta(days=1),
    )
    assert get("services")["ETag"] != before
    assert Service.objects.count() > 0
