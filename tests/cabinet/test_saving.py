"""Answers saved by the button: kept, told faults beside their fields, and nothing typed lost."""

import pytest

from tests.cabinet.posting import page_of, post
from tests.factories.applications import save, site_part
from tests.factories.registry import make_territories

pytestmark = pytest.mark.django_db


def test_sheet_saves_and_goes_on(cabinet):
    response = post(cabinet, "organisation/", {"organisation/legal_form": "public_association", "about/about": "Ми є."})

    assert (response.status_code, response.url) == (302, cabinet.url())
    content = cabinet.content
    assert content["organisation/legal_form"] == "public_association"
    assert content["about/about"] == "Ми є."


def test_sheet_that_says_nothing_new_makes_no_version(full):
    version = full.draft.version

    for path in ("organisation/", "sites/1/", "services/1/", "criteria/1/", "contacts/", "consents/"):
        assert post(full, path, {}).status_code == 302

    full.draft.refresh_from_db()
    assert full.draft.version == version


def test_every_field_of_a_service_comes_back_as_it_was_written(cabinet):
    dykanska = make_territories().dykanska
    save(cabinet.draft, {"services/1/service_type": "home-care", **site_part()})
    told = {
        "services/1/title": "Турбота вдома",
        "services/1/content": "Прибирання.\nЇжа.",
        "services/1/conditions": "Заява",
        "services/1/groups": ["older-people", "violence-survivors"],
        "services/1/delivery_forms": ["home"],
        "services/1/urgent": "on",
        "services/1/meets_standard": "no",
        "services/1/price_mode": "tariff",
        "services/1/price": "1 120,5",
        "services/1/price_unit": "visit",
        "services/1/price_on": "2026-11-01",
        "services/1/capacity": "12",
        "services/1/capacity_on": "2026-11-02",
        "services/1/area_kind": "hromadas",
        "services/1/areas": dykanska.code,
        "services/1/at_sites": ["1"],
        "services/1/hours_mon": "9-13, 14-18",
    }

    assert post(cabinet, "services/1/", told).status_code == 302

    content = cabinet.content
    assert {name: content[f"services/1/{name}"] for name in ("price", "capacity", "urgent", "meets_standard")} == {
        "price": "1120.50",
        "capacity": 12,
        "urgent": True,
        "meets_standard": False,
    }
    assert content["services/1/hours"] == {"mon": [["09:00", "13:00"], ["14:00", "18:00"]]}
    assert content["services/1/areas"] == [dykanska.code]
    shown = page_of(cabinet.client.get(cabinet.url("services/1/")))
    assert 'value="1120.50"' in shown
    assert "Диканська громада" in shown


def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost(cabinet):
    save(cabinet.draft, {"services/1/service_type": "home-care"})

    response = post(
        cabinet,
        "services/1/",
        {"services/1/price": "багато", "services/1/content": "Добре слово", "services/1/capacity": "сім"},
    )

    page = page_of(response)
    assert response.status_code == 422
    assert 'value="багато"' in page
    assert 'value="сім"' in page
    assert 'href="#f-services/1/price"' in page
    assert 'id="f-services/1/price_error"' in page
    assert cabinet.content["services/1/content"] == "Добре слово"
    assert "services/1/price" not in cabinet.content


def test_what_the_domain_refuses_stands_beside_its_field(cabinet):
    save(cabinet.draft, {"contacts/1/kind": "phone"})

    response = post(cabinet, "contacts/", {"contacts/1/value": "не телефон", "contacts/1/note": "приймальня"})

    assert response.status_code == 422
    ((anchor, _label, reason),) = response.context["sheet"].faults
    assert anchor == "f-contacts/1/value"
    assert reason in page_of(response)
    assert cabinet.content["contacts/1/note"] == "приймальня"


def test_page_sent_again_after_a_fault_saves_the_rest(cabinet):
    save(cabinet.draft, {"services/1/service_type": "home-care"})
    faulty = post(cabinet, "services/1/", {"services/1/price": "багато", "services/1/content": "Перше"})

    response = post(cabinet, "services/1/", {"services/1/price": "", "services/1/content": "Друге"}, opened=faulty)

    assert response.status_code == 302
    assert cabinet.content["services/1/content"] == "Друге"


def test_place_is_read_from_its_name_and_namesakes_are_offered(cabinet):
    save(cabinet.draft, {"sites/1/kind": "legal"})

    assert post(cabinet, "sites/1/", {"sites/1/territory": "Диканька"}).status_code == 302
    assert cabinet.content["sites/1/territory"] == make_territories().dykanka.code

    response = post(cabinet, "sites/1/", {"sites/1/territory": "Полтав"})
    page = page_of(response)
    assert response.status_code == 422
    assert 'type="radio" name="sites/1/territory" value="Полтава, ' in page

    chosen = ["Полтав", f"Полтава ({make_territories().poltava.code})"]
    assert post(cabinet, "sites/1/", {"sites/1/territory": chosen}, opened=response).status_code == 302
    assert cabinet.content["sites/1/territory"] == make_territories().poltava.code


def test_places_are_suggested_to_people_of_the_cabinet(cabinet, client):
    told = cabinet.client.get("/cabinet/places/?q=дикан").json()["places"]

    assert [place["text"].split(",")[0] for place in told] == ["Диканська громада", "Диканька"]
    assert client.get("/cabinet/places/?q=дикан").status_code == 302


def test_missing_answers_are_told_only_to_those_who_ask(cabinet):
    save(cabinet.draft, {"sites/1/kind": "legal"})

    assert not cabinet.client.get(cabinet.url("sites/1/")).context["sheet"].faults
    told = cabinet.client.get(cabinet.url("sites/1/?missing=1")).context["sheet"].faults
    assert [anchor for anchor, _label, _reason in told] == ["f-sites/1/territory", "f-sites/1/street"]
