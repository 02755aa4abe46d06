"""The search for programs: the same answer as the page, nothing private, and a calm refusal."""

import pytest
from django.test import Client

from search.indexing import rebuild
from search.models import AskedQuery
from tests.factories.registry import make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(live):
    entry = make_provider(name="Диканський центр")
    rebuild(live)
    return entry


@pytest.mark.parametrize("item_count", [1, 3])
def test_api_asks_the_same_number_of_questions(client: Client, live, item_count, django_assert_num_queries):
    for _ in range(item_count):
        make_provider()
    rebuild(live)
    client.get("/api/v1/search?q=догляд")

    with django_assert_num_queries(0):
        answer = client.get("/api/v1/search?q=догляд").json()

    assert answer["total"] == item_count


def test_api_tells_what_was_understood_found_and_why(client: Client, centre):
    answer = client.get("/api/v1/search?q=сиділка+в+Диканьці").json()

    (found,) = answer["results"]
    assert answer["total"] == 1
    assert answer["understood"]["place"] == {"code": "UA53080130010081044", "name": "Диканька"}
    assert [concept["said"] for concept in answer["understood"]["concepts"]] == ["сиділка"]
    assert found["why"] == [{"said": "сиділка", "read_as": "догляд вдома"}]
    assert found["data"]["number"] == centre.number
    assert answer["facets"]["form"] == [{"value": "home", "label": "Вдома", "count": 1}]
    assert answer["pages"] == {"number": 1, "count": 1, "size": 20}
    assert answer["problems"] == {}


def test_api_takes_the_parameters_of_the_page(client: Client, centre):
    none = client.get("/api/v1/search?price=free&price=tariff").json()
    some = client.get("/api/v1/search?price=free&price=differentiated&near=49.82,34.53&radius=5&sort=near").json()

    assert none["total"] == 0
    assert [found["distance_km"] for found in some["results"]] == [0.21]


def test_api_names_unknown_values_and_answers_the_rest(client: Client, centre):
    response = client.get("/api/v1/search?place=UA99&page=x&sort=z")

    assert response.status_code == 200
    assert sorted(response.json()["problems"]) == ["page", "place", "sort"]


def test_api_speaks_english_when_asked(client: Client, centre):
    answer = client.get("/api/v1/search?q=сиділка&lang=en").json()

    assert answer["facets"]["service"] == [{"value": "home-care", "label": "Home care", "count": 1}]
    assert answer["results"][0]["why"][0]["read_as"] == "home care"


def test_api_and_pages_show_no_words_of_the_index(client: Client, centre):
    assert "tokens" not in client.get("/api/v1/search?q=догляд").json()["results"][0]["data"]
    assert "s:home-care" not in client.get("/api/v1/search?q=сиділка").content.decode()
    assert "s:home-care" not in client.get("/search/?q=сиділка").content.decode()


def test_api_counts_what_was_not_met(client: Client, centre):
    client.get("/api/v1/search?q=вертоліт")

    assert AskedQuery.objects.get().words == "вертоліт"


def test_api_without_an_engine_says_so(client: Client):
    response = client.get("/api/v1/search?q=догляд")

    assert response.status_code == 503
    assert response.json()["reason"] == "search_is_away"


def test_api_tells_its_schema_and_loads_nothing_from_elsewhere(client: Client):
    assert client.get("/api/v1/openapi.json").json()["paths"].keys() >= {"/api/v1/search", "/api/v1/suggest"}
    assert client.get("/api/v1/docs", follow=True).status_code == 404


@pytest.mark.parametrize("query", ["q=%00%ff", "q=" + "ї" * 9_000, "page=-1", "near=%00", "place=%00", "service=%00"])
def test_api_survives_strange_input(client: Client, centre, query):
    assert client.get(f"/api/v1/search?{query}").status_code == 200
