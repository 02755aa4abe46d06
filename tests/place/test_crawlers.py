"""What crawlers are told: every public page in both languages, nothing invented, nothing private."""

from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from portal.site.bootstrap import make_site
from portal.site.models import FeedObject
from portal.site.sitemaps import SECTIONS, Cards
from registry.domain.standing import exclude_entry
from tests.factories.contracts import make_contract
from tests.factories.procurement import make_published
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_catalogue,
    make_provider,
    make_territories,
)

pytestmark = pytest.mark.django_db
OWN = "http://127.0.0.1:8000"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def listed(section: str, page: int = 1) -> dict[str, ET.Element]:
    answer = Client().get(f"/sitemap-{section}.xml", {"p": page})
    assert answer.status_code == 200
    return {one.findtext(f"{SITEMAP}loc"): one for one in ET.fromstring(answer.content)}


def test_index_names_every_section():
    told = ET.fromstring(Client().get("/sitemap.xml").content)

    named = [one.findtext(f"{SITEMAP}loc") for one in told]
    assert named == [f"http://testserver/sitemap-{name}.xml" for name in SECTIONS]


def test_card_is_listed_in_both_languages_with_the_day_it_changed():
    entry = make_provider()
    FeedObject.objects.create(kind="provider", key=entry.number, position=1, digest="0" * 64, at=NOW)

    found = listed("providers")

    address = f"{OWN}/registry/{entry.number}/"
    english = f"{OWN}/en/registry/{entry.number}/"
    assert list(found) == [address, english]
    assert found[address].findtext(f"{SITEMAP}lastmod") == timezone.localdate(NOW).isoformat()
    told = {one.get("hreflang"): one.get("href") for one in found[english].iter(f"{XHTML}link")}
    assert told == {"uk": address, "en": english}
    assert Client().get("/sitemap-providers.xml").headers["Last-Modified"]


def test_what_is_invented_excluded_or_a_person_is_not_listed():
    make_provider(demo=True)
    make_carer()
    exclude_entry(entry_id=make_provider(services=[]).pk, actor=REGISTRAR, ground="заява", now=NOW)
    assert listed("providers") == {}

    # its contractor is no invention
    make_contract(is_demo=True)
    assert [listed(name) for name in ("competitions", "contracts")] == [{}, {}]


def test_every_listed_address_answers():
    make_site()
    make_territories(), make_catalogue()
    make_provider()
    make_contract()
    make_published(now=NOW)

    found = [address for section in SECTIONS for address in listed(section)]

    assert len(found) > 60
    assert all(address.startswith(f"{OWN}/") for address in found)
    some = [address for section in SECTIONS for address in list(listed(section))[:2]]
    answers = {address: Client().get(address.removeprefix(OWN)).status_code for address in some}
    assert set(answers.values()) == {200}


@pytest.mark.parametrize("cards", [1, 3])
def test_section_asks_as_often_however_long_it_is(django_assert_num_queries, cards):
    for _ in range(cards):
        make_provider()

    with django_assert_num_queries(3):
        Client().get("/sitemap-providers.xml")


def test_long_section_goes_on_in_another_file(monkeypatch):
    monkeypatch.setattr(Cards, "limit", 2)
    numbers = [make_provider().number for _ in range(3)]

    index = Client().get("/sitemap.xml").content.decode()

    assert "/sitemap-providers.xml?p=2" in index
    assert list(listed("providers", 2)) == [f"{OWN}{start}/registry/{numbers[2]}/" for start in ("", "/en")]
    assert Client().get("/sitemap-providers.xml?p=3").status_code == 404
    assert Client().get("/sitemap-nothing.xml").status_code == 404


def test_robots_are_kept_from_what_leads_nowhere():
    told = Client().get("/robots.txt").content.decode()

    assert told.startswith("User-agent: *\nDisallow: /admin/\n")
    assert "Disallow: /en/cabinet/\n" in told
    assert told.endswith(f"\n\nSitemap: {OWN}/sitemap.xml\n")


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/registry/?oblast=UA53000000000028050&sort=number", "/registry/"),
        ("/registry/?page=2&sort=number", "/registry/?page=2"),
        ("/en/registry/?page=1", "/en/registry/"),
        ("/registry/?page=x", "/registry/"),
    ],
)
def test_page_names_its_one_address(asked, canonical):
    page = Client().get(asked).content.decode()

    assert f'<link rel="canonical" href="{OWN}{canonical}">' in page
    assert f'hreflang="en" href="{OWN}/en/registry/' in page


def test_old_name_of_the_icon_leads_to_it():
    assert Client().get("/favicon.ico").headers["Location"].startswith("/static/portal/icon")


def test_answers_say_what_pages_may_do():
    headers = Client().get("/verify/").headers

    assert headers["Permissions-Policy"] == "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "unsafe" not in headers["Content-Security-Policy"]
