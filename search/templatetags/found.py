"""The lines of an answer; written here because a template takes ten times as long, which was a third of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Final

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.enums import Freshness, PriceMode
from registry.templatetags.marks import (
    availability_in,
    freshness_mark_in,
    freshness_words_in,
    reach_mark_in,
    take_in,
)
from registry.templatetags.register import dialled
from search.enums import Kind
from search.interfaces.lines import Line

register = template.Library()

_Words = Mapping[str, str]
# how a price looks: one that has to be paid like the last
_LOOKS: Final = {PriceMode.UNKNOWN.value: "soft", PriceMode.FREE.value: "tag ok"}
_PAID: Final = "tag blue"


@register.simple_tag
def found(lines: Iterable[Line], explain: object = False, choosing: bool = True) -> SafeString:
    """Return these results one below the other; with `explain` each with what it is worth, for editors.

    `choosing` is for pages that have the form of the comparison: elsewhere a box to tick would belong to nothing.
    """
    language = get_language()
    told = {"explain": bool(explain), "choosing": choosing}
    return mark_safe("\n".join(part for line in lines for part in _article(line, language, **told)))


@lru_cache(maxsize=8)
def _words(language: str | None) -> _Words:
    """Return what stands on many lines, in the language of the page and ready for HTML."""
    del language
    words = {
        "serves": _("serves:"),
        "call": _("Call:"),
        "invented": _("invented"),
        "urgently": _("urgently"),
        "found": _("Found by:"),
        "about": _("About:"),
        "missing": _("Not met here:"),
        "elsewhere": _("in another oblast"),
    }
    return {name: escape(text) for name, text in words.items()}


def _article(line: Line, language: str | None, *, explain: bool, choosing: bool) -> Iterator[str]:
    words = _words(language)
    at = f' data-portal-at="{escape(line.at)}"' if line.at else ""
    title = escape(line.title)
    if line.url:
        title = f'<a href="{escape(line.url)}">{title}</a>'
    yield f'<article class="hit"{at}>\n  <h3 lang="{line.title_language}">{title}</h3>'
    where = " · ".join(escape(part) for part in (line.provider, line.place) if part)
    distance = f" · <b>{escape(line.distance)}</b>" if line.distance else ""
    yield f'  <p class="where" lang="uk">{where}{distance}</p>'
    if line.serves:
        yield f'  <p class="where">{words["serves"]} <span lang="uk">{escape(line.serves)}</span></p>'
    if line.summary:
        yield f'  <p class="does" lang="uk">{escape(line.summary)}</p>'
    if line.phone:
        call = f'<span class="hidden">{words["call"]}</span> {escape(line.phone)}'
        yield f'  <p class="call"><a href="tel:{dialled(line.phone)}">{call}</a></p>'
    yield '  <ul class="inline small">'
    yield from _marks(line, words, language)
    yield "  </ul>"
    if why := "<br>".join(_why(line, words)):
        yield f'  <p class="why small soft">{why}</p>'
    if choosing and line.kind == Kind.SERVICE:
        yield take_in(language, line.id, line.provider)
    if explain:
        yield render_to_string("search/_explained.html", {"line": line})
    yield "</article>"


def _marks(line: Line, words: _Words, language: str | None) -> Iterator[str]:
    if line.is_demo:
        yield f'<li><span class="tag warn">{words["invented"]}</span></li>'
    if line.urgent:
        yield f'<li><span class="tag sun">{words["urgently"]}</span></li>'
    if line.price:
        yield f'<li><span class="{_LOOKS.get(line.price_mode, _PAID)}">{escape(line.price)}</span></li>'
    if line.freshness != Freshness.FRESH:
        yield freshness_mark_in(language, line.freshness)
    if line.reach:
        yield f"<li>{reach_mark_in(language, line.reach)}</li>"
    if line.free:
        yield f"<li>{availability_in(language, line.free)}</li>"
    if line.age:
        yield f'<li class="soft">{escape(freshness_words_in(language, line.age))}</li>'


def _why(line: Line, words: _Words) -> Iterator[str]:
    """Say by which words it is found, what it is about and what of the question it lacks."""
    if line.why:
        ways = "; ".join(escape(f"{said} → {read_as}" if read_as else said) for said, read_as in line.why)
        yield f'{words["found"]} <span lang="uk">{ways}</span>'
    if line.about:
        yield f"{words['about']} {escape('; '.join(line.about))}"
    lacks = []
    if line.missing:
        lacks.append(f'{words["missing"]} <span lang="uk">{escape("; ".join(line.missing))}</span>')
    if line.is_elsewhere:
        lacks.append(words["elsewhere"])
    if lacks:
        yield f'<span class="lacks">{" · ".join(lacks)}</span>'
