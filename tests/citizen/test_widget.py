"""The widget: framed by anybody, asking nobody else, keeping nothing; every other page is framed by nobody."""

from html import unescape

import pytest
from django.test import Client

from tests.citizen.conftest import SECRET
from tests.factories.registry import make_provider

pytestmark = pytest.mark.django_db

DYKANSKA = "UA53080130000079450"
DYKANKA = "UA53080130010081044"


def test_widget_lists_who_serves_the_hromada(client: Client, register):
    response = client.get(f"/widget/?hromada={DYKANSKA}")

    page = unescape(response.content.decode())
    assert "Диканський центр" in page
    assert "ГО «Прихисток»" in page
    assert SECRET not in page
    assert 'target="_blank"' in page


def test_widget_of_one_service_and_of_a_settlement(client: Client, register):
    one = client.get(f"/widget/?hromada={DYKANSKA}&service=shelter").context["widget"]
    settlement = client.get(f"/en/widget/?hromada={DYKANKA}").context["widget"]

    assert [row.entry.organisation.name for row in one.providers] == ["ГО «Прихисток»"]
    assert settlement.hromada.code == DYKANSKA


def test_widget_lists_open_competitions_or_says_there_are_none(client: Client, register):
    response = client.get(f"/en/widget/?hromada={DYKANSKA}&show=competitions")

    assert response.context["widget"].competitions == []
    assert "No competition is open now" in unescape(response.content.decode())


def test_widget_alone_may_be_framed(client: Client, register):
    framed, page = client.get(f"/widget/?hromada={DYKANSKA}"), client.get("/embed/")

    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "unsafe" not in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert not framed.cookies


@pytest.mark.parametrize("asked", ["", "hromada=UA99", "hromada=%00&service=%00&show=x", "hromada=' OR 1=1"])
def test_widget_of_a_strange_address_says_so(client: Client, db, asked):
    response = client.get(f"/widget/?{asked}")

    assert response.status_code == 200
    assert response.context["widget"].hromada is None


@pytest.mark.parametrize("item_count", [1, 3])
def test_widget_asks_as_often_for_one_as_for_three(client: Client, db, item_count, django_assert_num_queries):
    for _ in range(item_count):
        make_provider()
    client.get(f"/widget/?hromada={DYKANSKA}")

    with django_assert_num_queries(5):
        client.get(f"/widget/?hromada={DYKANSKA}")


def test_widget_script_is_one_address_for_ever(client: Client, db):
    response = client.get("/widget.js")

    assert response["Content-Type"].startswith("text/javascript")
    assert "max-age=3600" in response["Cache-Control"]
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"data-poruch" in response.content
    assert b"http" not in response.content.replace(b"https://github", b"")


def test_embed_makes_the_code_of_a_hromada_by_its_name(client: Client, register, settings):
    settings.PORTAL_BASE_URL = "https://poruch.example"

    page = unescape(client.get("/embed/?hromada=Диканська&service=shelter&show=services").content.decode())
    unknown = client.get("/embed/?hromada=Ґондор")

    assert f'<div data-poruch data-hromada="{DYKANSKA}" data-service="shelter">' in page
    assert '<script src="https://poruch.example/widget.js" async></script>' in page
    assert unknown.context["code"] == ""
    assert "Ґондор" in unescape(unknown.content.decode())
