"""What readers keep: the page knows ids from its address and nothing else, and nobody keeps the answer."""

from html import unescape

import pytest
from django.test import Client

from tests.citizen.conftest import SECRET, key

pytestmark = pytest.mark.django_db


def address(*entries) -> str:
    return "/en/favourites/?" + "&".join(f"service={key(entry)}" for entry in entries)


def test_favourites_without_ids_say_where_the_list_lives(client: Client, db):
    page = unescape(client.get("/en/favourites/").content.decode())

    assert "in this browser on this device alone" in page
    assert "<noscript>" in page


def test_favourites_show_services_with_price_and_telephone(client: Client, register):
    page = unescape(client.get(address(*register)).content.decode())

    assert "+380535190000" in page
    assert "depends on income" in page
    assert SECRET not in page
    assert "+380500000002" not in page
    assert f'name="service" value="{key(register[0])}" form="compare"' in page


def test_favourites_are_kept_by_no_cache_and_set_no_cookie(client: Client, register):
    response = client.get(address(*register))

    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert response["Referrer-Policy"] == "same-origin"


def test_favourites_give_their_list_alone_to_a_script(client: Client, register):
    fragment = client.get(address(*register), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in fragment
    assert fragment.count("<article") == 3


def test_favourites_say_what_is_gone(client: Client, register):
    response = client.get(address(*register) + "&service=s-NOPE-1&service=../etc")

    assert response.context["gone"] == ["s-NOPE-1", "../etc"]
    assert 'data-portal-gone="s-NOPE-1"' in response.content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_favourites_ask_as_often_for_one_as_for_three(client: Client, register, item_count, django_assert_num_queries):
    client.get(address(*register[:item_count]))

    with django_assert_num_queries(10):
        client.get(address(*register[:item_count]))
