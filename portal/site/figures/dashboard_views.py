"""The public figures: charts with their tables and files, and what decisions ordered, item by item."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.accounts.letters import absolute
from portal.site.figures.asked import Asked, read_asked
from portal.site.figures.building import NAMES, chart, charts
from portal.site.figures.tables import table_response
from procurement.queries.contracts.listing import years_of_contracts
from procurement.queries.figures_orders import for_list, ordered_items, total_ordered
from procurement.queries.orders import years
from registry.queries.alphabet import alphabetical
from registry.queries.memory import kept
from registry.queries.register import vocabulary
from registry.views.caching import public_page
from registry.views.paging import Pages, page_number


def _asked(request: HttpRequest) -> Asked:
    known = kept("figure_years", lambda: [*years_of_contracts(), *years()])
    return read_asked(request.GET, known, timezone.localdate())


@public_page
def figures(request: HttpRequest) -> HttpResponse:
    now, today, asked = timezone.now(), timezone.localdate(), _asked(request)
    context = {
        "asked": asked,
        "oblasts": sorted(vocabulary().oblasts.values(), key=lambda unit: alphabetical(unit.name)),
        "charts": charts(asked, now, today),
        "query": asked.query(),
        "now": now,
    }
    return render(request, "figures/dashboards.html", context)


@public_page
def figure_table(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Hand one chart out as CSV."""
    if name not in NAMES:
        raise Http404
    found = chart(name, _asked(request), timezone.now(), timezone.localdate())
    return table_response(f"figures-{name}", found.head, found.table(absolute))


@public_page
def ordered(request: HttpRequest) -> HttpResponse:
    """Show the items that make up what is ordered of a service, each with the decision it stands in."""
    asked = _asked(request)
    rows = ordered_items(asked.year, asked.oblast, asked.service.pk if asked.service else None)
    totals = total_ordered(rows)
    service = asked.service.slug if asked.service else ""
    pages = Pages(
        totals["items"],
        page_number(request.GET.get("page", "")),
        settings.REGISTER_PAGE_SIZE,
        lambda page: asked.query(service=service, page=page),
    )
    context = {
        "asked": asked,
        "totals": totals,
        "pages": pages,
        "items": for_list(rows)[pages.start : pages.stop],
        "back": asked.query(),
    }
    return render(request, "figures/ordered.html", context)
