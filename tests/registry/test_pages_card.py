"""The card of a provider: complete for the public, silent about what is private."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from registry.domain.records import ContactRecord, ServiceRecord, SiteRecord
from registry.domain.standing import exclude_entry, suspend_entry
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_catalogue,
    make_provider,
    make_territories,
    make_wide_provider,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


@pytest.mark.parametrize("item_count", [1, 3])
def test_card_asks_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    entry = make_wide_provider(item_count)
    client.get(entry.get_absolute_url())

    with django_assert_num_queries(16):
        response = client.get(entry.get_absolute_url())

    assert len(response.context["card"].services) == item_count


def test_card_shows_what_a_person_needs(client: Client):
    entry = make_provider()

    page = page_of(client, entry.get_absolute_url())

    assert entry.organisation.code in page
    assert 'href="tel:+380535190000"' in page
    assert "Прибирання, приготування їжі, купівля ліків." in page
    assert "Заява, паспорт, довідка про доходи." in page
    assert "вул. Незалежності, 133, Диканька, Диканська громада, Полтавська область, 38500" in page
    assert 'href="https://example.org/source"' in page
    assert "<circle" in page
    assert "08:00–17:00" in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"price_mode": "free"}, "free of charge"),
        ({"price_mode": "differentiated"}, "depends on income"),
        (
            {"price_mode": "differentiated", "price": Decimal("90.00"), "price_unit": "visit"},
            "depends on income, at most 90 UAH / visit",
        ),
        (
            {
                "price_mode": "tariff",
                "price": Decimal("1120.50"),
                "price_unit": "month",
                "price_on": date(2026, 1, 15),
            },
            "1,120.50 UAH / month",
        ),
        ({}, "price not stated"),
    ],
)
def test_card_says_the_price_in_words(client: Client, facts, words):
    entry = make_provider(services=[ServiceRecord(make_catalogue().home_care.pk, content="Прибирання.", **facts)])

    assert f"<b>{words}</b>" in page_of(client, f"/en/registry/{entry.number}/")


def test_card_tells_zero_places_from_unknown(client: Client):
    words = make_catalogue()
    none_left = make_provider(services=[ServiceRecord(words.shelter.pk, capacity=0, capacity_on=date(2026, 11, 1))])
    unknown = make_provider(services=[ServiceRecord(words.shelter.pk, content="Ночівля.")])

    assert "<dt>Places</dt><dd>0 " in page_of(client, f"/en/registry/{none_left.number}/")
    assert "<dt>Places</dt><dd>not known" in page_of(client, f"/en/registry/{unknown.number}/")


def test_card_says_once_that_nothing_is_known_of_a_service(client: Client):
    entry = make_provider(services=[ServiceRecord(make_catalogue().shelter.pk)], contacts=[])

    page = page_of(client, f"/en/registry/{entry.number}/")

    assert "What it costs, how many places there are and who is served is not entered." in page
    assert "<dt>Places</dt>" not in page
    assert "No telephone is entered." in page
    assert "Call and ask." not in page


def test_card_of_a_confidential_address_shows_its_hromada_only(client: Client):
    places = make_territories()
    entry = make_provider(
        sites=[
            SiteRecord(
                label="Притулок «Вулик»",
                territory_id=places.dykanka.pk,
                hromada_id=places.dykanska.pk,
                oblast_id=places.poltavska.pk,
                postal_index="38501",
                street="вул. Схована",
                building="77-Щ",
                latitude=49.8213,
                longitude=34.5321,
                confidential=True,
            )
        ]
    )

    for address in (entry.get_absolute_url(), f"{entry.get_absolute_url()}history/?on=2026-11-22"):
        page = page_of(client, address)
        for secret in ("Вулик", "Диканька", "38501", "Схована", "77-Щ", "49.82", "<circle"):
            assert secret not in page, (address, secret)
    assert "Диканська громада" in page_of(client, entry.get_absolute_url())


def test_card_hides_a_private_contact(client: Client):
    entry = make_provider(
        contacts=[
            ContactRecord("phone", "+380501112233", private=True),
            ContactRecord("head", "Таємна Особа", private=True),
        ]
    )

    page = page_of(client, entry.get_absolute_url())

    assert "1112233" not in page
    assert "Таємна" not in page


def test_card_of_a_natural_person_does_not_exist(client: Client):
    carer = make_carer()

    for address in (f"/registry/{carer.number}/", f"/registry/{carer.number}/history/"):
        assert client.get(address).status_code == 404


def test_card_of_a_suspended_entry_names_the_ground(client: Client):
    entry = make_provider()
    suspend_entry(entry_id=entry.pk, actor=REGISTRAR, ground="скарга отримувача", now=NOW, until=date(2027, 2, 1))

    page = page_of(client, f"/en/registry/{entry.number}/")

    assert "The provider is suspended." in page
    assert "Until 1 February 2027." in page
    assert "скарга отримувача" in page


def test_card_of_an_excluded_entry_stays_readable(client: Client):
    entry = make_provider()
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="заява надавача", now=NOW)

    page = page_of(client, f"/en/registry/{entry.number}/")

    assert "The provider is no longer in the register." in page
    assert "заява надавача" in page
    assert "Прибирання" in page


def test_card_links_head_and_branches_both_ways(client: Client):
    head = make_provider(name="Головний")
    branch = make_provider(name="Філія в Полтаві", head_number=head.number)

    assert f'href="{branch.get_absolute_url()}">Філія в Полтаві' in page_of(client, head.get_absolute_url())
    assert f'href="{head.get_absolute_url()}">Головний' in page_of(client, branch.get_absolute_url())


def test_card_counts_who_else_gives_the_service(client: Client):
    entry = make_provider()
    make_provider()

    response = client.get(entry.get_absolute_url())

    (service,) = response.context["card"].services
    assert (service.near, service.in_oblast) == (1, 1)


def test_card_makes_no_link_of_a_script(client: Client):
    entry = make_provider(
        contacts=[ContactRecord("website", "javascript:alert(1)"), ContactRecord("website", "example.org")]
    )

    page = page_of(client, entry.get_absolute_url())

    assert 'href="javascript' not in page
    assert 'href="https://example.org"' in page


@pytest.mark.parametrize("number", ["0", "zzz", "%00", "0000001%0a", "1" * 5000, "ї"])
def test_card_with_a_strange_number_is_not_found(client: Client, number):
    make_provider()

    assert client.get(f"/registry/{number}/").status_code == 404


def test_card_says_that_a_demo_entry_is_invented(client: Client):
    entry = make_provider(demo=True)

    page = page_of(client, f"/en/registry/{entry.number}/")

    assert '<span class="tag warn">invented</span>' in page
    assert "Not everything here is real." in page
