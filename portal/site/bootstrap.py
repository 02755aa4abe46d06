"""The first pages of the portal and its emergency numbers, made once; what editors change afterwards stays."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from wagtail.models import Locale, Page, Site

from portal.site.models import HomePage, HotLine

HOT_LINES: Final = (
    ("Поліція", "Police", "102"),
    ("Насильство вдома, торгівля людьми", "Violence at home, human trafficking", "15 47"),
    ("Діти", "Children", "116 111"),
)
_HOT_LINE_SOURCE: Final = "sketch of the project; verify"
_WORDS: Final = {
    "uk": {
        "title": "Знайти допомогу",
        "slug": "home",
        "question": "Яка допомога потрібна?",
        "hint": "Напишіть послугу, місто або назву. Побачите, хто допомагає поруч, скільки це коштує і кому дзвонити.",
        "about": (
            "<p>Поруч — відкритий реєстр усіх, хто може надавати соціальні послуги в Україні: громадських і благодійних"
            " організацій, комунальних і державних закладів, підприємців.</p>"
        ),
    },
    "en": {
        "title": "Find help",
        "slug": "home-en",
        "question": "What help is needed?",
        "hint": "Write a service, a town or a name. You will see who helps nearby, what it costs and whom to call.",
        "about": (
            "<p>Поруч (“nearby”) is the open register of everyone who may give social services in Ukraine: civic and"
            " charitable organisations, communal and state institutions, sole proprietors.</p>"
        ),
    },
}


@transaction.atomic
def make_site() -> HomePage:
    """Make the front pages in both languages, the site and the emergency numbers; return the Ukrainian front page."""
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in _WORDS}
    home = HomePage.objects.filter(locale=locales["uk"]).first() or _make_home(locales["uk"])
    if not HomePage.objects.filter(locale=locales["en"]).exists():
        _translate_home(home, locales["en"])
    _make_default_site(home)
    if not HotLine.objects.exists():
        HotLine.objects.bulk_create(
            HotLine(name_uk=uk, name_en=en, phone=phone, order=order, source=_HOT_LINE_SOURCE)
            for order, (uk, en, phone) in enumerate(HOT_LINES)
        )
    return home


def _make_home(locale: Locale) -> HomePage:
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    # the page that Wagtail's first migration leaves behind
    stock = Page.objects.child_of(root).filter(content_type__model="page", slug="home").first()
    if stock is not None:
        Site.objects.filter(root_page=stock).update(root_page=root)
        stock.delete()
    # read again: deleting moved the tree's bookkeeping on
    return Page.objects.get(pk=root.pk).add_child(instance=HomePage(locale=locale, **_WORDS["uk"]))


def _translate_home(home: HomePage, locale: Locale) -> None:
    page = home.copy_for_translation(locale)
    for name, value in _WORDS["en"].items():
        setattr(page, name, value)
    page.draft_title = page.title
    page.live = True
    page.save()
    page.save_revision().publish()


def _make_default_site(home: HomePage) -> None:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="Поруч")
    elif site.root_page_id != home.pk and not isinstance(site.root_page.specific, HomePage):
        site.root_page, site.site_name = home.page_ptr, "Поруч"
        site.save()
