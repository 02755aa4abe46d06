"""An editor who wants more than an editor may: to publish alone, to close and to take down, to bring in what runs."""

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction

from portal.site.models import GuideIndexPage, GuidePage
from portal.site.moderation import make_moderation
from tests.factories.accounts import make_official
from tests.pages.test_editing import form

SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture
def editor(site, sign_in) -> Client:
    make_moderation()
    return sign_in(make_official("editor"))


def test_editor_publishes_nothing_alone(editor: Client):
    index = GuideIndexPage.objects.first()
    guide = GuidePage.objects.filter(live=True).first()
    words = form("Без дозволу")
    words["slug"] = "alone"

    editor.post(f"/admin/pages/add/portal_site/guidepage/{index.pk}/", {**words, "action-publish": "1"})
    editor.post(f"/admin/pages/{guide.pk}/edit/", {**words, "slug": guide.slug, "action-publish": "1"})
    copied = {"new_title": "К", "new_slug": "k", "new_parent_page": index.pk, "publish_copies": "1", "alias": "1"}
    editor.post(f"/admin/pages/{guide.pk}/copy/", copied)

    assert set(Page.objects.filter(slug__in=("alone", "k")).values_list("slug", "live")) == {
        ("alone", False),
        ("k", False),
    }
    assert GuidePage.objects.get(pk=guide.pk).title == guide.title


def test_editor_takes_down_closes_and_moves_nothing_that_is_published(editor: Client):
    guide = GuidePage.objects.filter(live=True).first()
    news = Page.objects.get(slug="news", locale=guide.locale)

    for step in ("unpublish", "delete", f"move/{news.pk}/confirm", "privacy"):
        editor.post(f"/admin/pages/{guide.pk}/{step}/", {"restriction_type": "login", "new_parent_page": news.pk})

    found = GuidePage.objects.get(pk=guide.pk)
    assert (found.live, found.path) == (True, guide.path)
    assert not PageViewRestriction.objects.exists()


@pytest.mark.parametrize("name", ["x.svg", "x.html", "x.xhtml", "x.xml", "x.js", "x.pdf.svg"])
def test_editor_brings_in_no_file_that_a_browser_runs(editor: Client, name):
    for address in ("/admin/documents/add/", "/admin/documents/multiple/add/"):
        file = SimpleUploadedFile(name, SCRIPT, content_type="application/pdf")
        fields = {"title": "x", "file": file, "files[]": SimpleUploadedFile(name, SCRIPT)}
        editor.post(address, fields, headers={"X-Requested-With": "XMLHttpRequest"})
    picture = SimpleUploadedFile(name, SCRIPT, content_type="image/png")
    editor.post("/admin/images/add/", {"title": "x", "file": picture})

    assert not get_document_model().objects.exists()
    assert not get_image_model().objects.exists()


def test_text_that_pretends_to_be_a_page_is_not_shown_as_one(editor: Client, client: Client):
    file = SimpleUploadedFile("x.txt", b"<script>alert(1)</script>", content_type="text/html")
    editor.post("/admin/documents/add/", {"title": "x", "file": file, "collection": "1"})
    document = get_document_model().objects.get()

    answer = client.get(document.url)

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_link_of_a_text_runs_nothing(editor: Client):
    index = GuideIndexPage.objects.first()
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}
    text = {"key": "a", "text": "x<script>", "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
    text["entityRanges"] = [{"offset": 0, "length": 1, "key": 0}]
    words = form("Злий")
    words["body-0-value"] = json.dumps({"entityMap": {"0": link}, "blocks": [text]})

    editor.post(f"/admin/pages/add/portal_site/guidepage/{index.pk}/", words)

    body = str(GuidePage.objects.get(slug="neighbour").body.raw_data[0])
    assert "x</a>&lt;script&gt;" in body
    assert "javascript" not in body


@pytest.mark.parametrize("address", ["pages/search", "choose-page/search", "documents", "images"])
def test_editor_finds_what_is_kept_in_the_desk(editor: Client, address):
    assert editor.get(f"/admin/{address}/", {"q": "портал"}).status_code == 200


def test_picture_of_an_editor_is_seen_and_nothing_else_of_the_folder(editor: Client, client: Client):
    file = BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")

    editor.post("/admin/images/add/", {"title": "x", "file": SimpleUploadedFile("x.png", file.getvalue())})

    assert get_image_model().objects.count() == 1
    picture = get_image_model().objects.get()
    seen = picture.get_rendition("width-480").url
    assert client.get(seen).headers["Content-Type"] == "image/png"
    for path in (
        picture.file.url,
        "/media/images/../original_images/x.png",
        "/media/images/",
        "/media/documents/x.pdf",
    ):
        assert client.get(path).status_code in (400, 404), path
