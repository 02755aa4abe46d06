"""My way there: what is known, what is known to be missing, and what nobody has looked at."""

import json
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.domain.records import ServiceRecord
from registry.domain.reference import FOLDER
from registry.models import AccessFeature
from registry.queries.access_profiles import profiles
from search.engines import engine
from search.indexing import rebuild
from tests.citizen.conftest import key
from tests.factories.registry import make_catalogue, make_provider, provider_record
from tests.search.asking import titles

pytestmark = pytest.mark.django_db


def test_profiles_name_features_of_the_register_and_where_they_come_from(db):
    shipped = {row["slug"] for row in json.loads((FOLDER / "access_features.json").read_text(encoding="utf-8"))}

    for profile in profiles().values():
        assert {feature for need in profile.needs for feature in need.any_of} <= shipped
        assert any(need.essential for need in profile.needs)
        assert profile.source
    assert list(profiles()) == ["wheelchair", "hearing", "sight", "intellectual"]


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ({"ramp": True, "wide-doors": True}, True),
        ({"step-free-entrance": True, "wide-doors": True, "ramp": False}, True),
        ({"ramp": True}, None),
        ({"ramp": True, "wide-doors": False}, False),
        ({"ramp": False}, None),
        ({"ramp": False, "step-free-entrance": False, "lift": False, "wide-doors": True}, False),
        ({"ramp": None, "wide-doors": None}, None),
        ({}, None),
    ],
)
def test_profile_tells_unknown_from_inaccessible(known, state):
    assert profiles()["wheelchair"].open_to(known) is state


def test_profile_of_several_addresses_needs_one_that_fits():
    wheelchair = profiles()["wheelchair"]
    fits, fails = {"ramp": True, "wide-doors": True}, {"wide-doors": False}

    assert wheelchair.open_anywhere([fails, fits]) is True
    assert wheelchair.open_anywhere([fails, {}]) is None
    assert wheelchair.open_anywhere([fails, fails]) is False
    assert wheelchair.open_anywhere([]) is None


def test_card_tells_each_need_with_its_day(client: Client, register):
    centre = register[0]

    page = unescape(" ".join(client.get(f"/en/registry/{centre.number}/?profile=wheelchair").content.decode().split()))

    assert "known to be accessible" in page
    assert "checked on 5" in page
    assert "To take shelter in an air raid" in page
    assert "Some services here are given at home" in page


def test_card_without_a_profile_only_asks(client: Client, register):
    response = client.get(f"/registry/{register[0].number}/?profile=nope")

    assert response.status_code == 200
    assert response.context["way"].sites == []


def test_card_asks_the_same_number_of_questions_with_a_profile(client: Client, register, django_assert_num_queries):
    address = f"/registry/{register[0].number}/"
    client.get(address)
    with CaptureQueriesContext(connection) as plain:
        client.get(address)

    with django_assert_num_queries(len(plain)):
        client.get(f"{address}?profile=wheelchair")


def test_search_puts_what_is_known_to_fit_first_and_marks_each(client: Client, searched):
    response = client.get("/en/search/?profile=wheelchair")

    found = {line.provider: line.reach for line in response.context["lines"]}
    assert titles(response)[0] == "Диканський центр"
    assert found == {"Диканський центр": "yes", "ГО «Прихисток»": "unknown", "КУ «Нічого не відомо»": "unknown"}
    page = unescape(response.content.decode())
    assert page.count("accessibility not known") == 2


def test_search_puts_what_is_known_not_to_fit_last(client: Client, searched):
    doors = AccessFeature.objects.get(slug="wide-doors")
    site = provider_record().sites[0]
    site.access = {doors.pk: False}
    make_provider(
        name="Вузькі двері", sites=[site], services=[ServiceRecord(make_catalogue().home_care.pk, at_sites=(0,))]
    )
    rebuild(engine())

    for question in ("/search/?profile=wheelchair", "/search/?q=догляд+вдома+в+Диканьці&profile=wheelchair"):
        response = client.get(question)
        states = [line.reach for line in response.context["lines"]]
        assert titles(response)[0] == "Диканський центр"
        assert titles(response)[-1] == "Вузькі двері"
        assert states[0] == "yes"
        assert states[-1] == "no"


def test_search_can_show_only_what_is_known_to_fit(client: Client, searched):
    response = client.get("/search/?profile=wheelchair&reach=known")

    assert titles(response) == ["Диканський центр"]
    assert response.context["answer"].total == 1
    chips = {chip.value: chip.without for chip in response.context["chips"]}
    assert list(chips.values()) == [""]
    # without a profile there is nothing to be known
    assert client.get("/search/?reach=known").context["answer"].total == 3
    assert list(client.get("/search/?profile=nope").context["read"].problems) == ["profile"]


def test_search_with_a_profile_asks_no_question_of_the_database(client: Client, searched, django_assert_num_queries):
    client.get("/search/?profile=wheelchair")

    with django_assert_num_queries(0):
        client.get("/search/?profile=wheelchair")


def test_search_lets_services_be_ticked_for_comparison(client: Client, searched):
    page = client.get("/search/?q=догляд").content.decode()

    assert f'name="service" value="{key(searched[0])}" form="compare"' in page
    assert 'id="compare" action="/compare/"' in page
