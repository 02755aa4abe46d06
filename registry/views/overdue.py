"""The public list of what is late: decisions of the register, and cards that nobody confirms."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import pgettext

from registry.queries.index import register_index
from registry.queries.overdue import (
    SORTS,
    late_applications,
    late_decisions,
    stale_cards,
    waiting_without_day,
)
from registry.queries.terms import decision_rule, profile_in_force
from registry.views.caching import public_page
from registry.views.paging import Pages, page_number


@public_page
def overdue(request: HttpRequest) -> HttpResponse:
    """Show both lists; each is paged by a parameter of its own, so that one stays where it is."""
    register_index.refresh()
    today = timezone.localdate()
    asked = {name: request.GET.get(name, "") for name in ("sort", "page", "late")}
    sort = asked["sort"] if asked["sort"] in SORTS else SORTS[0]
    late, cards, rule = late_applications(today), stale_cards(sort), decision_rule(profile_in_force(today), today)
    late_pages = _pages(late.count(), asked, "late")
    pages = _pages(len(cards.lines), asked, "page")
    context = {
        "rule": rule,
        "is_term_set": rule is not None and rule.amount is not None,
        "late": late_decisions(list(late[late_pages.start : late_pages.stop]), today),
        "late_pages": late_pages,
        "waiting": waiting_without_day(),
        "cards": cards,
        "lines": cards.lines[pages.start : pages.stop],
        "pages": pages,
        "sort": sort,
        "sorts": _sorts(),
        "today": today,
    }
    return render(request, "registry/overdue.html", context)


def _sorts() -> list[tuple[str, str]]:
    labels = {
        "share": pgettext("sorting", "largest share first"),
        "stale": pgettext("sorting", "most cards first"),
        "oldest": pgettext("sorting", "oldest word first"),
        "name": pgettext("sorting", "by name"),
    }
    return [(name, labels[name]) for name in SORTS]


def _pages(total: int, asked: dict[str, str], name: str) -> Pages:
    rest = {key: value for key, value in asked.items() if value and key != name}
    return Pages(
        total, page_number(asked[name]), settings.REGISTER_PAGE_SIZE, lambda page: urlencode({**rest, name: page})
    )
