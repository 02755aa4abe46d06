"""Two editors of one draft: neither loses a word to the other."""

import pytest

from tests.cabinet.posting import autosave, base_of, page_of, post, write
from tests.factories.applications import save

pytestmark = pytest.mark.django_db


def test_two_editors_of_different_fields_lose_nothing(cabinet):
    mine = cabinet.client.get(cabinet.url("organisation/"))
    theirs = cabinet.colleague.get(cabinet.url("organisation/"))

    post(cabinet, "organisation/", {"about/about": "Чуже слово"}, client=cabinet.colleague, opened=theirs)
    response = post(cabinet, "organisation/", {"organisation/short_name": "Турбота"}, opened=mine)

    assert response.status_code == 302
    assert (cabinet.content["about/about"], cabinet.content["organisation/short_name"]) == ("Чуже слово", "Турбота")


@pytest.mark.parametrize(("choice", "stays"), [("mine", "Моє"), ("theirs", "Чуже")])
def test_same_field_of_two_editors_is_shown_and_chosen(cabinet, choice, stays):
    opened = cabinet.client.get(cabinet.url("organisation/"))
    write(cabinet, {"about/about": "Чуже"})

    response = post(
        cabinet, "organisation/", {"about/about": "Моє", "organisation/short_name": "Турбота"}, opened=opened
    )

    page = page_of(response)
    assert response.status_code == 409
    assert "Моє" in page
    assert "Чуже" in page
    assert str(cabinet.colleague_user) in page
    assert cabinet.content["organisation/short_name"] == "Турбота"

    (one,) = response.context["contested"]
    data = {
        "version": response.context["application"].version,
        "next": response.context["onward"],
        "path-0": one.path,
        "mine-0": one.mine_json,
        "choice-0": choice,
    }
    chosen = cabinet.client.post(cabinet.url("conflicts/"), data)
    assert chosen.url == cabinet.url()
    assert cabinet.content["about/about"] == stays


def test_choice_that_was_overtaken_is_asked_again(cabinet):
    first = write(cabinet, {"about/about": "Чуже"})
    write(cabinet, {"about/about": "Ще новіше"})

    data = {"version": first.version, "path-0": "about/about", "mine-0": '"Моє"', "choice-0": "mine"}
    response = cabinet.client.post(cabinet.url("conflicts/"), data)

    assert response.status_code == 409
    assert response.context["contested"][0].theirs == "Ще новіше"


def test_conflict_beside_a_fault_keeps_everything_typed(cabinet):
    save(cabinet.draft, {"services/1/service_type": "home-care"})
    opened = cabinet.client.get(cabinet.url("services/1/"))
    write(cabinet, {"services/1/content": "Чуже"})

    response = post(cabinet, "services/1/", {"services/1/content": "Моє", "services/1/price": "багато"}, opened=opened)

    page = page_of(response)
    assert response.status_code == 422
    assert "Моє" in page
    assert "Чуже" in page
    assert 'value="багато"' in page
    again = post(cabinet, "services/1/", {"services/1/content": "Моє", "services/1/price": ""}, opened=response)
    assert again.status_code == 302
    assert cabinet.content["services/1/content"] == "Моє"


def test_part_taken_out_by_another_while_it_is_edited_is_told(cabinet):
    save(cabinet.draft, {"services/1/service_type": "home-care"})
    opened = cabinet.client.get(cabinet.url("services/1/"))
    write(cabinet, {"services/1/removed": True})

    data = {"version": opened.context["sheet"].version, "base": base_of(opened), "services/1/content": "Моє"}
    response = autosave(cabinet, {"services/1/content": [["services/1/content", "Моє"]]}, version=data["version"])

    assert response.json()["contested"] == ["services/1/removed"]
    assert cabinet.content["services/1/content"] == "Моє"
