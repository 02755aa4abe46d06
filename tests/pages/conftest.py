"""A small site: lists of guides and news in both languages, one guide, one piece of news, one text."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.site.bootstrap import make_site
from portal.site.models import GuidePage
from portal.site.shipped import put_content
from search import lexicon
from tests.search.indexes import live
from tests.standing import standing

__all__ = ["live"]
WHO = {
    "type": "who_helps",
    "value": {"title": "Хто допоможе", "text": "", "services": ["home-care"], "groups": [], "urgent": False},
}
BODY = [
    {"type": "text", "value": "<h2>Про що це</h2><p>Бабуся вже не може готувати сама.</p>"},
    {
        "type": "steps",
        "value": {"title": "Що зробити", "steps": [{"title": "Подзвоніть", "text": "Скажіть, що сталося."}]},
    },
    {"type": "callout", "value": {"kind": "danger", "title": "Зараз?", "text": "Телефонуйте 102."}},
    {
        "type": "phones",
        "value": {"title": "", "lines": [{"name": "Поліція", "phone": "1-02", "hours": "цілодобово", "note": ""}]},
    },
    {"type": "rights", "value": {"title": "", "rights": [{"text": "Ви можете відмовитися.", "clause": "ст. 12"}]}},
    {"type": "questions", "value": {"title": "", "questions": [{"question": "Чи платити?", "answer": "Ні."}]}},
    WHO,
]
LIVE = [
    {"type": "costs", "value": {"title": "", "text": "", "services": ["home-care", "shelter"]}},
    {"type": "competitions", "value": {"title": "", "services": ["home-care"]}},
    {"type": "figures", "value": {"title": "", "services": ["home-care"], "groups": ["older-people"]}},
]


def guide_file(slug: str, **fields) -> dict:
    return {
        "slug": slug,
        "title": "Старенька мама вдома",
        "summary": "Хто прийде додому і скільки це коштує.",
        "intro": "Ви не мусите робити все самі.",
        "quick_exit": False,
        "checked_on": "2026-11-26",
        "order": 1,
        "body": BODY,
        "sources": [
            {"title": "Закон 2671-VIII", "url": "https://zakon.rada.gov.ua/laws/show/2671-19", "note": "ст. 16"}
        ],
        "services": ["home-care"],
        "groups": ["older-people"],
        **fields,
    }


def write(folder: Path, kind: str, name: str, told: dict) -> None:
    (folder / kind).mkdir(parents=True, exist_ok=True)
    (folder / kind / name).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(autouse=True)
def words_of_now() -> None:
    """Let the search see the territories of this test, not those of the one before."""
    lexicon.look_again()


@pytest.fixture
def content(tmp_path) -> Path:
    """Return a folder of content that a test may change."""
    return write_content(tmp_path)


def write_content(folder: Path) -> Path:
    write(folder, "guides", "01-care.uk.json", guide_file("care"))
    write(folder, "guides", "01-care.en.json", guide_file("care", title="An elderly mother at home"))
    write(
        folder,
        "guides",
        "02-violence.uk.json",
        guide_file("violence", title="Насильство вдома", quick_exit=True, order=2),
    )
    news = {
        "slug": "open",
        "title": "Портал відкрито",
        "date": "2026-11-20",
        "summary": "Шукайте допомогу.",
        "body": BODY[:1],
    }
    write(folder, "news", "2026-11-20-open.uk.json", news)
    write(folder, "news", "2026-11-20-open.en.json", {**news, "title": "The portal is open"})
    text = {"slug": "about", "title": "Про портал", "summary": "Що це.", "body": BODY[:1]}
    write(folder, "texts", "about.uk.json", text)
    write(folder, "texts", "about.en.json", {**text, "title": "About the portal"})
    return folder


@pytest.fixture(scope="module")
def standing_site(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    def make() -> None:
        make_site()
        put_content(write_content(tmp_path_factory.mktemp("content")))

    with standing(django_db_blocker, make):
        yield


@pytest.fixture
def site(standing_site, db) -> None:
    """Let a test begin with the small site."""


@pytest.fixture
def make_guide(site):
    """Return a function that publishes a guide with these parts."""

    def make(body: list[dict], slug: str = "made", **fields) -> GuidePage:
        parent = GuidePage.objects.get(slug="care", locale__language_code="uk").get_parent().specific
        guide = GuidePage(title="Посібник", slug=slug, summary="Коротко.", body=json.dumps(body), **fields)
        parent.add_child(instance=guide)
        guide.save_revision().publish()
        return guide

    return make
