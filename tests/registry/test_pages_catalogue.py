"""The catalogue of services and the pages of territories: whom to ask, what is missing, nothing small or private."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.records import ServiceRecord, SiteRecord
from registry.models import ServiceType
from registry.queries.figures import SMALLEST_GROUP, publishable
from tests.factories.registry import make_carer, make_catalogue, make_provider, make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("\xa0", " ").split())


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/services/", 1),
        ("/services/home-care/", 8),
        ("/territories/", 1),
        ("/territories/?q=дик", 2),
        ("/territories/UA53000000000028050/", 3),
        ("/territories/UA53080130000079450/", 9),
    ],
)
def test_page_asks_the_same_number_of_questions(
    client: Client, address, queries, item_count, django_assert_num_queries
):
    for _ in range(item_count):
        make_provider()
    client.get(address)

    with django_assert_num_queries(queries):
        response = client.get(address)

    assert response.status_code == 200


def test_service_page_says_what_is_known_and_what_is_not_checked(client: Client):
    make_provider()

    care = page_of(client, "/en/services/home-care/")
    shelter = page_of(client, "/en/services/shelter/")
    counselling = page_of(client, "/en/services/counselling/")
    early = page_of(client, "/en/services/early-intervention/")

    assert "A social worker comes to your home" in care
    assert "not checked against the law" not in care
    assert "not checked against the law" in shelter
    assert "002.0" in counselling
    assert "Code in the Classifier" not in care
    assert "no: a hromada decides itself" in early


def test_service_page_never_shows_an_unconfirmed_code(client: Client):
    make_catalogue()
    ServiceType.objects.filter(slug="shelter").update(official_code="777.7", code_verified=False)

    assert "777.7" not in page_of(client, "/services/shelter/")


def test_service_page_counts_by_oblast_and_prices(client: Client):
    words = make_catalogue()
    tariff = {"price_mode": "tariff", "price_unit": "visit"}
    make_provider(services=[ServiceRecord(words.shelter.pk, price=Decimal("50.00"), **tariff)])
    make_provider(services=[ServiceRecord(words.shelter.pk, price=Decimal("90.00"), **tariff)])

    response = client.get("/services/shelter/")

    counts = {line.unit.name: line.providers for line in response.context["oblasts"]}
    assert counts == {"Полтавська": 2, "Одеська": 0, "Київ": 0}
    (price,) = response.context["prices"]
    assert (price.services, price.least, price.most) == (2, Decimal("50.00"), Decimal("90.00"))


@pytest.mark.parametrize("address", ["/services/nope/", "/services/%00/", "/territories/UA99/", "/territories/%00/"])
def test_page_of_nothing_is_not_found(client: Client, address):
    assert client.get(address).status_code == 404


def test_settlement_leads_to_its_hromada(client: Client):
    make_territories()

    response = client.get("/territories/UA53080130010081044/")

    assert (response.status_code, response.url) == (302, "/territories/UA53080130000079450/")


def test_hromada_page_tells_seated_from_serving_and_names_what_is_missing(client: Client):
    places, words = make_territories(), make_catalogue()
    make_provider(name="Тутешній", services=[ServiceRecord(words.home_care.pk)])
    make_provider(
        name="Здалеку",
        sites=[SiteRecord(hromada_id=places.poltava_hromada.pk, oblast_id=places.poltavska.pk)],
        services=[
            ServiceRecord(words.counselling.pk, area_kind="oblast", area_ids=frozenset({places.poltavska.pk})),
            # what the same provider gives elsewhere only is not given here
            ServiceRecord(
                words.shelter.pk, area_kind="hromadas", area_ids=frozenset({places.poltava_hromada.pk}), at_sites=(0,)
            ),
        ],
    )

    context = client.get("/territories/UA53080130000079450/").context

    assert [row.entry.organisation.name for row in context["seated"]] == ["Тутешній"]
    assert [row.entry.organisation.name for row in context["from_elsewhere"]] == ["Здалеку"]
    assert [line.kind.slug for line in context["supply"].given] == ["home-care", "counselling"]
    assert [(line.kind.slug, line.in_oblast) for line in context["supply"].missing] == [("shelter", 1)]


def test_hromada_page_says_unknown_where_a_fact_is_unknown(client: Client):
    make_territories()

    known = page_of(client, "/en/territories/UA53080130000079450/")
    unknown = page_of(client, "/en/territories/UA53080370000021115/")

    assert "19,344" in known
    assert "as of 1 January 2022" in known
    assert "<dt>Population</dt><dd>not known</dd>" in unknown


@pytest.mark.parametrize(("people", "shown"), [(4, "too few to publish"), (5, "<dd>5</dd>")])
def test_carers_are_counted_from_five_on_and_never_named(client: Client, people, shown):
    make_territories()
    for _ in range(people):
        make_carer()

    page = page_of(client, "/en/territories/UA53080130000079450/")

    assert shown in page
    assert "Таємна" not in page


groups = st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.integers(10, 20), st.integers(1, 12)), max_size=12).map(
    lambda rows: [(oblast, oblast * 100 + hromada, people) for oblast, hromada, people in dict.fromkeys(rows)]
)


@given(groups)
def test_published_counts_never_leave_a_small_group_to_subtraction(rows):
    merged: dict[tuple[int, int], int] = {}
    for oblast, hromada, people in rows:
        merged[oblast, hromada] = merged.get((oblast, hromada), 0) + people
    table = [(oblast, hromada, people) for (oblast, hromada), people in merged.items()]

    published = publishable(table)

    assert all(count >= SMALLEST_GROUP for count in published.values())
    unpublished = 0
    for oblast in {row[0] for row in table}:
        hidden = sum(people for unit, hromada, people in table if unit == oblast and hromada not in published)
        if oblast in published:
            assert hidden == 0 or hidden >= SMALLEST_GROUP
        else:
            unpublished += hidden
    if None in published:
        assert unpublished == 0 or unpublished >= SMALLEST_GROUP


def test_service_stops_being_basic_when_its_row_ends(client: Client):
    words = make_catalogue()
    words.shelter.basic_rows.update(valid_to=date(2025, 1, 1))

    context = client.get("/services/").context

    assert [line.kind.slug for line in context["basic"]] == ["home-care", "counselling"]
