"""A life situation as readers get it: the editors' words, the register near them, a way out, what changed and when."""

from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from portal.site.models import GuidePage
from registry.domain.records import ServiceRecord
from registry.queries import memory
from search.indexing import rebuild
from tests.factories.orders import make_commissioner, make_needs
from tests.factories.registry import make_catalogue, make_provider, make_territories
from tests.pages.conftest import LIVE, WHO

pytestmark = pytest.mark.django_db
DYKANSKA = "UA53080130000079450"
ODESKA = "UA51000000000030770"


def text_of(response) -> str:
    return unescape(" ".join(response.content.decode().replace("\xa0", " ").split()))


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


def test_index_lists_published_guides_in_the_editors_order(client: Client, site):
    GuidePage.objects.get(slug="violence").unpublish()
    page = page_of(client, "/help/")

    assert '<a href="/help/care/">Старенька мама вдома<span>Хто прийде додому' in page
    assert "Насильство вдома<span>" not in page
    assert "An elderly mother at home" in page_of(client, "/en/help/")


def test_guide_shows_the_words_of_its_editors(client: Client, site):
    page = page_of(client, "/help/care/")

    assert "<h1>Старенька мама вдома</h1>" in page
    assert '<ol class="steps"> <li><b>Подзвоніть</b>' in page
    assert 'href="tel:102"' in page
    assert "цілодобово" in page
    assert '<div class="notice bad">' in page
    assert "Закон 2671-VIII" in page
    assert 'href="/help/care/history/"' in page
    assert 'href="/en/help/care/" lang="en"' in page


def test_guide_without_a_translation_leads_to_the_front_page(client: Client, site):
    assert 'href="/en/" lang="en"' in page_of(client, "/help/violence/")


def test_guide_is_kept_for_a_minute_and_sets_no_cookie(client: Client, site):
    response = client.get("/help/care/?place=UA53000000000028050")

    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies


def test_only_guides_that_ask_for_it_have_a_way_out(client: Client, site, settings):
    settings.QUICK_EXIT_URL = "https://weather.example/"
    page = page_of(client, "/help/violence/")

    assert '<a href="https://weather.example/" rel="noreferrer nofollow" data-portal-leave' in page
    assert "leave.js" in page
    assert 'name="referrer" content="no-referrer"' in page
    assert "data-portal-leave" not in page_of(client, "/help/care/")


# --- near the reader -----------------------------------------------------------------------------------------------


@pytest.fixture
def world(site):
    made = make_territories(), make_catalogue()
    # the pages were made before there was anything to choose from
    memory.forget()
    return made


def test_without_the_search_the_register_says_who_helps(client: Client, world):
    make_provider(name="Диканський центр")

    page = page_of(client, f"/help/care/?place={DYKANSKA}")

    assert "Диканський центр" in page
    assert "/search/?service=home-care&place=" in page


def test_a_place_without_help_leads_to_the_nearest_and_to_the_hromada(client: Client, world):
    make_provider(name="Диканський центр")

    page = page_of(client, f"/help/care/?place={ODESKA}")

    assert "No provider" in page or "Жоден" in page
    assert "Диканський центр" in page
    assert f"/search/missing/?place={ODESKA}&service=home-care" in page


def test_services_of_the_search_stand_with_price_and_phone(client: Client, world, live):
    make_provider(name="Диканський центр")
    rebuild(live)

    response = client.get(f"/help/care/?place={DYKANSKA}")
    found = next(part.value.live for part in response.context["page"].body if part.block_type == "who_helps")

    assert [line.provider for line in found.lines] == ["Диканський центр"]
    assert found.lines[0].price
    assert found.lines[0].phone
    assert found.total == 1
    page = response.content.decode()
    assert "Диканський центр" in page
    # the page has no form of the comparison: a box to tick would belong to nothing
    assert 'form="compare"' not in page
    assert "data-portal-keep" not in page


def test_nearest_help_of_the_search_says_how_far_it_is(client: Client, world, live):
    places, _words = world
    make_provider(name="Диканський центр")
    rebuild(live)

    response = client.get(f"/help/care/?place={places.odeska.code}")
    found = next(part.value.live for part in response.context["page"].body if part.block_type == "who_helps")

    assert (found.nearest, found.total) == (True, 0)


def test_a_town_by_its_name_becomes_its_code(client: Client, world):
    response = client.get("/help/care/?place=&town=Диканька")

    assert response.status_code == 302
    assert response["Location"].startswith("/help/care/?place=UA53")
    assert response["Location"].endswith("#near")


def test_a_town_that_is_not_known_is_said_to_be_so(client: Client, world):
    response = client.get("/help/care/?town=Ґґґґ")

    assert response.context["told"].problem
    assert 'role="alert"' in text_of(response)


def test_costs_tell_what_providers_say_and_what_they_do_not(client: Client, world, make_guide):
    _places, words = world
    for price in ("100.00", "150.50"):
        make_provider(
            services=[
                ServiceRecord(words.home_care.pk, price_mode="tariff", price=Decimal(price), price_unit="person_hour")
            ]
        )
    make_provider(services=[ServiceRecord(words.home_care.pk, price_mode="free")])
    make_provider(services=[ServiceRecord(words.home_care.pk)])
    make_guide(LIVE[:1])

    response = client.get("/help/made/")
    lines = response.context["page"].body[0].value.live.lines

    assert [(line.kind.slug, line.offers, line.free, line.silent) for line in lines] == [
        ("home-care", 4, 1, 1),
        ("shelter", 0, 0, 0),
    ]
    assert "100 грн – 150,50 грн" in text_of(response)
    assert 'href="/entitlement/?service=home-care&service=shelter"' in text_of(response)


def test_figures_tell_the_need_of_the_hromada_and_no_small_group(client: Client, world, make_guide):
    make_provider()
    make_needs(make_commissioner(), services=(("home_care", 4, None),))
    make_guide(LIVE[2:])

    near = client.get(f"/help/made/?place={DYKANSKA}")
    figures = near.context["page"].body[0].value.live

    assert [(line.kind.slug, line.providers, line.here, line.need.hidden) for line in figures.services] == [
        ("home-care", 1, 1, "few")
    ]
    assert client.get("/help/made/").context["page"].body[0].value.live.needs is None


@pytest.mark.parametrize("item_count", [1, 3])
def test_live_parts_ask_the_same_number_of_questions(
    client: Client, world, make_guide, item_count, django_assert_num_queries
):
    for _ in range(item_count):
        make_provider()
    make_guide([*([WHO] * item_count), *(LIVE * item_count)])
    address = f"/help/made/?place={DYKANSKA}"
    client.get(address)

    with django_assert_num_queries(20):
        client.get(address)


# --- what changed and when -----------------------------------------------------------------------------------------


def test_history_tells_the_lines_that_came_and_went(client: Client, make_guide):
    guide = make_guide([{"type": "text", "value": "<p>Було так.</p><p>Лишилося.</p>"}])
    guide.save_revision().publish()
    guide.body = [("text", "<p>Стало інакше.</p><p>Лишилося.</p>")]
    guide.save_revision()
    guide.save_revision().publish()

    response = client.get("/help/made/history/")

    newest, first = response.context["changes"]
    assert (newest.came, newest.went) == (["Стало інакше."], ["Було так."])
    assert first.first
    assert "<ins>Стало інакше.</ins>" in text_of(response)


def test_history_of_an_unpublished_page_is_not_found(client: Client, make_guide):
    make_guide([]).unpublish()

    assert client.get("/help/made/history/").status_code == 404
