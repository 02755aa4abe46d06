"""The search as a page: what it shows, counts and keeps in its address, for visitors and for editors."""

from datetime import date
from urllib.parse import parse_qs

import pytest
from django.core.cache import cache
from django.test import Client

from portal.accounts.second_factor import PASSED
from search.models import Promotion
from tests.factories.accounts import make_official
from tests.search.asking import POLTAVSKA, text_of, titles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(
    "address",
    ["/search/", "/search/?q=догляд+вдома+в+Диканьці&form=home", "/search/?q=догляд&near=49.82,34.53&sort=near"],
)
def test_search_asks_the_same_number_of_questions(client: Client, many, item_count, address, django_assert_num_queries):
    many(item_count)
    client.get(address)

    with django_assert_num_queries(0):
        response = client.get(address)

    assert response.context["answer"].total == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_search_of_a_cold_process_asks_few_questions(client: Client, many, item_count, django_assert_max_num_queries):
    many(item_count)
    client.get("/search/?q=догляд")
    cache.clear()

    with django_assert_max_num_queries(12):
        client.get("/search/?q=догляд")


def test_search_finds_a_need_in_a_place_and_says_why(client: Client, world):
    response = client.get("/search/?q=сиділка+в+Диканьці")

    (line,) = response.context["lines"]
    assert (line.provider, line.title, line.phone) == ("Диканський центр", "Догляд вдома", "+380535190000")
    assert line.why == [("сиділка", "догляд вдома")]
    page = text_of(response)
    assert "сиділка → догляд вдома" in page
    assert 'href="tel:+380535190000"' in page
    assert [chip.value for chip in response.context["understood"]] == ["догляд вдома", "Диканька"]


def test_search_chip_leads_to_the_question_without_it(client: Client, world):
    response = client.get("/search/?q=сиділка+в+Диканьці&form=home&sort=fresh")

    need, place = (parse_qs(chip.without) for chip in response.context["understood"])
    (form,) = (parse_qs(chip.without) for chip in response.context["chips"])
    assert need == {"q": ["в Диканьці"], "form": ["home"], "sort": ["fresh"]}
    assert place == {"q": ["сиділка"], "form": ["home"], "sort": ["fresh"]}
    assert form == {"q": ["сиділка в Диканьці"], "sort": ["fresh"]}


def test_search_restores_its_state_from_the_address(client: Client, world):
    address = f"/search/?q=догляд&place={POLTAVSKA}&form=home&price=differentiated&price=free&sort=fresh"

    response = client.get(address)

    page = response.content.decode()
    assert 'value="догляд"' in page
    assert f'<option value="{POLTAVSKA}" lang="uk" selected>' in page
    assert 'value="home" id="f-form-home" checked' in page
    assert 'value="differentiated" id="f-price-differentiated" checked' in page
    assert 'value="free" id="f-price-free" checked' in page
    assert '<input type="hidden" name="sort" value="fresh" form="filters">' in page
    assert '<option value="fresh" selected>' in client.get("/search/?sort=fresh").content.decode()
    assert titles(response) == ["Диканський центр"]


def test_search_place_chosen_beside_words_wins_over_the_one_in_them(client: Client, world):
    response = client.get(f"/search/?q=догляд+Одеса&place={POLTAVSKA}")

    assert response.context["read"].text == "догляд"
    assert titles(response) == ["Диканський центр"]


def test_search_counts_every_choice_exactly_without_its_own_facet(client: Client, world):
    response = client.get("/search/?service=shelter")

    counts = {
        facet.name: {choice.value: (choice.count, choice.chosen) for choice in facet.choices}
        for facet in response.context["facets"]
    }
    assert counts["service"] == {"home-care": (1, False), "shelter": (1, True)}
    assert counts["price"] == {"free": (1, False)}
    assert counts["urgent"] == {"1": (1, False)}
    assert response.context["answer"].total == 1


def test_search_says_who_serves_a_place_from_elsewhere(client: Client, world):
    response = client.get("/search/?q=притулок+в+Диканьці")

    assert [(line.provider, line.serves) for line in response.context["lines"]] == [("ГО «Прихисток»", "Диканька")]


def test_search_near_a_settlement_says_how_far(client: Client, world):
    response = client.get("/search/?near=UA53080130010081044&sort=near&radius=10")

    assert [(line.provider, line.distance.split()[0]) for line in response.context["lines"]] == [
        ("Диканський центр", "200")
    ]
    assert next(chip.value for chip in response.context["chips"]).startswith("Диканька, ")


def test_search_nearest_first_takes_the_place_of_the_words(client: Client, world):
    with_place = client.get("/search/?q=догляд+у+Диканьці&sort=near")
    without = client.get("/search/?q=догляд&sort=near")

    assert with_place.context["read"].question.near == (49.82, 34.53)
    assert list(without.context["read"].problems) == ["sort"]
    assert titles(without) == ["Диканський центр"]


