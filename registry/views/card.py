"""The card of one provider and its public history."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.interfaces.history_words import past_card, steps_of
from registry.interfaces.way_there import way_there
from registry.models import RegisterEntry
from registry.queries.card import card_of, open_entry
from registry.queries.decisions import decisions_of
from registry.queries.freshness import told_of_card
from registry.queries.history import as_of, changes_of
from registry.views.caching import public_page
from registry.views.paging import Pages, page_number

LINES_A_PAGE = 60
LONGEST_NUMBER = 12


def entry_or_404(number: str) -> RegisterEntry:
    """Return the entry whose card everybody may see; a strange number is no error, only not found."""
    entry = open_entry(number) if number.isascii() and number.isalnum() and len(number) <= LONGEST_NUMBER else None
    if entry is None:
        raise Http404
    return entry


@public_page
def entry_card(request: HttpRequest, number: str) -> HttpResponse:
    entry = entry_or_404(number)
    if entry.merged_into is not None:
        return redirect(entry.merged_into, permanent=True)
    card = card_of(entry)
    context = {
        "entry": entry,
        "organisation": entry.organisation,
        "card": card,
        "told": told_of_card(card, today=timezone.localdate()),
        "way": way_there(card, request.GET.get("profile", "")),
    }
    return render(request, "registry/entry_card.html", context)


@public_page
def entry_history(request: HttpRequest, number: str) -> HttpResponse:
    """Show who changed what; with `?on=` also the public data as they were at the end of that day."""
    entry = entry_or_404(number)
    changes = changes_of(entry)
    asked = request.GET.get("on", "").strip()[:20]
    on, problem = _read_day(asked)
    snapshot = as_of(entry, on, changes) if on else None
    if on and snapshot is None:
        problem = _("The provider was not in the register on that day.")
    rest = {"on": asked} if asked else {}
    number = page_number(request.GET.get("page", ""))
    pages = Pages(len(changes), number, LINES_A_PAGE, lambda page: urlencode({**rest, "page": page}))
    context = {
        "entry": entry,
        "organisation": entry.organisation,
        "asked": _day_text(asked),
        "on": on,
        "problem": problem,
        "past": past_card(snapshot) if snapshot else None,
        "steps": steps_of(changes[pages.start : pages.stop]),
        "pages": pages,
        "decisions": decisions_of(entry),
        "today": timezone.localdate(),
    }
    return render(request, "registry/entry_history.html", context)


def _read_day(asked: str) -> tuple[date | None, str]:
    """Return the day asked for, or why it cannot be shown."""
    if not asked:
        return None, ""
    try:
        on = date.fromisoformat(asked)
    except ValueError:
        return None, _("“%(value)s” is not a day. Write it like 2026-11-22.") % {"value": asked}
    if on > timezone.localdate():
        return None, _("That day has not come yet.")
    return on, ""


def _day_text(asked: str) -> str:
    """Return what was asked for if a date field can hold it."""
    try:
        return date.fromisoformat(asked).isoformat()
    except ValueError:
        return ""
