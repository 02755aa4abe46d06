"""Suggestions while typing: what they offer, in which order, whatever the keyboard, and how fast."""

import time

import pytest
from django.test import Client

from search import reference_words
from search.indexing import rebuild
from search.suggesting import MOST, Suggester, _places, _Prefixes
from tests.factories.registry import make_provider


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    """Return the suggestions of the committed catalogue, synonyms and codifier."""
    places = _Prefixes(_places(reference_words.gazetteer().by_code))
    return Suggester(reference_words.services(), reference_words.meanings(), places)


def shown(suggester: Suggester, typed: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in suggester.suggest(typed)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("догляд вд", ("service", "Догляд вдома")),
        ("вдом", ("service", "Догляд вдома")),
        ("сиділ", ("need", "сиділка")),
        ("полта", ("place", "Полтава")),
        ("Полтавська об", ("place", "Полтавська область")),
        ("сиділка в полт", ("place", "сиділка Полтава")),
        ("home ca", ("service", "Догляд вдома")),
        ("ljukzl", ("service", "Догляд вдома")),
        ("poltav", ("place", "Полтава")),
        ("sydilk", ("need", "сиділка")),
        ("полтаві", ("place", "Полтава")),
    ],
)
def test_suggestions_offer_what_was_begun(suggester, typed, expected):
    assert expected in shown(suggester, typed)


def test_suggestions_put_services_before_needs_before_places(suggester):
    kinds = [kind for kind, _text in shown(suggester, "при")]

    assert kinds == sorted(kinds, key=["service", "need", "place"].index)
    assert set(kinds) == {"service", "need", "place"}
    assert len(kinds) == MOST


def test_suggestions_name_big_places_first(suggester):
    assert next(text for kind, text in shown(suggester, "київ") if kind == "place") == "Київ"
    assert next(text for kind, text in shown(suggester, "льв") if kind == "place") == "Львів"


def test_suggested_place_leaves_the_words(suggester):
    found = next(one for one in suggester.suggest("сиділка у пол") if one.text == "сиділка Полтава")

    assert (found.query, found.place) == ("сиділка", "UA53080370010073240")


@pytest.mark.parametrize("typed", ["", " ", "\x00", "😀", "'", "x" * 100_000, "ї" * 5_000, "%", "🇺🇦 а", "в"])
def test_suggestions_survive_strange_input(suggester, typed):
    assert len(suggester.suggest(typed)) <= MOST


def test_suggestions_take_a_few_milliseconds(suggester):
    beginnings = [
        word[:size]
        for word in ("догляд вдома", "сиділка", "полтава", "притулок", "poltava", "cbl")
        for size in range(1, len(word) + 1)
    ]
    for typed in beginnings:
        suggester.suggest(typed)
    took = []
    for typed in beginnings * 5:
        began = time.perf_counter()
        suggester.suggest(typed)
        took.append(time.perf_counter() - began)

    assert sorted(took)[int(len(took) * 0.95)] < 0.005


@pytest.mark.django_db
def test_suggestions_of_the_portal_come_without_a_query(client: Client, live, django_assert_num_queries):
    make_provider()
    rebuild(live)
    client.get("/api/v1/suggest?q=догляд")

    with django_assert_num_queries(0):
        told = client.get("/api/v1/suggest?q=догляд").json()["suggestions"]

    assert (told[0]["kind"], told[0]["text"], told[0]["slug"]) == ("service", "Догляд вдома", "home-care")


@pytest.mark.django_db
def test_suggestions_speak_the_readers_language(client: Client, live):
    make_provider()
    rebuild(live)

    english, ukrainian = (
        client.get(f"/api/v1/suggest?q=сиділка&lang={language}").json()["suggestions"][0] for language in ("en", "xx")
    )

    assert (english["text"], english["detail"]) == ("сиділка", "Home care")
    assert ukrainian["detail"] == "Догляд вдома"


@pytest.mark.django_db
def test_suggestions_need_no_engine(client: Client):
    make_provider()

    assert client.get("/api/v1/suggest?q=дикан").json()["suggestions"][0]["text"] == "Диканька"
