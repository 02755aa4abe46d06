"""An editor's work as a new user would do it: written with live parts, previewed, submitted, approved, rolled back."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from portal.kernel.models import OutboxMessage
from portal.site.models import GuideIndexPage, GuidePage
from portal.site.moderation import make_moderation
from tests.factories.accounts import make_official
from tests.factories.registry import make_catalogue, make_provider, make_territories

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return unescape(" ".join(response.content.decode().replace("\xa0", " ").split()))


def form(title: str = "Сусідка більше не виходить", text: str = "<p>Спитайте, чи треба допомога.</p>", **more) -> dict:
    """Return what the browser of an editor sends."""
    return nested_form_data(
        {
            "title": title,
            "slug": "neighbour",
            "summary": "Що зробити і кого покликати.",
            "intro": "",
            "body": streamfield(
                [
                    ("text", rich_text(text, editor="default", features=["h2", "bold", "ul", "link"])),
                    ("steps", {"title": "", "steps": _listed([{"title": "Зайдіть", "text": ""}])}),
                    (
                        "who_helps",
                        {"title": "Хто прийде", "text": "", "services": ["home-care"], "groups": [], "urgent": ""},
                    ),
                    ("costs", {"title": "", "text": "", "services": ["home-care"]}),
                ]
            ),
            "sources": streamfield([]),
            "checked_on": "",
            "order": "5",
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            **more,
        }
    )


def _listed(rows: list[dict]) -> dict:
    return {
        "count": str(len(rows)),
        **{str(place): {"value": row, "deleted": "", "order": str(place)} for place, row in enumerate(rows)},
    }


@pytest.fixture
def world(site):
    make_territories()
    make_catalogue()
    make_provider(name="Диканський центр")
    make_moderation()


@pytest.fixture
def editor(world, sign_in) -> Client:
    return sign_in(make_official("editor"))


@pytest.fixture
def moderator(world, sign_in) -> Client:
    return sign_in(make_official("administrator"))


def the_guide() -> GuidePage:
    return GuidePage.objects.get(slug="neighbour")


def test_guide_goes_from_an_empty_form_to_readers_and_back(client: Client, editor: Client, moderator: Client):
    parent = GuideIndexPage.objects.get(locale__language_code="uk")
    address = reverse("wagtailadmin_pages:add", args=["portal_site", "guidepage", parent.pk])
    empty = text_of(editor.get(address))
    assert {'"who_helps"', '"costs"'} <= set(re.findall(r'"\w+"', empty))

    # written, and looked at with its live parts before anybody else sees it
    assert editor.post(address, form()).status_code == 302
    guide = the_guide()
    edit = reverse("wagtailadmin_pages:edit", args=[guide.pk])
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[guide.pk])
    assert editor.post(preview, form()).json()["is_valid"] is True
    shown = text_of(editor.get(f"{preview}?mode="))
    assert "Диканський центр" in shown
    assert 'class="reading"' in shown
    assert "frame-ancestors 'self'" in editor.get(f"{preview}?mode=")["Content-Security-Policy"]
    assert client.get("/help/neighbour/").status_code == 404

    # sent to moderation: an editor cannot publish, whatever the form says
    editor.post(edit, form(**{"action-publish": "1"}))
    assert not the_guide().live
    editor.post(edit, form(**{"action-submit": "1"}))
    state = the_guide().current_workflow_state
    assert state is not None
    letters = OutboxMessage.objects.filter(kind="mail", key__startswith="site:moderation")
    assert any("Сусідка" in letter.payload["subject"] for letter in letters)

    # approved: readers see it
    approve = reverse("wagtailadmin_pages:workflow_action", args=[guide.pk, "approve", state.current_task_state_id])
    assert moderator.post(approve, {}).status_code in {200, 302}
    assert the_guide().live
    assert "Спитайте, чи треба допомога." in text_of(client.get("/help/neighbour/"))

    # changed and rolled back
    first = the_guide().live_revision
    moderator.post(edit, form(text="<p>Помилка.</p>", **{"action-publish": "1"}))
    assert "Помилка." in text_of(client.get("/help/neighbour/"))
    back = reverse("wagtailadmin_pages:revisions_revert", args=[guide.pk, first.pk])
    assert moderator.get(back).status_code == 200
    moderator.post(edit, form(**{"action-publish": "1", "revision": str(first.pk)}))
    assert "Спитайте, чи треба допомога." in text_of(client.get("/help/neighbour/"))
    history = client.get("/help/neighbour/history/").context["changes"]
    assert [change.came for change in history] == [["Спитайте, чи треба допомога."], ["Помилка."], []]


def test_editor_of_a_page_sees_how_plain_its_words_are(editor: Client):
    guide = GuidePage.objects.get(slug="care", locale__language_code="uk")
    guide.intro = "Надання послуг здійснюється відповідно до чинного законодавства."
    guide.save_revision()

    page = text_of(editor.get(reverse("wagtailadmin_pages:edit", args=[guide.pk])))

    assert "здійснюється →" in page
    assert "відповідно до →" in page


def test_editor_meets_no_page_of_the_desk_that_fails(editor: Client, moderator: Client):
    for client in (editor, moderator):
        for name in ("wagtailadmin_home", "wagtailadmin_explore_root", "wagtailadmin_reports:workflow"):
            assert client.get(reverse(name)).status_code in {200, 302}, name
    assert moderator.get(reverse("wagtailadmin_workflows:index")).status_code == 200
    assert moderator.get(reverse("wagtailredirects:index")).status_code == 200


def test_editor_has_notices_and_hot_lines_in_the_menu(editor: Client):
    page = editor.get(reverse("wagtailadmin_home")).content.decode()

    assert "/admin/snippets/portal_site/notice/" in page
    assert "/admin/snippets/portal_site/hotline/" in page
