"""Where the desk leads after a hromada is chosen: to a page of this portal, whatever the address says."""

import pytest

DESK = "/cabinet/commissioning/"


@pytest.mark.parametrize(
    "way", ["elsewhere", "commissioning:home", "", "//evil.example/", "https://evil.example", "\x00", "../admin/"]
)
def test_way_back_that_is_no_address_leads_nowhere(office, way):
    answer = office.client.get(DESK, {"hromada": office.places.dykanska.code, "next": way})

    assert answer.status_code in (200, 302)
    assert answer.status_code == 200 or (answer.url.startswith("/") and not answer.url.startswith("//"))


@pytest.mark.parametrize("way", ["elsewhere", "proposals:proposal", "//evil.example/", "\x00"])
def test_choice_between_two_leads_back_to_the_proposal(bidder, way):
    answer = bidder.client.post(bidder.url("conflicts/"), {"next": way})

    assert (answer.status_code, answer.url) == (302, bidder.url())
