"""Competitions and orders for programs: what the pages say, nothing that they do not."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from procurement.domain.calls.timeline import timeline
from tests.factories import orders, procurement
from tests.factories.accounts import make_person
from tests.factories.registry import make_catalogue, make_territories
from tests.news.announcing import LATER, NOW, change, extend, make_announced, make_bidder, make_question, make_revision

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def competition():
    return make_announced()


def test_list_takes_the_filter_of_the_page(client: Client, competition):
    places, words = make_territories(), make_catalogue()
    other = make_announced(hromada=places.odesa_hromada, service=words.shelter, group=None)

    def numbers(query):
        return {row["number"] for row in client.get(f"/api/v1/competitions?{query}").json()["results"]}

    assert numbers("") == {competition.number, other.number}
    assert numbers("service=shelter") == {other.number}
    assert numbers("group=older-people&service=home-care") == {competition.number}
    assert numbers(f"oblast={places.odeska.code}") == {other.number}
    assert numbers(f"hromada={places.dykanska.code}") == {competition.number}
    answer = client.get("/api/v1/competitions?service=nonsense&page=x").json()
    assert answer["total"] == 2
    assert sorted(answer["problems"]) == ["page", "service"]
    assert answer["pages"] == {"number": 1, "count": 1, "size": 20}


def test_line_says_what_the_list_says(client: Client, competition):
    (row,) = client.get("/api/v1/competitions?lang=en").json()["results"]

    assert row["title"] == competition.title
    assert row["hromada"] == {"code": make_territories().dykanska.code, "name": "Диканська громада"}
    assert row["services"] == ["Home care"]
    assert row["closes_at"] == "2027-03-01T18:00:00+02:00"
    assert row["total"] == "648000.00"
    assert row["url"].endswith(f"/competitions/{competition.number}/")
    assert (row["version"], row["sequence"]) == (1, 0)


def test_list_comes_in_pages(client: Client, settings):
    settings.REGISTER_PAGE_SIZE = 2
    for _ in range(3):
        make_announced()

    answer = client.get("/api/v1/competitions?page=2").json()

    assert answer["total"] == 3
    assert len(answer["results"]) == 1
    assert answer["pages"] == {"number": 2, "count": 2, "size": 2}


def test_competition_tells_the_reasons_of_its_dates_as_the_page_does(client: Client, competition):
    extend(competition)

    answer = client.get(f"/api/v1/competitions/{competition.number}").json()

    competition.refresh_from_db()
    lines = timeline(competition, NOW)
    assert [point["point"] for point in answer["timeline"]] == [line.point for line in lines]
    for point, line in zip(answer["timeline"], lines, strict=True):
        assert point["why"] == list(line.why)
        assert point["citations"] == list(line.citations)
    assert [version["number"] for version in answer["versions"]] == [2, 1]
    assert answer["versions"][0]["reason"] == "Мало часу на підготовку."
    assert answer["versions"][0]["digest"] == competition.versions.get(number=2).digest
    assert answer["content"]["lots"][0]["service_slug"] == "home-care"
    assert answer["content"]["title"] == competition.title
    assert answer["sequence"] == 1


def test_question_is_told_without_who_asked(client: Client, competition):
    asker = make_person("asker@provider.example")
    make_question(competition, asked_by=asker, state="answered", answer="Так.", answered_at=LATER)

    (question,) = client.get(f"/api/v1/competitions/{competition.number}").json()["questions"]

    assert (question["text"], question["answer"], question["state"]) == (
        "Чи можна подати на два лоти?",
        "Так.",
        "answered",
    )
    assert set(question) == {"number", "state", "text", "asked_at", "answer_due_on", "answer", "answered_at"}


def test_nothing_of_a_proposal_is_told(client: Client, competition):
    proposal = make_bidder(competition)
    make_revision(proposal, 1, LATER, "c" * 64)

    told = json.dumps(client.get(f"/api/v1/competitions/{competition.number}").json(), ensure_ascii=False)
    told += json.dumps(client.get("/api/v1/competitions").json(), ensure_ascii=False)

    for secret in (proposal.organisation.name, str(proposal.pk), "c" * 64, "frozen", "wrapped_key"):
        assert secret not in told


def test_draft_and_unknown_numbers_are_not_found(client: Client):
    draft = procurement.make_call()

    assert client.get("/api/v1/competitions").json()["total"] == 0
    for number in (draft.pk, "2020-00001", "x" * 60, "%00"):
        assert client.get(f"/api/v1/competitions/{number}").status_code == 404


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_asks_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    for _ in range(item_count):
        extend(make_announced())
    client.get("/api/v1/competitions")

    with django_assert_num_queries(4):
        client.get("/api/v1/competitions")


@pytest.mark.parametrize("item_count", [1, 3])
def test_competition_asks_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    competition = make_announced()
    for number in range(item_count):
        make_question(competition, asked_by=make_person())
        change(competition, now=LATER + timedelta(hours=number), requirements=f"Надавач із Реєстру, {number}.")
    client.get(f"/api/v1/competitions/{competition.number}")

    with django_assert_num_queries(6):
        client.get(f"/api/v1/competitions/{competition.number}")


# --- orders ----------------------------------------------------------------------------------------------------------


def test_orders_tell_when_the_decision_was_due_and_why(client: Client):
    orders.make_norms()
    act = orders.make_budget_act()
    (row,) = client.get("/api/v1/orders?lang=en").json()["results"]

    assert (row["number"], row["year"], row["kind"]) == (act.number, 2027, "adopted")
    assert row["decision_due_on"] == "2027-03-01"
    assert row["why"]
    assert row["citations"]
    assert row["decision"] is None


def test_orders_tell_the_decision_with_its_services(client: Client):
    procurement.make_rules()
    decision = procurement.make_order_decision()

    (row,) = client.get("/api/v1/orders").json()["results"]

    told = row["decision"]
    assert (told["number"], told["decided_on"], told["outcome"]) == (
        decision.number,
        decision.decided_on.isoformat(),
        "order",
    )
    assert [service["service"] for service in told["services"]] == ["home-care", "shelter"]
    assert told["services"][0]["amount"] == "324000.00"
    assert row["state"] in {"in_time", "late", "decided"}


def test_orders_narrow_by_place_year_and_state(client: Client):
    places = make_territories()
    procurement.make_budget_act(places.dykanska)
    procurement.make_budget_act(places.odesa_hromada)

    def places_of(query):
        return {row["hromada"]["name"] for row in client.get(f"/api/v1/orders?{query}").json()["results"]}

    assert places_of("") == {"Диканська громада", "Одеська громада"}
    assert places_of(f"oblast={places.odeska.code}") == {"Одеська громада"}
    assert places_of(f"hromada={places.dykanska.code}&year=2027") == {"Диканська громада"}
    assert places_of("year=2020") == set()
    assert places_of("state=overdue") == set()
    assert sorted(client.get("/api/v1/orders?year=x&state=y&oblast=z").json()["problems"]) == [
        "oblast",
        "state",
        "year",
    ]


@pytest.mark.parametrize("item_count", [1, 3])
def test_orders_ask_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    places = make_territories()
    for place in (places.dykanska, places.poltava_hromada, places.odesa_hromada)[:item_count]:
        procurement.make_order_decision(procurement.make_budget_act(place))
    client.get("/api/v1/orders")

    with django_assert_num_queries(5):
        client.get("/api/v1/orders")


@pytest.mark.parametrize("query", ["year=%00", "hromada=%00", "state=%00&page=-1", "oblast=" + "ї" * 3_000, "lang=xx"])
def test_orders_survive_strange_input(client: Client, query):
    assert client.get(f"/api/v1/orders?{query}").status_code == 200


def test_schema_names_the_new_addresses(client: Client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert {"/api/v1/competitions", "/api/v1/competitions/{number}", "/api/v1/orders", "/api/v1/search"} <= set(paths)
