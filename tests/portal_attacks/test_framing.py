"""Only the widget may stand in a page of others, and no answer is kept for somebody else."""

import pytest

from portal.site.open_api import limits
from tests.factories.registry import make_provider

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/embed/",
    "/compare/",
    "/favourites/",
    "/entitlement/",
    "/staffing/",
    "/map/",
    "/figures/",
    "/open-data/",
    "/api/",
    "/help/",
    "/registry/{number}/",
)


def test_nothing_but_the_widget_may_be_framed(client, site):
    number = make_provider().number

    for address in PAGES:
        answer = client.get(address.format(number=number))
        assert answer.status_code == 200, address
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    framed = client.get("/widget/")
    assert "X-Frame-Options" not in framed.headers
    policy = framed.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "form-action 'none'" in policy
    assert "unsafe" not in policy
    assert "<form" not in framed.content.decode()


NAME = "ГО </script><script>alert(1)</script> ]]> =cmd|'/c calc'!A1 \" onload=x"


def test_name_of_a_provider_is_a_name_everywhere(client, site):
    entry = make_provider(name=NAME, short_name="=1+1")
    territory = entry.hromada.code

    for address in (
        f"/registry/{entry.number}/",
        f"/compare/?service=s-{entry.number}-1",
        f"/favourites/?service=s-{entry.number}-1",
        f"/widget/?hromada={territory}",
        f"/map/{territory}/",
    ):
        page = client.get(address).content.decode()
        assert "alert(1)" in page or address.startswith("/map"), address
        assert "<script>alert" not in page, address
    lines = b"".join(client.get("/registry/export.csv").streaming_content).decode()
    assert ";=1+1" not in lines
    assert ",=1+1" not in lines


def test_program_that_asks_with_a_cookie_of_a_session_gets_the_answer_of_everybody(client):
    make_provider()
    plain = client.get("/api/v1/providers")
    client.cookies["sessionid"] = "somebody"

    answer = client.get("/api/v1/providers", headers={"Origin": "https://evil.example"})

    assert answer.content == plain.content
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_limit_is_not_passed_by_a_forged_header_or_another_address_of_one_network(client, settings):
    settings.API_REQUESTS_A_MINUTE = 3
    limits.forget()
    told = [
        client.get(
            "/api/v1/territories",
            REMOTE_ADDR=f"2001:db8:1:2::{place}",
            headers={"X-Forwarded-For": f"10.0.0.{place}", "Forwarded": f"for=10.1.0.{place}"},
        ).status_code
        for place in range(1, 6)
    ]
    limits.forget()
    assert told[3:] == [429, 429]
