"""Services of HSDS 3.1: what the standard accepts, the same always, nothing private, nothing that is not known."""

import json
import uuid
from datetime import timedelta

import orjson
import pytest
from django.utils import translation

from portal.site.opendata import hsds
from portal.site.opendata.hsds.identity import SPACE, organization_id, service_id
from registry.domain.records import ServiceRecord
from tests.factories.registry import make_catalogue, make_provider, make_territories, make_wide_provider
from tests.hsds.scene import TODAY
from tests.hsds.schemas import faults_of_object
from tests.test_privacy import SECRETS

pytestmark = pytest.mark.django_db


def told(key=None):
    found = list(hsds.services([key] if key else None, today=TODAY))
    return json.loads(orjson.dumps(found[0] if key else found))


@pytest.mark.shared
def test_standard_accepts_every_object(schemas, scene):
    bare = ServiceRecord(make_catalogue().home_care.pk)
    make_provider(
        person_type="sole_proprietor",
        legal_form="sole_proprietor",
        external_ref="x",
        contacts=[],
        sites=[],
        services=[bare],
    )
    found = told()
    assert len(found) == 5
    for one in found:
        assert faults_of_object("service", one) == []
        assert faults_of_object("organization", one["organization"]) == []
        for there in one.get("service_at_locations", []):
            assert faults_of_object("service_at_location", there) == []


def test_identifiers_are_made_of_the_register_number(scene):
    one = told(scene.key(scene.centre, 1))
    assert one["organization_id"] == str(uuid.uuid5(SPACE, f"organization/{scene.centre.number}"))
    assert one["organization"]["organization_identifiers"][0]["identifier_scheme"] == "UA-EDR"
    assert one["organization"]["organization_identifiers"][0]["identifier"] == scene.centre.organisation.code
    assert told(scene.key(scene.branch, 1))["organization"]["parent_organization_id"] == one["organization_id"]


def test_service_says_what_is_given_when_and_at_what_price(scene):
    one = told(scene.key(scene.centre, 1))
    assert (one["name"], one["alternate_name"], one["status"]) == ("Догляд щодня", "Догляд вдома", "active")
    assert (one["assured_date"], one["application_process"]) == (
        "2026-11-20",
        "Заява.",
    )
    (cost,) = one["cost_options"]
    assert (cost["amount"], cost["currency"], cost["valid_from"]) == (61.07, "UAH", "2026-09-01")
    (free,) = one["capacities"]
    assert (free["available"], free["maximum"], free["updated"][:10]) == (4, 40, "2026-11-22")
    assert {area["extent"] for area in one["service_areas"]} == {
        make_territories().dykanska.code,
        make_territories().poltava_hromada.code,
    }
    assert [(part["byday"], part["opens_at"]) for part in one["schedules"]] == [("WE", "09:00")]
    assert {part["link_type"] for part in one["attributes"]} >= {"service", "group", "form", "urgent", "capacity"}
    first, second = (there["location"] for there in one["service_at_locations"])
    assert [(part["byday"], part["closes_at"]) for part in first["schedules"]] == [("MO,TU", "12:00"), ("MO", "23:59")]
    assert [len(part.get("attributes", [])) for part in first["accessibility"]] == [1, 0]
    assert (second["name"], "addresses" in second) == ("Куток", False)


def test_what_is_not_known_is_absent(scene):
    bare = told(scene.key(scene.centre, 3))
    absent = {"cost_options", "capacities", "service_areas", "schedules", "service_at_locations", "fees", "wait_time"}
    assert absent & bare.keys() == set()
    free = told(scene.key(scene.centre, 2))
    assert [one["amount"] for one in free["cost_options"]] == [0]
    assert [one["extent"] for one in free["service_areas"]] == ["UA"]
    (partly,) = told(scene.key(scene.branch, 1))["cost_options"]
    assert "amount" not in partly


def test_free_places_that_have_expired_are_not_told(scene):
    later = list(hsds.services([scene.key(scene.centre, 1)], today=TODAY + timedelta(days=15)))
    assert "capacities" not in later[0]
    assert "wait_time" not in later[0]


def test_suspended_service_is_closed_for_now_and_says_why(scene):
    one = told(scene.key(scene.branch, 1))
    assert one["status"] == "temporarily closed"
    assert "Доказ закінчився" in one["alert"]


def test_confidential_address_is_a_hromada(scene):
    (there,) = told(scene.key(scene.branch, 1))["service_at_locations"]
    place = there["location"]
    assert place["external_identifier"] == make_territories().dykanska.code
    assert {"addresses", "latitude", "longitude"} & place.keys() == set()


def test_nothing_private_is_told(shelter, people):
    text = json.dumps(told(), ensure_ascii=False)
    assert len(told()) == 2
    assert [secret for secret in SECRETS if secret in text] == []


def test_objects_do_not_depend_on_the_language_of_the_reader(scene):
    found = told()
    with translation.override("en"):
        assert told() == found


def test_identifiers_of_things_differ(scene):
    numbers = {organization_id(scene.centre.number), organization_id(scene.branch.number)}
    assert len(numbers | {service_id(scene.key(scene.centre, place)) for place in (1, 2, 3)}) == 5


@pytest.mark.parametrize("count", [1, 3])
def test_objects_take_as_many_queries_for_three_as_for_one(count, django_assert_num_queries):
    for _time in range(count):
        make_wide_provider(count)
    with django_assert_num_queries(22):
        assert len(told()) == count * count
