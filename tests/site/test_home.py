"""The front page, the frame of every page, and what is said when something goes wrong."""

from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.template.loader import get_template
from django.test import Client

from portal.site.bootstrap import make_site
from portal.site.home import SITUATIONS
from portal.site.models import HomePage, HotLine
from registry.domain.reference import load_reference
from registry.interfaces.filters import read_filter
from registry.queries.figures import number_of_services
from tests.factories.registry import make_carer, make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    make_site()


def page_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def test_make_site_twice_makes_it_once():
    before = list(HomePage.objects.order_by("pk").values_list("pk", "title"))

    make_site()

    assert list(HomePage.objects.order_by("pk").values_list("pk", "title")) == before
    assert [title for _pk, title in before] == ["Знайти допомогу", "Find help"]
    assert HotLine.objects.count() == 3


def test_make_site_keeps_what_editors_wrote():
    home = HomePage.objects.get(locale__language_code="uk")
    home.question = "Чим допомогти?"
    home.save_revision().publish()
    HotLine.objects.filter(phone="102").delete()

    make_site()

    home.refresh_from_db()
    assert home.question == "Чим допомогти?"
    assert HotLine.objects.count() == 2


@pytest.mark.parametrize("item_count", [1, 3])
def test_home_asks_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    for _ in range(item_count):
        make_provider()
    client.get("/")

    with django_assert_num_queries(10):
        response = client.get("/")

    assert response.context["figures"]["providers"] == item_count


def test_home_takes_its_figures_from_the_rows_of_the_register(client: Client):
    make_provider()
    make_provider()
    for _ in range(4):
        make_carer()

    figures = client.get("/").context["figures"]

    assert (figures["providers"], figures["services"], figures["hromadas"]) == (2, number_of_services(), 1)
    assert (figures["basic_given"], figures["basic"]) == (1, 3)
    assert figures["carers"] is None


def test_home_counts_anew_after_a_change(client: Client):
    make_provider()
    client.get("/")
    make_provider()

    assert client.get("/").context["figures"]["services"] == 2


def test_home_speaks_both_languages(client: Client):
    uk, en = page_of(client, "/"), page_of(client, "/en/")

    assert "Яка допомога потрібна?" in uk
    assert '<html lang="en">' in en
    assert "What help is needed?" in en
    assert 'href="/en/" lang="en" hreflang="en"' in uk
    assert 'href="/" lang="uk" hreflang="uk"' in en


def test_situations_ask_only_what_the_register_knows():
    load_reference()

    for _title, _words, query in SITUATIONS:
        read = read_filter(QueryDict(query))
        assert read.problems == {}
        assert sum(map(len, read.chosen.values())) == sum(map(len, parse_qs(query).values()))


def test_every_page_warns_of_invented_entries_while_there_are_any(client: Client):
    before = page_of(client, "/en/accessibility/")
    make_provider(demo=True)
    from django.core.cache import cache

    cache.clear()

    assert "Not everything here is real." not in before
    assert "Not everything here is real." in page_of(client, "/en/accessibility/")


def test_frame_keeps_the_page_when_the_language_changes(client: Client):
    page = page_of(client, "/registry/?q=%D0%B4%D0%BE%D0%B3%D0%BB%D1%8F%D0%B4&sort=number")

    assert 'href="/en/registry/?q=%D0%B4%D0%BE%D0%B3%D0%BB%D1%8F%D0%B4&amp;sort=number"' in page


def test_missing_page_helps(client: Client):
    page = page_of(client, "/en/no-such-page/", status=404)

    assert "There is no such page" in page
    assert 'action="/en/search/"' in page


def test_failure_page_needs_neither_context_nor_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = get_template("500.html").render()

    assert "Портал не впорався" in page
    assert "102" in page


@pytest.mark.parametrize("template", ["400.html", "403.html"])
def test_refusal_pages_render(template, rf):
    page = get_template(template).render({}, rf.get("/"))

    assert "<h1>" in page


def test_pages_refuse_to_be_posted_to(client: Client):
    for address in ("/registry/", "/services/", "/territories/", "/accessibility/"):
        assert client.post(address).status_code == 405
