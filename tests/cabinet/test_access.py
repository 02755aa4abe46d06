"""An application exists for its people alone; and no page's questions grow with what it says."""

import pytest

from tests.cabinet.test_pages import PAGES
from tests.factories.accounts import make_mandate, make_official, make_person
from tests.factories.applications import fill, make_submitted
from tests.factories.registry import make_territories

pytestmark = pytest.mark.django_db

READ = (*PAGES, "changes/", "export.json", "receipt/", "receipt.pdf", "correction/")
WRITE = (
    "save/",
    "conflicts/",
    "submit/",
    "withdraw/",
    "file/",
    "organisation/",
    "sites/add/",
    "services/1/",
    "services/1/remove/",
    "services/1/back/",
    "criteria/1/",
    "correction/",
)


@pytest.mark.parametrize("who", ["stranger", "former", "registrar", "administrator"])
def test_application_does_not_exist_for_others(full, sign_in, who):
    if who == "stranger":
        client = full.stranger
    elif who == "former":
        person = make_person()
        make_mandate(person, full.organisation, valid_from="2020-01-01", valid_to="2020-12-31")
        client = sign_in(person)
    else:
        client = sign_in(make_official(who, make_territories().poltavska))

    before = full.content
    assert {client.get(full.url(path)).status_code for path in READ} == {404}
    assert {client.post(full.url(path), {"version": 1}).status_code for path in WRITE} == {404}
    assert full.content == before


def test_application_asks_visitors_to_sign_in(full, client):
    for path in READ:
        assert client.get(full.url(path)).url.startswith("/account/login/")
    assert client.get("/cabinet/").url.startswith("/account/login/")


def test_submitted_application_does_not_exist_for_others(cabinet):
    other = make_submitted()

    for path in READ:
        assert cabinet.client.get(f"/cabinet/applications/{other.pk}/{path}").status_code == 404


def test_unknown_parts_and_keys_are_not_there(full):
    for path in ("nonsense/", "sites/99/", "services/x/", "criteria/99/", "pigeons/1/remove/", "pigeons/add/"):
        client = full.client
        answer = client.post(full.url(path)) if path.endswith("add/") else client.get(full.url(path))
        assert answer.status_code == 404


COUNTS = {
    "": 10,
    "organisation/": 10,
    "sites/": 16,
    "services/": 17,
    "services/1/": 21,
    "contacts/": 16,
    "criteria/": 16,
    "criteria/1/": 20,
    "consents/": 10,
    "check/": 20,
}


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize("path", COUNTS)
def test_pages_of_a_draft_ask_the_same_number_of_questions(cabinet, path, item_count, django_assert_num_queries):
    fill(cabinet.draft, services=item_count)
    cabinet.client.get(cabinet.url(path))

    with django_assert_num_queries(COUNTS[path]):
        cabinet.client.get(cabinet.url(path))


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_of_a_submitted_application_asks_the_same_number_of_questions(
    cabinet, item_count, django_assert_num_queries
):
    found = make_submitted(organisation=cabinet.organisation, user=cabinet.user, services=item_count)
    cabinet.client.get(f"/cabinet/applications/{found.pk}/")

    with django_assert_num_queries(18):
        cabinet.client.get(f"/cabinet/applications/{found.pk}/")


@pytest.mark.parametrize("item_count", [1, 3])
def test_autosave_asks_the_same_number_of_questions(cabinet, item_count, django_assert_num_queries):
    import json

    fill(cabinet.draft, services=item_count)
    fields = {
        f"services/{number}/{name}": [[f"services/{number}/{name}", value]]
        for number in range(1, item_count + 1)
        for name, value in (("content", "Нове слово"), ("price", "99"), ("groups", "violence-survivors"))
    }
    cabinet.draft.refresh_from_db()
    sent = json.dumps({"base_version": cabinet.draft.version, "fields": fields})

    with django_assert_num_queries(15):
        answer = cabinet.client.post(cabinet.url("save/"), sent, content_type="application/json")

    assert answer.json()["refused"] == {}
