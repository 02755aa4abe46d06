"""Answers saved by the button and by the script: kept, told faults beside their fields, and never lost to another."""

import json
from html import unescape

import pytest

from registry.domain.drafts import save_draft
from tests.factories.applications import NOW, save, site_part
from tests.factories.registry import make_territories

pytestmark = pytest.mark.django_db


def page_of(response) -> str:
    return unescape(response.content.decode())


def base_of(response) -> str:
    """Return what the page says its fields began with, as its form hands it back."""
    return response.context["sheet"].base_json


def post(cabinet, path, fields, *, client=None, opened=None):
    """Send the page's form as a browser without scripts does, with every field of the page."""
    client = client or cabinet.client
    opened = opened or client.get(cabinet.url(path))
    sheet = opened.context["sheet"]
    data = {"version": sheet.version, "base": base_of(opened)}
    for form in sheet.forms:
        for bound in form:
            value = bound.value()
            if bound.field.kind == "hours":
                for widget in bound.subwidgets[0].data["subwidgets"]:
                    data[widget["name"]] = widget["value"] or ""
            elif bound.field.kind == "place":
                data[bound.html_name] = bound.field.prepare_value(value) or ""
            elif value is None and bound.field.kind == "group":
                continue
            elif bound.field.kind != "flag" or value:
                data[bound.html_name] = "" if value is None else value
    return client.post(cabinet.url(path), {**data, **fields})


def autosave(cabinet, fields, *, version, client=None):
    sent = {"base_version": version, "fields": fields, "here": cabinet.url("organisation/")}
    return (client or cabinet.client).post(cabinet.url("save/"), json.dumps(sent), content_type="application/json")


def write(cabinet, patch, user=None):
    """Save as somebody else at another screen."""
    cabinet.draft.refresh_from_db()
    return save_draft(
        application_id=cabinet.draft.pk,
        user=user or cabinet.colleague_user,
        base_version=cabinet.draft.version,
        patch=patch,
        now=NOW,
    )


# --- the button ----------------------------------------------------------------------------------------------------


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


def test_missing_answers_are_told_only_to_those_who_ask(cabinet):
    save(cabinet.draft, {"sites/1/kind": "legal"})

    assert not cabinet.client.get(cabinet.url("sites/1/")).context["sheet"].faults
    told = cabinet.client.get(cabinet.url("sites/1/?missing=1")).context["sheet"].faults
    assert [anchor for anchor, _label, _reason in told] == ["f-sites/1/territory", "f-sites/1/street"]


# --- several things of a kind --------------------------------------------------------------------------------------


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


# --- two editors ---------------------------------------------------------------------------------------------------


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


# --- the script ----------------------------------------------------------------------------------------------------


def test_autosave_sets_the_changed_fields_and_says_when(cabinet):
    response = autosave(
        cabinet,
        {
            "about/about": [["about/about", "Слово"]],
            "organisation/ownership_form": [["organisation/ownership_form", "private"]],
        },
        version=1,
    )

    answer = response.json()
    assert response.status_code == 200
    assert (answer["version"], answer["refused"], answer["contested"]) == (2, {}, [])
    assert answer["values"] == {"about/about": "Слово", "organisation/ownership_form": "private"}
    assert len(answer["at"]) == 5
    assert cabinet.content["about/about"] == "Слово"


def test_autosave_refuses_field_by_field(cabinet):
    save(cabinet.draft, {"services/1/service_type": "home-care"})

    answer = autosave(
        cabinet,
        {
            "services/1/price": [["services/1/price", "багато"]],
            "services/1/content": [["services/1/content", "Добре"]],
            "services/9/content": [["services/9/content", "Такої немає"]],
            "nonsense": [["nonsense", "x"]],
            "organisation/legal_form": [["organisation/legal_form", "carer_professional"]],
        },
        version=2,
    ).json()

    assert sorted(answer["refused"]) == [
        "nonsense",
        "organisation/legal_form",
        "services/1/price",
        "services/9/content",
    ]
    assert answer["values"] == {"services/1/content": "Добре"}


def test_autosave_brings_the_choice_between_two_versions(cabinet):
    write(cabinet, {"about/about": "Чуже"})

    answer = autosave(cabinet, {"about/about": [["about/about", "Моє"]]}, version=1).json()

    assert answer["contested"] == ["about/about"]
    assert "Чуже" in answer["panel"]
    assert 'name="path-0" value="about/about"' in answer["panel"]
    assert f'value="{cabinet.url("organisation/")}"' in answer["panel"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"fields": []}', '{"fields": {"x": 1}, "base_version": "y"}', "\xff"]
)
def test_autosave_of_nonsense_breaks_nothing(cabinet, body):
    response = cabinet.client.post(cabinet.url("save/"), body, content_type="application/json")

    assert response.status_code in (200, 400)
    assert cabinet.draft.version == 1


def test_autosave_speaks_to_whoever_is_signed_out(cabinet, client):
    assert autosave(cabinet, {}, version=1, client=client).status_code == 401


def test_places_are_suggested_to_people_of_the_cabinet(cabinet, client):
    told = cabinet.client.get("/cabinet/places/?q=дикан").json()["places"]

    assert [place["text"].split(",")[0] for place in told] == ["Диканська громада", "Диканька"]
    assert client.get("/cabinet/places/?q=дикан").status_code == 302


# --- a draft as a file ---------------------------------------------------------------------------------------------


def test_draft_goes_out_as_a_file_and_comes_back(full):
    exported = full.client.get(full.url("export.json"))
    assert exported["Content-Disposition"].startswith('attachment; filename="poruch-')
    save(full.draft, {"about/about": None})
    version = full.client.get(full.url("file/")).context["application"].version

    response = read_back(full, exported.content, version)

    assert response.status_code == 409
    (one,) = response.context["contested"]
    assert (one.path, one.mine) == ("about/about", "Допомагаємо людям удома з 2015 року.")


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe", b"[1]", b'{"format": "poruch-draft"}'])
def test_file_that_is_no_draft_is_refused_with_a_reason(full, data):
    response = read_back(full, data, full.draft.version)

    assert response.status_code == 422
    assert response.context["refusal"]


def test_file_page_asks_for_the_file(full):
    response = full.client.post(full.url("file/"), {"version": 1})

    assert response.status_code == 422
    assert response.context["refusal"]


def read_back(cabinet, data, version):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("draft.json", data, content_type="application/json")
    return cabinet.client.post(cabinet.url("file/"), {"version": version, "file": file})
