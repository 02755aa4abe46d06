"""The frame and what stands beside guides: notices, menu, news, texts, the front page, addresses that lead nowhere."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from portal.kernel.signals import worker_round
from portal.site.lost import words_of_address
from portal.site.models import GuidePage, NewsPage, Notice, TextPage

pytestmark = pytest.mark.django_db


def page_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(" ".join(response.content.decode().replace("\xa0", " ").split()))


def test_front_page_leads_to_life_situations_and_news(client: Client, site):
    page = page_of(client, "/")

    assert '<a href="/help/care/">Старенька мама вдома' in page
    assert '<a href="/news/open/">Портал відкрито</a>' in page
    assert '<a href="/about/">Про портал</a>' in page
    assert len(client.get("/").content) < 100_000


def test_what_is_published_is_on_the_front_page_at_once(client: Client, site):
    client.get("/")
    guide = GuidePage.objects.get(slug="care", locale__language_code="uk")
    guide.title = "Мамі потрібен догляд"
    guide.save_revision().publish()

    assert "Мамі потрібен догляд" in page_of(client, "/")


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("/", [("Знайти допомогу", "page")]),
        ("/en/", [("Find help", "page")]),
        ("/help/", [("Життєві ситуації", "page")]),
        ("/help/care/", [("Життєві ситуації", "true")]),
        ("/en/help/care/", [("Life situations", "true")]),
        ("/registry/", [("Реєстр надавачів", "page")]),
        ("/services/", [("Послуги", "page")]),
        ("/en/services/", [("Services", "page")]),
        ("/contracts/", [("Договори", "page")]),
        ("/news/", []),
    ],
)
def test_ways_around_mark_where_the_reader_is_whatever_was_read_before(client: Client, site, address, marked):
    for before in ("/services/", "/en/registry/", "/help/", address):
        page = page_of(client, before)
    nav = page.partition("<nav")[2].partition("</nav>")[0]

    assert re.findall(r'aria-current="(?:page|true)">([^<]+)<', nav) == [name for name, _how in marked]
    assert re.findall(r'aria-current="(page|true)"', nav) == [how for _name, how in marked]


def test_notice_stands_above_every_page_between_its_moments(client: Client, site):
    now = timezone.now()
    notice = Notice.objects.create(text_uk="Лінія 15 47 не відповідає.", text_en="The line 15 47 is down.", urgent=True)

    assert '<aside class="message alarm"' in page_of(client, "/news/")
    assert "The line 15 47 is down." in page_of(client, "/en/help/care/")
    notice.until = now - timedelta(minutes=1)
    notice.since = now - timedelta(hours=1)
    notice.save()
    assert "не відповідає" not in page_of(client, "/news/")


@pytest.mark.parametrize("address", ["//evil.example/", "https://evil.example/", "help/"])
def test_notice_leads_only_into_the_portal(address):
    with pytest.raises(ValidationError):
        Notice(text_uk="а", text_en="a", address=address).full_clean()


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_news_asks_the_same_number_of_questions(client: Client, site, item_count, django_assert_num_queries):
    parent = NewsPage.objects.first().get_parent()
    for number in range(item_count - 1):
        parent.add_child(instance=NewsPage(title=f"Новина {number}", slug=f"n{number}", summary="Коротко."))
    client.get("/news/")

    with django_assert_num_queries(11):
        client.get("/news/")


def test_news_and_texts_are_pages_in_both_languages(client: Client, site):
    assert "20 листопада 2026" in page_of(client, "/news/open/")
    assert "The portal is open" in page_of(client, "/en/news/")
    assert "About the portal" in page_of(client, "/en/about/")
    assert TextPage.objects.get(title="Про портал").url == "/about/"


# --- addresses that lead nowhere -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/насильство-вдома/", "насильство вдома"),
        ("/en/help/home_care.html", "home care"),
        ("/registry/12345/", ""),
        ("/%3Cscript%3Ealert(1)%3C/script%3E/", "script alert script"),
        ("/a/" + "слово-" * 40, " ".join(["слово"] * 6)),
    ],
)
def test_words_of_a_wrong_address_become_a_question(path, words):
    assert words_of_address(path) == words


def test_page_that_is_not_there_helps_on(client: Client, site):
    page = page_of(client, "/насильство-вдома/", 404)

    assert 'value="насильство вдома"' in page
    assert '<a href="/help/care/">' in page
    assert 'href="tel:102"' in page


def test_page_that_is_not_there_writes_no_markup_of_the_address(client: Client, site):
    page = client.get("/%22%3E%3Cimg%20src=x%3E/").content.decode()

    assert "<img" not in page


def test_page_that_moved_is_found_at_its_old_address(client: Client, site, django_capture_on_commit_callbacks):
    guide = GuidePage.objects.get(slug="care", locale__language_code="uk")
    guide.slug = "mother"
    with django_capture_on_commit_callbacks(execute=True):
        guide.save_revision().publish()

    response = client.get("/help/care/")

    assert (response.status_code, response["Location"]) == (301, "/help/mother/")


def test_worker_publishes_what_waits_for_its_moment(client: Client, site):
    guide = GuidePage.objects.get(slug="care", locale__language_code="uk")
    guide.title, guide.go_live_at = "Нова назва", timezone.now() + timedelta(hours=1)
    guide.save_revision().publish()
    waiting = page_of(client, "/help/care/")
    revision, moment = guide.get_latest_revision(), timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = moment.isoformat()
    revision.approved_go_live_at = moment
    revision.save()

    worker_round.send(sender="run_worker", now=timezone.now())

    assert "Нова назва" not in waiting
    assert Page.objects.get(pk=guide.pk).title == "Нова назва"
