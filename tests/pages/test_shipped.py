"""What comes with the portal becomes pages once; what editors changed stays."""

import json

import pytest
from wagtail.models import Page

from portal.site.bootstrap import make_site
from portal.site.models import GuideIndexPage, GuidePage, NewsPage, TextPage
from portal.site.moderation import make_moderation
from portal.site.shipped import CONTENT, put_content
from tests.entitlement.rules import load_rules
from tests.factories.accounts import make_official
from tests.pages.conftest import guide_file, write


def guide(slug: str = "care", language: str = "uk") -> GuidePage:
    return GuidePage.objects.get(slug=slug, locale__language_code=language)


def test_content_becomes_published_translations_of_each_other(site):
    uk, en = guide(), guide(language="en")

    assert uk.translation_key == en.translation_key
    assert (uk.live, en.live, uk.url, en.url) == (True, True, "/help/care/", "/en/help/care/")
    assert [part.block_type for part in uk.body][-1] == "who_helps"
    assert uk.live_revision_id == uk.latest_revision_id
    assert uk.live_revision_id is not None
    assert (NewsPage.objects.count(), TextPage.objects.count(), GuideIndexPage.objects.count()) == (2, 2, 2)
    assert not GuidePage.objects.filter(slug="violence", locale__language_code="en").exists()


def test_content_put_twice_changes_nothing(site, content):
    before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision"))

    assert put_content(content) == []

    assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision")) == before


def test_changed_file_is_taken_only_where_no_editor_has_written(site, content):
    touched = guide("violence")
    touched.intro = "Слова редактора."
    touched.save_revision(user=make_official("editor")).publish()
    for name, slug in (("01-care", "care"), ("02-violence", "violence")):
        write(content, "guides", f"{name}.uk.json", guide_file(slug, intro="Нові слова."))

    changed = put_content(content)

    assert [page.slug for page in changed] == ["care"]
    assert (guide().intro, guide("violence").intro) == ("Нові слова.", "Слова редактора.")


def test_deleted_page_does_not_come_back(site, content):
    guide("violence").delete()
    write(content, "guides", "02-violence.uk.json", guide_file("violence", intro="Нові слова."))

    put_content(content)

    assert not GuidePage.objects.filter(slug="violence").exists()


def test_moderation_stands_once_and_another_workflow_stays(site):
    workflow = make_moderation()

    assert workflow is not None
    assert make_moderation() is None
    assert guide().get_workflow() == workflow


@pytest.mark.django_db
def test_everything_shipped_fits_the_parts_of_pages():
    load_rules()
    make_site()
    made = put_content()

    assert len(made) == len(list(CONTENT.glob("*/*.json")))
    wrong = []
    for page in made:
        kinds = [part["type"] for part in json.loads(json.dumps(list(page.body.raw_data)))]
        told = json.loads(next(iter(_files(page))).read_text())["body"]
        if kinds != [part["type"] for part in told]:
            wrong.append((page.slug, "a part is unknown"))
        page.full_clean()
    assert wrong == []


def _files(page):
    kind = {"GuidePage": "guides", "NewsPage": "news", "TextPage": "texts"}[type(page).__name__]
    for path in (CONTENT / kind).glob(f"*.{page.locale.language_code}.json"):
        if json.loads(path.read_text())["slug"] == page.slug:
            yield path