def test_search_keeps_a_position_of_the_browser_nowhere(client: Client, world):
    headers = {"HX-Request": "true", "Portal-Position": "49.821,34.532"}

    response = client.get("/search/?q=догляд&sort=near", headers=headers)

    assert [line.distance.split()[0] for line in response.context["lines"]] == ["50"]
    page = response.content.decode()
    assert "49.821,34.532" not in page
    assert "near=" not in page
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("position", ["", "x", "99,99999", "1,2,3", "\x00", "999,1"])
def test_search_leaves_a_strange_position_aside(client: Client, world, position):
    response = client.get("/search/?q=догляд", headers={"Portal-Position": position})

    assert response.context["read"].question.near is None
    assert titles(response) == ["Диканський центр"]


def test_search_names_what_it_did_not_understand_beside_the_field(client: Client, world):
    response = client.get(
        "/search/?place=UA99&service=nonsense&sort=sideways&page=x&near=1&radius=3&open=later&urgent=2"
    )

    page = text_of(response)
    assert response.status_code == 200
    assert sorted(response.context["read"].problems) == [
        "near",
        "open",
        "page",
        "place",
        "radius",
        "service",
        "sort",
        "urgent",
    ]
    assert 'href="#f-place"' in page
    assert 'aria-describedby="e-place"' in page
    assert "«nonsense»" in page
    assert response.context["answer"].total == 2


def test_search_past_its_end_shows_the_last_page(client: Client, many):
    many(21)

    response = client.get("/search/?page=99999")

    assert (response.context["pages"].number, len(response.context["lines"])) == (2, 1)
    assert response.context["pages"].earlier == ""
    assert response.context["pages"].later is None


def test_search_gives_htmx_only_its_changing_part(client: Client, world):
    fragment = client.get("/search/", headers={"HX-Request": "true"})
    restored = client.get("/search/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<html" not in fragment.content.decode()
    assert "<html" in restored.content.decode()
    assert {"HX-Request", "Portal-Position"} <= set(fragment["Vary"].split(", "))
    assert "public" not in fragment["Cache-Control"]


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "{{ 7|add:7 }}"]
)
def test_search_shows_words_as_words(client: Client, world, words):
    for address in ("/search/", "/en/search/"):
        page = client.get(address, {"q": words, "place": words, "service": words}).content.decode()

        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "' onmouseover='" not in page


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "ї" * 10_000,
        "q=%00%01%1b%ff",
        "page=-1",
        "page=٣",
        "service=%00",
        "place=%00",
        "q=%F0%9F%98%80",
        "near=%00",
    ],
)
def test_search_survives_strange_input(client: Client, world, query):
    assert client.get(f"/search/?{query}").status_code == 200


def test_search_in_english_speaks_english_and_marks_names(client: Client, world):
    response = client.get("/en/search/?q=shelter")

    page = response.content.decode()
    assert '<html lang="en">' in page
    assert "1 service found" in page
    assert '<h3 lang="en"><a href="/en/registry/' in page
    assert "Shelter" in page
    assert 'href="/search/?q=shelter" lang="uk"' in page


def test_search_refuses_to_be_posted_to(client: Client):
    assert client.post("/search/").status_code == 405
    assert client.post("/search/outlines.json").status_code == 405


@pytest.mark.parametrize(("role", "explained"), [("editor", 1), ("auditor", 1), ("registrar", 0), (None, 0)])
def test_search_explains_results_to_those_who_answer_for_its_words(client: Client, world, role, explained):
    if role:
        client.force_login(make_official(role))

    page = client.get("/search/?q=сиділка+в+Диканьці&explain=1").content.decode()

    assert page.count('class="explained') == explained
    assert ("s:home-care" in page) is bool(explained)


def test_search_explains_nothing_to_an_official_without_a_second_factor(client: Client, world):
    client.force_login(make_official("administrator"))
    session = client.session
    session.pop(PASSED)
    session.save()

    page = client.get("/search/?q=сиділка+в+Диканьці&explain=1").content.decode()

    assert 'class="explained' not in page


def test_boxes_of_the_front_page_and_of_the_register_are_this_search(client: Client, world):
    home, register = client.get("/").content.decode(), client.get("/registry/?q=центр").content.decode()

    for page in (home, register):
        assert "<form" in page
        assert 'action="/search/" method="get" role="search"' in page
        assert 'data-portal-suggest="/api/v1/suggest"' in page
    assert 'name="place"' in home
    assert f'<option value="{POLTAVSKA}"' in home
    assert '<input type="hidden" name="q" value="центр">' in register


def test_search_shows_what_editors_put_above_the_results(client: Client, world):
    Promotion.objects.create(
        phrases="насильство", title="Гаряча лінія", text="Цілодобово", url="/services/", valid_from=date(2020, 1, 1)
    )

    shown, not_shown = client.get("/search/?q=насильство+вдома"), client.get("/search/?q=догляд")

    assert '<a href="/services/"><b>Гаряча лінія</b></a>' in shown.content.decode()
    assert "Гаряча лінія" not in not_shown.content.decode()
    assert client.get("/api/v1/search?q=насильство").json()["promoted"][0]["title"] == "Гаряча лінія"
