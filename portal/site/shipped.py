"""Guides, news and texts that come with the portal, made into pages once; what editors changed afterwards stays.

A file is taken anew only when it has changed and nobody but this module has ever saved its page. A page that editors
deleted does not come back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from wagtail.models import Locale, Page

from portal.site.models import GuideIndexPage, GuidePage, HomePage, NewsIndexPage, NewsPage, TextPage
from registry.models import ReferenceLoad, ServiceType, VulnerableGroup

CONTENT: Final = Path(__file__).parent / "content"
FIRST, SECOND = "uk", "en"
_INDEXES: Final[dict[type[Page], dict[str, dict[str, str]]]] = {
    GuideIndexPage: {
        "uk": {
            "title": "Життєві ситуації",
            "slug": "help",
            "intro": "Оберіть те, що сталося. Скажемо, що зробити спершу, хто допоможе поруч і скільки це коштує.",
        },
        "en": {
            "title": "Life situations",
            "slug": "help",
            "intro": "Choose what has happened. We say what to do first, who helps nearby and what it costs.",
        },
    },
    NewsIndexPage: {
        "uk": {"title": "Новини", "slug": "news", "intro": "Що нового на порталі й у соціальних послугах."},
        "en": {"title": "News", "slug": "news", "intro": "What is new on the portal and in social services."},
    },
}
# folder → what its files become, and below which page
_KINDS: Final[dict[str, tuple[type[Page], type[Page]]]] = {
    "guides": (GuidePage, GuideIndexPage),
    "news": (NewsPage, NewsIndexPage),
    "texts": (TextPage, HomePage),
}
_PLAIN: Final = ("title", "slug", "summary", "intro", "quick_exit", "order", "in_footer", "on_front_page")
_DAYS: Final = ("checked_on", "date")


@dataclass(frozen=True, slots=True)
class Shipped:
    """A file of the content: its name is remembered together with its digest."""

    kind: str
    name: str
    digest: str
    told: dict[str, Any]

    @property
    def known_as(self) -> str:
        return f"content:{self.kind}/{self.name}"


@transaction.atomic
def put_content(folder: Path = CONTENT) -> list[Page]:
    """Make the pages of all files that are new, in both languages; return what was made or brought up.

    The front pages must be there. A file of the second language without one of the first is left aside.
    """
    locales = {locale.language_code: locale for locale in Locale.objects.filter(language_code__in=(FIRST, SECOND))}
    homes = {code: HomePage.objects.get(locale=locale) for code, locale in locales.items()}
    for model, told in _INDEXES.items():
        _put_index(model, told, homes, locales)
    known = dict(ReferenceLoad.objects.filter(name__startswith="content:").values_list("name", "digest"))
    changed = []
    for first, second in _pairs(folder):
        page = _put(first, locales[FIRST], known)
        translated = _put(second, locales[SECOND], known, of=_page_of(first, locales[FIRST])) if second else None
        changed += [one for one in (page, translated) if one is not None]
    return changed


def _pairs(folder: Path) -> Iterator[tuple[Shipped, Shipped | None]]:
    for kind in _KINDS:
        for path in sorted((folder / kind).glob(f"*.{FIRST}.json")):
            other = path.with_name(path.name.removesuffix(f".{FIRST}.json") + f".{SECOND}.json")
            yield _read(kind, path), _read(kind, other) if other.exists() else None


def _read(kind: str, path: Path) -> Shipped:
    data = path.read_bytes()
    return Shipped(kind, path.name, hashlib.sha256(data).hexdigest(), json.loads(data))


def _put_index(
    model: type[Page], told: dict[str, dict[str, str]], homes: dict[str, HomePage], locales: dict[str, Locale]
) -> None:
    index = model.objects.child_of(homes[FIRST]).first()
    if index is None:
        index = homes[FIRST].add_child(instance=model(locale=locales[FIRST], **told[FIRST]))
        index.save_revision().publish()
    if not model.objects.filter(translation_key=index.translation_key, locale=locales[SECOND]).exists():
        _publish(index.copy_for_translation(locales[SECOND]), told[SECOND])


def _put(shipped: Shipped, locale: Locale, known: dict[str, str], of: Page | None = None) -> Page | None:
    """Make the page, or bring it up where nobody has touched it; None where there was nothing to do."""
    if known.get(shipped.known_as) == shipped.digest:
        return None
    page = _page_of(shipped, locale)
    if page is None and shipped.known_as in known:
        return None
    if page is not None and _is_touched(page):
        made = None
    elif page is not None:
        made = _publish(page, shipped.told)
    elif locale.language_code == SECOND:
        made = _publish(of.copy_for_translation(locale), shipped.told) if of is not None else None
    else:
        made = _add(shipped, locale)
    ReferenceLoad.objects.update_or_create(name=shipped.known_as, defaults={"digest": shipped.digest})
    return made


def _page_of(shipped: Shipped, locale: Locale) -> Page | None:
    model, _parent = _KINDS[shipped.kind]
    return model.objects.filter(locale=locale, slug=shipped.told["slug"]).first()


def _is_touched(page: Page) -> bool:
    return page.revisions.filter(user__isnull=False).exists()


def _add(shipped: Shipped, locale: Locale) -> Page:
    model, above = _KINDS[shipped.kind]
    page = model(locale=locale)
    _fill(page, shipped.told)
    parent = above.objects.filter(locale=locale).first()
    assert parent is not None
    parent.add_child(instance=page)
    return _publish(page, shipped.told)


def _publish(page: Page, told: dict[str, Any]) -> Page:
    _fill(page, told)
    page.draft_title, page.live = page.title, True
    page.save()
    page.save_revision().publish()
    return page


def _fill(page: Page, told: dict[str, Any]) -> None:
    for name in _PLAIN:
        if name in told and hasattr(page, name):
            setattr(page, name, told[name])
    for name in _DAYS:
        if told.get(name) and hasattr(page, name):
            setattr(page, name, date.fromisoformat(told[name]))
    if "body" in told and hasattr(page, "body"):
        page.body = json.dumps(told["body"], ensure_ascii=False)
    if isinstance(page, GuidePage):
        page.sources = json.dumps([{"type": "source", "value": one} for one in told.get("sources", ())])
        page.services = ServiceType.objects.filter(slug__in=told.get("services", ()))
        page.groups = VulnerableGroup.objects.filter(slug__in=told.get("groups", ()))
    if isinstance(page, NewsPage):
        page.on_front_page = told.get("on_front_page", True)
    page.search_description = told.get("summary", page.search_description)
