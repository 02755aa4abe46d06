"""How the register's values are written for a reader."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any, Final

from django import template
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, override, pgettext
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from registry.enums import PriceMode, PriceUnit
from registry.interfaces.facets import Choice, Facet
from registry.interfaces.hours import DAYS, day_text
from registry.models import Service

register = template.Library()

_NOT_DIALLED: Final = re.compile(r"[^\d+]")
_ALL_DAY: Final = "00:00–24:00"
_THOUSAND: Final = 1000
_NBSP: Final = "\N{NO-BREAK SPACE}"


# a list shows the same figures and days again and again, and Django's formatting costs more than the rest of a line
@lru_cache(maxsize=4096)
def _grouped(value: Decimal, places: int, language: str | None) -> str:
    with override(language):
        return number_format(value, places, force_grouping=True)


@lru_cache(maxsize=4096)
def _day(value: date, language: str | None) -> str:
    with override(language):
        return date_format(value, "j E Y").replace(" ", _NBSP)


@register.filter
def dialled(phone: str) -> str:
    """Return the number as a telephone takes it; what follows a comma or a word is not dialled."""
    head = re.split(r"[,;]|[^\W\d_]", phone, maxsplit=1)[0]
    return _NOT_DIALLED.sub("", head)


@register.filter
def web_address(value: str | None) -> str:
    """Return a link that a browser may follow, or nothing: a site typed as `javascript:` is no link."""
    value = (value or "").strip()
    if value.startswith(("https://", "http://")):
        return value
    return f"https://{value}" if re.match(r"[\w-]+(\.[\w-]+)+", value) and ":" not in value.split("/", 1)[0] else ""


@register.filter
def money(value: Decimal) -> str:
    """Write a sum in hryvnias: «120 грн», «120,50 грн»."""
    words = _grouped(value, 0 if value == value.to_integral_value() else 2, get_language()).replace("-", "−")
    return _("%(sum)s UAH") % {"sum": words}


@register.filter
def price_words(service: Service) -> str:
    """Say in one sentence what the service costs."""
    mode = PriceMode(service.price_mode)
    if service.price is None:
        return str(mode.label)
    unit = str(PriceUnit(service.price_unit).label) if service.price_unit else ""
    tariff = _("%(sum)s / %(unit)s") % {"sum": money(service.price), "unit": unit} if unit else money(service.price)
    if mode == PriceMode.DIFFERENTIATED:
        return _("depends on income, at most %(tariff)s") % {"tariff": tariff}
    return tariff


@register.filter
def mode_words(mode: str) -> str:
    return str(PriceMode(mode).label)


@register.filter
def day(value: date | None) -> str:
    """Write a day in words with the year: «1 листопада 2026»."""
    return _day(value, get_language()) if value else ""


@register.filter
def amount(value: int) -> str:
    """Write a whole number with its thousands apart."""
    return str(value) if 0 <= value < _THOUSAND else _grouped(value, 0, get_language())


@register.filter
def opening(hours: dict[str, Any]) -> list[tuple[str, str]]:
    """Return lines of a timetable, days alike told together: «понеділок – п’ятниця, 09:00–18:00»."""
    known = [(place, str(label), day_text(hours.get(code))) for place, (code, label) in enumerate(DAYS.items())]
    lines: list[tuple[str, str]] = []
    for text, same in groupby((item for item in known if item[2]), key=lambda item: item[2]):
        days = list(same)
        words = _("around the clock") if text == _ALL_DAY else text
        # days that follow one another become a span; a gap between them keeps each on a line of its own
        if days[-1][0] - days[0][0] == len(days) - 1 and len(days) > 1:
            lines.append((f"{days[0][1]} – {days[-1][1]}", words))
        else:
            lines += [(label, words) for _place, label, _text in days]
    return [*lines, ("", str(hours["note"]))] if hours.get("note") else lines


@register.filter
def role_words(role: str) -> str:
    """Name the role of who acted; a command of the portal acts in no human role."""
    if role == "provider":
        return pgettext("actor", "the provider")
    return str(Role(role).label) if role in Role.values else pgettext("actor", "the portal, automatically")


@register.filter
def providers_counted(number: int) -> str:
    """Write a number of providers in words that agree with it."""
    text = ngettext("%(number)s provider", "%(number)s providers", number)
    return text % {"number": amount(number)}


@register.simple_tag
def options(choices: list[Choice], zeros: bool = True) -> SafeString:
    """Return the options of a select, each with its count; written here because a template takes ten times as long.

    Without `zeros`, where a count of 0 means that nothing was counted, it is left out.
    """
    return mark_safe(
        "".join(
            f'<option value="{escape(choice.value)}" lang="uk"{" selected" if choice.chosen else ""}>'
            f"{escape(choice.label)}{f' ({amount(choice.count)})' if zeros or choice.count else ''}</option>"
            for choice in choices
        )
    )


@register.simple_tag
def checkboxes(facet: Facet) -> SafeString:
    """Return the boxes of a facet, each with its count; written here for the same reason."""
    return mark_safe(
        "".join(
            f'<label><input type="checkbox" name="{facet.name}" value="{escape(choice.value)}"'
            f' id="f-{facet.name}-{escape(choice.value)}"{" checked" if choice.chosen else ""}>'
            f"<span>{escape(choice.label)}</span><b>{amount(choice.count)}</b></label>"
            for choice in facet.choices
        )
    )
