"""The list of competitions: what is open stands first, questions narrow it, a wrong address is answered kindly."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.ordering import make_official_who_orders, make_specification
from tests.factories.procurement import answer, make_call, make_cancelled, make_closed, make_published, make_question
from tests.factories.registry import make_catalogue, make_territories

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def listed(client: Client, query: str = "", **headers):
    return client.get(f"{reverse('procurement:competitions')}?{query}", **headers)


def titles(response) -> list[str]:
    return [row.competition.title for row in response.context["rows"]]


@pytest.fixture
def several():
    """Return competitions in three states, the open ones out of their order."""
    make_closed(title="Закритий", now=NOW - timedelta(days=40), closes_in=timedelta(days=10))
    make_cancelled(title="Відмінений", now=NOW - timedelta(days=30))
    make_published(title="Відкритий пізніше", now=NOW - timedelta(days=1), closes_in=timedelta(days=30))
    make_published(title="Відкритий раніше", now=NOW - timedelta(days=1), closes_in=timedelta(days=6))


def test_open_ones_stand_first_and_the_soonest_to_close_on_top(client, several):
    response = listed(client)

    assert response.status_code == 200
    assert titles(response)[:2] == ["Відкритий раніше", "Відкритий пізніше"]
    assert sorted(titles(response)[2:]) == ["Відмінений", "Закритий"]


def test_a_draft_is_in_no_list(client, several):
    make_call(title="Чернетка", now=NOW)

    assert "Чернетка" not in listed(client).content.decode()
    assert listed(client, "q=Чернетка").context["total"] == 0


def test_words_say_until_when_and_how_long_there_is(client):
    published = make_published(now=NOW - timedelta(hours=1), closes_in=timedelta(days=12, hours=3))
    row = listed(client).context["rows"][0]

    assert row.left == "12 днів"
    assert str(timezone.localtime(published.closes_at).day) in row.when


NARROWED = [
    ("phase=accepting", {"Відкритий раніше", "Відкритий пізніше"}),
    ("phase=cancelled", {"Відмінений"}),
    ("phase=closed&phase=cancelled", {"Закритий", "Відмінений"}),
    ("q=відкритого", {"Відкритий раніше", "Відкритий пізніше"}),
    ("q=ДОГЛЯДУ", {"Відкритий раніше", "Відкритий пізніше", "Закритий", "Відмінений"}),
    ("q=диканьк", {"Відкритий раніше", "Відкритий пізніше", "Закритий", "Відмінений"}),
    ("q=ракета", set()),
    ("service=home-care&phase=accepting", {"Відкритий раніше", "Відкритий пізніше"}),
    ("service=shelter", set()),
    ("group=older-people&phase=closed", {"Закритий"}),
    ("procedure=social-order&phase=closed", {"Закритий"}),
    ("procedure=social-project", set()),
    ("oblast=UA53000000000028050&phase=closed", {"Закритий"}),
    ("oblast=UA51000000000030770", set()),
    ("hromada=UA53080130000079450&phase=cancelled", {"Відмінений"}),
    ("sum_from=648+000&sum_to=648000,00&phase=closed", {"Закритий"}),
    ("sum_from=648001", set()),
]


@pytest.mark.databases
def test_questions_narrow_the_list(client, several):
    for query, expected in NARROWED:
        response = listed(client, query)
        assert response.context["read"].problems == {}, query
        assert set(titles(response)) == expected, query


@pytest.mark.databases
def test_counts_beside_choices_are_what_choosing_finds(client, several):
    make_published(title="Притулок", now=NOW, lots=[shelter()])
    for facet in listed(client).context["facets"]:
        for choice in facet.choices:
            assert listed(client, f"{facet.name}={choice.value}").context["total"] == choice.count, choice


def shelter():
    words = make_catalogue()
    return make_specification(
        service_type=words.shelter,
        group=words.violence_survivors,
        title="Притулок",
        ceiling=Decimal("90000.00"),
        volume=None,
        tariff=None,
    )


@pytest.mark.parametrize("sort", ["newest", "sum"])
def test_other_orders_show_the_same_competitions(client, several, sort):
    assert sorted(titles(listed(client, f"sort={sort}"))) == sorted(titles(listed(client)))


NOT_UNDERSTOOD = [
    *(f"{name}=nope" for name in ("phase", "service", "group", "procedure", "oblast", "hromada", "sort", "page")),
    *("sum_from=багато", "sum_to=-1", "sum_from=NaN", "sum_to=1e400", "q=%00"),
]


def test_what_is_not_understood_is_said_and_left_aside(client, several):
    for query in NOT_UNDERSTOOD:
        response = listed(client, query)
        assert response.status_code == 200, query
        assert response.context["total"] == 4, query
        assert query == "q=%00" or query.split("=")[0] in response.context["read"].problems, query


def test_hromada_of_another_oblast_gives_the_oblast(client, several):
    response = listed(client, "oblast=UA51000000000030770&hromada=UA53080130000079450")

    assert "hromada" in response.context["read"].problems
    assert response.context["total"] == 0


def test_a_list_that_found_nothing_says_what_would_help(client, several):
    response = listed(client, "q=ракета&phase=accepting")

    assert [way.would_find for way in response.context["ways_out"]] == [2]
    assert "q=ракета" not in response.context["ways_out"][0].without


def test_an_empty_portal_says_where_to_go_on(client):
    response = listed(client)

    assert response.status_code == 200
    assert response.context["ways_out"] == []


def test_htmx_gets_the_changing_part_alone(client, several):
    whole, part = listed(client), listed(client, headers={"HX-Request": "true"})

    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert "HX-Request" in part["Vary"]


def test_pages_follow_one_another(client, settings):
    settings.REGISTER_PAGE_SIZE = 2
    official = make_official_who_orders()
    for number in range(3):
        make_published(user=official, now=NOW, title=f"Конкурс {number}", closes_in=timedelta(days=10 + number))

    first, second = listed(client), listed(client, "page=2")
    assert titles(first) + titles(second) == ["Конкурс 0", "Конкурс 1", "Конкурс 2"]
    assert titles(listed(client, "page=9")) == ["Конкурс 2"]


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_asks_the_same_number_of_questions(client, django_assert_num_queries, item_count):
    official = make_official_who_orders()
    for _number in range(item_count):
        make_published(user=official, now=NOW, lots=2)
    listed(client)

    with django_assert_num_queries(11):
        listed(client, "oblast=UA53000000000028050")


@pytest.mark.parametrize("item_count", [1, 3])
def test_words_are_looked_up_once_for_all_counts(client, django_assert_num_queries, item_count):
    official = make_official_who_orders()
    for _number in range(item_count):
        make_published(user=official, now=NOW, title="Денний догляд")
    listed(client)

    with django_assert_num_queries(11):
        assert listed(client, "q=догляд").context["total"] == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_held_ones_ask_no_more_questions(client, django_assert_num_queries, item_count):
    official = make_official_who_orders()
    for _number in range(item_count):
        one = make_published(user=official, now=NOW - timedelta(days=21))
        answer(make_question(one), user=official, now=NOW)
        make_question(make_published(user=official, now=NOW - timedelta(days=21)))
    response = listed(client)
    assert {row.phase for row in response.context["rows"]} == {"held"}

    with django_assert_num_queries(9):
        listed(client)


def test_the_list_is_read_in_english(client, several):
    make_territories()
    assert client.get("/en/competitions/").status_code == 200
