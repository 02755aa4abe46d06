"""Answers saved by the script: field by field, with what was refused and what another wrote."""

import pytest

from tests.cabinet.posting import autosave, write
from tests.factories.applications import save

pytestmark = pytest.mark.django_db


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
