"""What every line of a list says of a card: how fresh it is, whether places are free, what may be done with it.

Written here because a template takes ten times as long, and a page has twenty lines. Words are kept by language; who
asks for many at once looks which one it is but once, and calls what is named `…_in` with the language of the page.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from registry.enums import Freshness, VerificationMethod
from registry.queries.freshness import Age, FreePlaces
from registry.templatetags.register import amount, day

register = template.Library()


@register.filter
def freshness_mark(state: str) -> SafeString:
    """Return an item for a card that was not confirmed in time; nothing for the others."""
    return freshness_mark_in(get_language(), state)


@lru_cache(maxsize=64)
def freshness_mark_in(language: str | None, state: str) -> SafeString:
    del language
    marks = {
        Freshness.OVERDUE: ("warn", pgettext("freshness", "not confirmed in time")),
        Freshness.LOWERED: ("warn", pgettext("freshness", "long unconfirmed")),
        Freshness.HIDDEN: ("bad", pgettext("freshness", "not confirmed, out of the search")),
    }
    if state not in marks:
        return SafeString("")
    look, words = marks[Freshness(state)]
    return mark_safe(f'<li><span class="tag {look}">{escape(words)}</span></li>')


@register.filter
def freshness_words(age: Age, method: str = "") -> str:
    """Say when a human last confirmed a card, and how if that is known."""
    return freshness_words_in(get_language(), age, method)


@lru_cache(maxsize=4096)
def freshness_words_in(language: str | None, age: Age, method: str = "") -> str:
    del language
    if not age.is_confirmed:
        words = _("Nobody has confirmed these data since %(day)s")
    elif method in {VerificationMethod.LINK, VerificationMethod.CABINET}:
        words = _("Confirmed by the provider on %(day)s")
    elif method == VerificationMethod.REGISTRAR:
        words = _("Confirmed by the registrar on %(day)s")
    elif method == VerificationMethod.DECISION:
        words = _("Confirmed by a decision of the register on %(day)s")
    else:
        words = _("Confirmed by a person on %(day)s")
    return words % {"day": day(age.since)}


@register.filter
def reach_mark(reach: str) -> SafeString:
    """Say whether a place is known to fit the chosen profile of accessibility: "yes", "no", else unknown."""
    return reach_mark_in(get_language(), reach)


@lru_cache(maxsize=64)
def reach_mark_in(language: str | None, reach: str) -> SafeString:
    del language
    if reach == "yes":
        return mark_safe(f'<span class="tag ok">{escape(_("known to be accessible"))}</span>')
    if reach == "no":
        return mark_safe(f'<span class="tag bad">{escape(_("known not to be accessible"))}</span>')
    return mark_safe(f'<span class="tag">{escape(_("accessibility not known"))}</span>')


@register.filter
def availability(free: FreePlaces | None) -> SafeString:
    """Say what is known of free places, and since when; that nothing is known where nobody said or it is too old."""
    return availability_in(get_language(), free)


@lru_cache(maxsize=4096)
def availability_in(language: str | None, free: FreePlaces | None) -> SafeString:
    del language
    if free is None or not free.is_known:
        words = escape(pgettext("free places", "not known"))
        if free is not None and not free.holds:
            told = _("last said on %(day)s, which is too long ago") % {"day": day(free.said_on)}
            words += f' <span class="soft small">{escape(told)}</span>'
        return mark_safe(words)
    number, waiting = free.number, free.told_waiting
    if number:
        first = ngettext("%(number)s free place", "%(number)s free places", number) % {"number": amount(number)}
    else:
        first = _("no free places")
    words = f"<b>{escape(first)}</b>"
    if waiting:
        queue = ngettext("%(number)s person waiting", "%(number)s people waiting", waiting)
        words += f", {escape(queue % {'number': amount(waiting)})}"
    if free.assessment_first:
        words += f", {escape(_('needs are assessed first'))}"
    said = _("said on %(day)s") % {"day": day(free.said_on)}
    return mark_safe(f'{words} <span class="soft small">{escape(said)}</span>')


@register.simple_tag
def take(key: str, name: object) -> SafeString:
    """Return what compares or keeps one service.

    `key` is how the search calls it; `name` tells those who do not see the line which one it is.
    """
    return mark_safe(take_in(get_language(), key, str(name)))


def take_in(language: str | None, key: str, name: str) -> str:
    return _take(language).format(key=escape(key), name=escape(name))


@lru_cache(maxsize=8)
def _take(language: str | None) -> str:
    del language
    compare, keep, kept = escape(_("Compare")), escape(_("Keep")), escape(pgettext("a service", "Kept"))
    return (
        '<p class="take small noprint">\n'
        f'  <label><input type="checkbox" name="service" value="{{key}}" form="compare"> <span>{compare}'
        ' <span class="hidden" lang="uk">{name}</span></span></label>\n'
        '  <button class="keep" type="button" hidden data-portal-keep="{key}" aria-pressed="false">'
        f'<span class="not-yet">{keep}</span><span class="already">{kept}</span>'
        ' <span class="hidden" lang="uk">{name}</span></button>\n'
        "</p>"
    )
