"""What editors took back or closed to some readers does not come out by another door."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.log_actions import log
from wagtail.models import PageViewRestriction

from portal.site.guides.lists import guides_of
from portal.site.models import NewsPage, Notice


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def close(page) -> PageViewRestriction:
    return PageViewRestriction.objects.create(page=page, restriction_type="login")


def test_news_for_some_readers_are_in_no_list(client: Client, site):
    news = NewsPage.objects.get(slug="open", locale__language_code="uk")
    assert news.title in page_of(client, "/news/")

    close(news)

    for address in ("/news/", "/news/feed.atom", "/sitemap-pages.xml", "/"):
        assert news.title not in page_of(client, address)
        assert f'"{news.url}"' not in page_of(client, address)
        assert f"8000{news.url}<" not in page_of(client, address)


def test_guide_that_is_closed_leaves_the_lists_at_once(client: Client, make_guide):
    guide = make_guide([])
    assert "made" in [one.url.split("/")[-2] for one in guides_of("uk")]

    close(guide)

    assert "made" not in [one.url.split("/")[-2] for one in guides_of("uk")]
    assert "/help/made/" not in page_of(client, "/help/")


def test_what_was_taken_down_does_not_come_back_by_the_history(client: Client, make_guide):
    guide = make_guide([{"type": "text", "value": "<p>Телефон жінки 050 000 00 00.</p>"}])
    guide.unpublish()
    guide.body = [("text", "<p>Телефонуйте до центру.</p>")]
    guide.save_revision().publish()
    guide.body = [("text", "<p>Телефонуйте до центру зранку.</p>")]
    guide.save_revision().publish()

    page = page_of(client, "/help/made/history/")

    assert "зранку" in page
    assert "050 000" not in page


def test_what_was_closed_to_some_readers_does_not_come_out_by_the_history(client: Client, make_guide):
    guide = make_guide([{"type": "text", "value": "<p>Було не для всіх.</p>"}])
    log(instance=guide.get_parent(), action="wagtail.view_restriction.delete")
    guide.body = [("text", "<p>Для всіх.</p>")]
    guide.save_revision().publish()

    assert "не для всіх" not in page_of(client, "/help/made/history/")


def test_history_of_a_closed_page_is_closed(client: Client, make_guide):
    close(make_guide([{"type": "text", "value": "<p>Таємниця.</p>"}]))

    answer = client.get("/help/made/history/")

    assert answer.status_code == 302
    assert "public" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("address", ["/\\evil.example/", "/\t/evil.example/", "/ /evil.example", "/a\\..\\\\evil"])
def test_notice_leads_to_no_other_host_by_what_browsers_mend(address):
    with pytest.raises(ValidationError):
        Notice(text_uk="а", text_en="a", address=address).full_clean()
