"""Pages come into the index and leave it with the pages below them."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, PageViewRestriction

from portal.kernel.models import OutboxMessage
from portal.site.bootstrap import make_site
from search.indexing import IndexMissing, follow_pages, rebuild
from tests.search.following import titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_page_of_wagtail")]


@pytest.fixture
def front_page(live):
    page = make_site()
    rebuild(live)
    OutboxMessage.objects.all().delete()
    return page


def test_published_page_is_found_and_an_unpublished_one_is_not(live, front_page):
    page = front_page.add_child(instance=Page(title="Про басейн", slug="pool", live=False))
    page.save_revision().publish()
    call_command("run_worker", "--once")
    shown = titles(live)

    Page.objects.get(pk=page.pk).unpublish()
    call_command("run_worker", "--once")

    assert "Про басейн" in shown
    assert "Про басейн" not in titles(live)


def test_deleted_page_goes_with_the_pages_below_it(live, front_page):
    page = front_page.add_child(instance=Page(title="Розділ", slug="part"))
    page.add_child(instance=Page(title="Сторінка розділу", slug="leaf"))
    follow_pages(live)
    assert {"Розділ", "Сторінка розділу"} <= titles(live)

    page.delete()
    call_command("run_worker", "--once")

    assert titles(live).isdisjoint({"Розділ", "Сторінка розділу"})


def test_page_closed_to_some_readers_goes_with_the_pages_below_it(live, front_page):
    page = front_page.add_child(instance=Page(title="Розділ", slug="part"))
    page.add_child(instance=Page(title="Сторінка розділу", slug="leaf"))
    follow_pages(live)

    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    call_command("run_worker", "--once")
    closed = titles(live)
    restriction.delete()
    call_command("run_worker", "--once")

    assert closed.isdisjoint({"Розділ", "Сторінка розділу"})
    assert {"Розділ", "Сторінка розділу"} <= titles(live)


def test_news_of_a_page_wait_for_an_index(live):
    make_site()

    with pytest.raises(IndexMissing):
        follow_pages(live)
