"""The officials' calculator as a page."""

import re

import pytest

from registry.models import StaffingNorm, Territory
from tests.factories.registry import CODES, make_territories

PAGE = "/en/staffing/"


@pytest.fixture
def places(shipped):
    return make_territories()


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()).replace("\N{NO-BREAK SPACE}", " ")


def test_page_without_numbers_shows_the_norms_and_computes_nothing(shipped, client):
    response = client.get(PAGE)

    assert response.status_code == 200
    assert "The norms" in text(response)
    assert "1 specialist per 2,500 residents in hromadas of more than 10,000 people Proposed not verified" in text(
        response
    ).replace("proposed", "Proposed")
    assert "cannot be computed: the number of residents is not known" in text(response)
    assert not response.cookies


def test_hromada_brings_its_population_with_its_day(places, client):
    said = text(client.get(PAGE, {"hromada": CODES["dykanska"]}))

    assert "19,344 as of 1 January 2022, Держстат, 2022" in said
    assert "Specialist in social work: 7 or 8 by the proposed norms" in said
    assert "how many of the residents this norm counts is not known. Were it all of them: 7" in said
    assert "cannot be computed: the numbers of the act are not in the reference table" in said


def test_typed_numbers_go_before_those_of_the_hromada(places, client):
    said = text(client.get(PAGE, {"hromada": CODES["dykanska"], "urban": "8 000", "rural": "1 500"}))

    assert "Residents, all 9,500 Of them urban 8,000 Of them rural 1,500" in said
    assert "Social manager: 2 by the proposed norms" in said
    assert "6.33" in said


def test_settlement_leads_to_its_hromada_and_a_hromada_without_population_is_typed(places, client):
    said = text(client.get(PAGE, {"hromada": CODES["poltava"]}))

    assert "Полтавська громада" in said
    assert "not known: type it below" in said


def test_cases_are_divided_by_model(shipped, client):
    said = text(client.get(PAGE, {"cases": "40"}))

    assert "Intensive intervention not verified 15 3" in said
    assert "Clinical not verified 10 4" in said
    assert "Based on strengths not verified the source does not state it cannot be computed" in said


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({"total": "100", "urban": "60", "rural": "60"}, "There are fewer residents here"),
        ({"total": "200", "urban": "60", "rural": "60"}, "Urban and rural residents together make 120."),
        ({"total": "-1"}, "greater than or equal to 0"),
        ({"total": "тисяча"}, "Enter a whole number."),
    ],
)
def test_numbers_that_contradict_are_sent_back(shipped, client, typed, wanted):
    response = client.get(PAGE, typed)

    assert wanted in text(response)
    assert 'href="#id_total"' in response.content.decode()


@pytest.mark.parametrize("units", [1, 3])
def test_number_of_queries_does_not_grow_with_hromadas_found(places, client, django_assert_num_queries, units):
    raion = places.poltavskyi_raion
    for number in range(units):
        unit = Territory.objects.create(
            code=f"UA5308099000000000{number}",
            category="H",
            name=f"Тестова{number}",
            parent=raion,
            raion=raion,
            oblast=places.poltavska,
        )
        unit.hromada = unit
        unit.save()
    client.get(PAGE)

    with django_assert_num_queries(4):
        body = client.get(PAGE, {"q": "Тестова"}).content.decode()

    assert body.count("?hromada=UA5308099") == units


def test_number_of_queries_of_a_hromada(places, client, django_assert_num_queries):
    client.get(PAGE, {"hromada": CODES["dykanska"]})

    with django_assert_num_queries(5):
        client.get(PAGE, {"hromada": CODES["dykanska"], "cases": "7"})


def test_page_of_a_hromada_leads_here(places, client):
    assert (
        f"/staffing/?hromada={CODES['dykanska']}" in client.get(f"/territories/{CODES['dykanska']}/").content.decode()
    )


def test_norms_in_force_are_never_added_to_proposed_ones(shipped, client):
    StaffingNorm.objects.filter(slug="manager-official").update(per_residents=10_000)

    assert "Social manager: 1 or 2 by the norms in force" in text(client.get(PAGE, {"urban": "9000", "rural": "3000"}))
