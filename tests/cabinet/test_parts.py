"""Several things of a kind in a draft: added, taken out and brought back."""

import pytest

pytestmark = pytest.mark.django_db


def test_things_are_added_taken_out_and_brought_back(cabinet):
    for part, kind, page in (("sites", "", "sites/1/"), ("services", "home-care", "services/1/")):
        response = cabinet.client.post(cabinet.url(f"{part}/add/"), {"kind": kind})
        assert response.url == cabinet.url(page)
    added = cabinet.client.post(cabinet.url("contacts/add/"), {"kind": "email"})
    assert added.url == cabinet.url("contacts/#f-contacts/1/value")

    opened = cabinet.client.get(cabinet.url("sites/1/remove/"))
    version = opened.context["application"].version
    assert cabinet.client.post(cabinet.url("sites/1/remove/"), {"version": version}).url == cabinet.url("sites/")
    assert cabinet.content["sites/1/removed"] is True
    assert cabinet.client.get(cabinet.url("sites/1/")).status_code == 404

    cabinet.client.post(cabinet.url("sites/1/back/"))
    assert "sites/1/removed" not in cabinet.content


def test_added_kinds_are_those_of_the_list(cabinet):
    for part, kind in (("services", ""), ("services", "no-such"), ("contacts", "pigeon")):
        assert cabinet.client.post(cabinet.url(f"{part}/add/"), {"kind": kind}).url == cabinet.url(f"{part}/")

    assert not [path for path in cabinet.content if path.startswith(("services", "contacts"))]


def test_two_people_who_add_at_once_get_two_things(cabinet):
    cabinet.client.post(cabinet.url("services/add/"), {"kind": "home-care"})
    response = cabinet.colleague.post(cabinet.url("services/add/"), {"kind": "home-care"})

    assert response.url == cabinet.url("services/2/")
