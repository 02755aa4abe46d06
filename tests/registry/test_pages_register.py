"""The register as a list: what it shows, counts, keeps in its address, and what it never shows."""

from html import unescape

import pytest
from django.test import Client

from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ServiceRecord, SiteRecord
from registry.domain.standing import exclude_entry, suspend_entry
from registry.enums import Standing
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_catalogue,
    make_provider,
    make_territories,
    provider_record,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def text_of(response) -> str:
    return unescape(" ".join(response.content.decode().split()))


@pytest.mark.parametrize("item_count", [1, 3])
def test_register_list_asks_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    for _ in range(item_count):
        make_provider()
    client.get("/registry/")

    with django_assert_num_queries(4):
        response = client.get("/registry/")

    assert response.context["total"] == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_register_list_filtered_to_a_hromada_asks_the_same_number_of_questions(
    client: Client, item_count, django_assert_num_queries
):
    for _ in range(item_count):
        make_provider()
    address = "/registry/?oblast=UA53000000000028050&hromada=UA53080130000079450&service=home-care&q=центр"
    client.get(address)

    with django_assert_num_queries(4):
        response = client.get(address)

    assert response.context["total"] == item_count


def test_register_list_restores_its_state_from_the_address(client: Client):
    make_provider()
    make_provider()
    address = "/registry/?q=центр&oblast=UA53000000000028050&service=home-care&standing=included&sort=number"

    response = client.get(address)

    page = response.content.decode()
    assert 'value="центр"' in page
    assert '<option value="UA53000000000028050" lang="uk" selected>' in page
    assert 'value="home-care" id="f-service-home-care" checked' in page
    assert '<option value="number" selected>' in page
    assert [chip.value for chip in response.context["chips"]] == [
        "«центр»",
        "Полтавська область",
        "Догляд вдома",
        str(Standing.INCLUDED.label),
    ]


def test_register_list_chip_leads_to_the_list_without_its_condition(client: Client):
    make_provider()

    response = client.get("/registry/?q=центр&service=home-care&service=shelter&sort=newest")

    assert [chip.without for chip in response.context["chips"]] == [
        "service=home-care&service=shelter&sort=newest",
        "q=%D1%86%D0%B5%D0%BD%D1%82%D1%80&service=shelter&sort=newest",
        "q=%D1%86%D0%B5%D0%BD%D1%82%D1%80&service=home-care&sort=newest",
    ]


def test_register_list_counts_every_choice_exactly(client: Client):
    words = make_catalogue()
    make_provider()
    make_provider(services=[ServiceRecord(words.shelter.pk), ServiceRecord(words.home_care.pk)])

    response = client.get("/registry/?service=shelter")

    counts = {
        facet.name: {choice.value: choice.count for choice in facet.choices} for facet in response.context["facets"]
    }
    assert counts["service"] == {"home-care": 2, "shelter": 1}
    assert counts["standing"] == {"included": 1}
    assert [(choice.value, choice.count) for choice in response.context["oblasts"]] == [("UA53000000000028050", 1)]


def test_register_list_without_a_choice_shows_good_standing_only(client: Client):
    make_provider(name="Чинний")
    suspended, excluded = make_provider(name="Зупинений"), make_provider(name="Вилучений")
    suspend_entry(entry_id=suspended.pk, actor=REGISTRAR, ground="скарга", now=NOW)
    exclude_entry(entry_id=excluded.pk, actor=REGISTRAR, ground="заява", now=NOW)

    shown = [row.entry.organisation.name for row in client.get("/registry/").context["rows"]]
    everybody = client.get("/registry/?standing=included&standing=suspended&standing=excluded")

    assert shown == ["Чинний"]
    assert [row.entry.organisation.name for row in everybody.context["rows"]] == ["Вилучений", "Зупинений", "Чинний"]


def test_register_list_names_what_it_did_not_understand_beside_the_field(client: Client):
    make_provider()

    response = client.get("/registry/?oblast=UA99&service=nonsense&sort=sideways&page=x")

    page = text_of(response)
    assert response.status_code == 200
    assert sorted(response.context["read"].problems) == ["oblast", "page", "service", "sort"]
    assert 'href="#f-oblast"' in page
    assert 'aria-describedby="e-oblast"' in page
    assert "«nonsense»" in page or "“nonsense”" in page
    assert response.context["total"] == 1


