"""Guides, news and texts as lists show them; few rows, kept for a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.cache import cache
from django.http import QueryDict

from portal.site.models import GuidePage, NewsIndexPage, NewsPage, TextPage
from registry.views.paging import Pages, page_number

NEWS_ON_A_PAGE: Final = 20
NEWS_ON_FRONT_PAGE: Final = 3
_KEPT_FOR: Final = 60


@dataclass(frozen=True, slots=True)
class Linked:
    """A page as a list links it."""

    title: str
    summary: str
    url: str
    day: date | None = None
    on_front_page: bool = False
    services: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PageOfNews:
    rows: list[Linked]
    pages: Pages


def guides_of(language: str) -> list[Linked]:
    """Return the published life situations of a language in the editors' order."""
    return cache.get_or_set(f"site:guides:{language}", lambda: _guides(language), _KEPT_FOR)


def newest_news(language: str) -> list[Linked]:
    """Return the news of the front page: those that editors put there, the newest first."""
    return cache.get_or_set(f"site:news:{language}", lambda: _front_news(language), _KEPT_FOR)


def texts_of(language: str) -> list[Linked]:
    """Return the pages of text linked below every page."""
    return cache.get_or_set(f"site:texts:{language}", lambda: _texts(language), _KEPT_FOR)


def forget_lists() -> None:
    """Let the next reader see what was just published."""
    cache.delete_many([f"site:{what}:{code}" for what in ("guides", "news", "texts") for code in ("uk", "en")])


def page_of_news(index: NewsIndexPage, params: QueryDict) -> PageOfNews:
    rows = NewsPage.objects.live().public().child_of(index).select_related("locale").order_by("-date", "-pk")
    pages = Pages(rows.count(), page_number(params.get("page", "")), NEWS_ON_A_PAGE, lambda page: f"page={page}")
    return PageOfNews([_news_line(one) for one in rows[pages.start : pages.stop]], pages)


def _guides(language: str) -> list[Linked]:
    rows = GuidePage.objects.live().public().filter(locale__language_code=language).order_by("order", "title")
    return [
        Linked(one.title, one.summary, one.url or "", None, one.on_front_page, frozenset(_services_of(one)))
        for one in rows.select_related("locale").defer("sources", "intro")
    ]


def _services_of(guide: GuidePage) -> set[str]:
    """Return the services that the guide's live parts speak of."""
    return {slug for part in guide.body.raw_data for slug in (_value(part).get("services") or ())}


def _value(part: dict[str, object]) -> dict[str, list[str]]:
    value = part.get("value")
    return value if isinstance(value, dict) else {}


def _front_news(language: str) -> list[Linked]:
    rows = NewsPage.objects.live().public().filter(locale__language_code=language, on_front_page=True)
    return [
        _news_line(one)
        for one in rows.select_related("locale").defer("body").order_by("-date", "-pk")[:NEWS_ON_FRONT_PAGE]
    ]


def _texts(language: str) -> list[Linked]:
    rows = TextPage.objects.live().public().filter(locale__language_code=language, in_footer=True)
    return [
        Linked(one.title, one.summary, one.url or "")
        for one in rows.select_related("locale").defer("body").order_by("path")
    ]


def _news_line(one: NewsPage) -> Linked:
    return Linked(one.title, one.summary, one.url or "", one.date, one.on_front_page)