def test_register_list_of_a_hromada_from_another_oblast_shows_the_oblast(client: Client):
    make_provider()

    response = client.get("/registry/?oblast=UA53000000000028050&hromada=UA51100270000073549")

    assert list(response.context["read"].problems) == ["hromada"]
    assert response.context["total"] == 1


def test_register_list_that_finds_nobody_says_what_would_help(client: Client):
    make_provider()

    response = client.get("/registry/?q=нічогісінько&oblast=UA53000000000028050&service=home-care")

    ways = [(way.label, way.would_find, way.without) for way in response.context["ways_out"]]
    assert [(found, address) for _label, found, address in ways] == [
        (1, "oblast=UA53000000000028050&service=home-care")
    ]
    assert all(label for label, *_ in ways)


def test_register_list_past_its_end_shows_the_last_page(client: Client):
    put_providers([provider_record() for _ in range(21)], actor=REGISTRAR, ground="тест", now=NOW)

    response = client.get("/registry/?page=999999&sort=number")

    assert (response.context["pages"].number, len(response.context["rows"])) == (2, 1)
    assert response.context["pages"].earlier == "sort=number"
    assert response.context["pages"].later is None


def test_register_list_without_services_says_so_and_invents_none(client: Client):
    make_catalogue()
    make_provider(services=[], services_note="")

    response = client.get("/registry/")

    assert response.context["rows"][0].services == []
    assert 'class="does soft"' in response.content.decode()


def test_register_list_gives_htmx_only_its_changing_part(client: Client):
    make_provider()

    fragment = client.get("/registry/", headers={"HX-Request": "true"})
    restored = client.get("/registry/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<html" not in fragment.content.decode()
    assert "<html" in restored.content.decode()
    assert "HX-Request" in fragment["Vary"]


def test_register_list_may_be_kept_for_a_minute_by_visitors_only(client: Client):
    visitor = client.get("/registry/")
    client.cookies["sessionid"] = "somebody"
    official = client.get("/registry/")

    assert visitor["Cache-Control"] == "public, max-age=60"
    assert official["Cache-Control"] == "private, no-cache"


def test_register_list_downloads_keep_the_filter(client: Client):
    make_provider()

    page = client.get("/registry/?service=home-care&sort=number&page=1").content.decode()

    for form in ("csv", "xlsx", "json"):
        assert f'href="/registry/export.{form}?service=home-care&amp;sort=number"' in page


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "ї" * 10_000,
        "q=%00%01%1b%ff",
        "page=-1",
        "page=٣",
        "service=%00",
        "hromada=%00&oblast=%00",
        "q=%F0%9F%98%80",
    ],
)
def test_register_list_survives_strange_input(client: Client, query):
    make_provider()

    assert client.get(f"/registry/?{query}").status_code == 200


def test_register_list_hides_people_private_contacts_and_confidential_addresses(client: Client):
    places = make_territories()
    make_carer(name="Приватна Особа Таємна")
    make_provider(
        name="Притулок",
        sites=[
            SiteRecord(
                territory_id=places.dykanka.pk,
                hromada_id=places.dykanska.pk,
                oblast_id=places.poltavska.pk,
                street="вул. Схована",
                confidential=True,
            )
        ],
        contacts=[ContactRecord("phone", "+380991112233", private=True)],
    )

    for query in ("", "?q=Таємна", "?q=Схована", "?q=Диканька", "?hromada=UA53080130000079450"):
        page = text_of(client.get(f"/registry/{query}"))
        assert "Приватна Особа" not in page
        assert "вул. Схована" not in page
        assert "1112233" not in page
        assert "Диканька, Диканська громада" not in page


def test_register_list_in_english_speaks_english_and_marks_names(client: Client):
    make_provider(name="Диканський центр")

    page = client.get("/en/registry/?service=home-care").content.decode()

    assert '<html lang="en">' in page
    assert "Register of providers" in page
    assert "Home care" in page
    assert '<h3 lang="uk"><a href="/en/registry/' in page
    assert 'href="/registry/?service=home-care" lang="uk"' in page
