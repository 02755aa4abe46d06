"""What everybody reads of needs and orders: which hromadas decided in time, which did not, and all of one hromada."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from procurement.interfaces.order_filters import OrderFilter, read_order_filter
from procurement.interfaces.order_words import state_choices
from procurement.queries.orders import (
    acts_on,
    counts_of,
    hromadas_that_missed,
    hromadas_without_budget,
    in_list_order,
    lines_of,
    missed_lines,
    years,
)
from procurement.queries.orders_due import national_term
from procurement.queries.orders_hromada import orders_of
from registry.enums import UnitCategory
from registry.queries.register import vocabulary
from registry.queries.territory import home_of, unit_by_code
from registry.views.caching import public_page
from registry.views.paging import Pages


@public_page
def order_list(request: HttpRequest) -> HttpResponse:
    """Show the year: how many decided, who is late, and every budget act with its decision."""
    today, known = timezone.localdate(), years()
    wanted = read_order_filter(request.GET, known, today)
    everything = acts_on(today)
    counts = counts_of(wanted.places(everything))
    rows = in_list_order(wanted.rows(everything).select_related("hromada__oblast").defer("due_snapshot"))
    pages = _pages(wanted, "page", rows.count())
    missed = hromadas_that_missed(wanted.places(everything))
    missed_pages = _pages(wanted, "missed", missed.count())
    context = {
        "wanted": wanted,
        "years": sorted({*known, today.year, wanted.year}, reverse=True),
        "oblasts": vocabulary().oblasts.values(),
        "states": state_choices(wanted, counts),
        "counts": counts,
        "term": national_term(wanted.year),
        "lines": lines_of(rows[pages.start : pages.stop], today),
        "pages": pages,
        "missed": missed_lines(missed[missed_pages.start : missed_pages.stop], today),
        "missed_pages": missed_pages,
        "unknown": None if wanted.oblast or wanted.text else hromadas_without_budget(wanted.year),
        "today": today,
    }
    return render(request, "procurement/orders/list.html", context)


@public_page
def hromada_orders(request: HttpRequest, code: str) -> HttpResponse:
    """Show one hromada; a settlement leads to its hromada, an oblast to its part of the list."""
    unit = unit_by_code(code)
    if unit is None:
        raise Http404
    home = home_of(unit)
    if home.category in UnitCategory.regions:
        return redirect(f"{reverse('procurement:orders')}?{urlencode({'oblast': home.code})}")
    if home.category != UnitCategory.HROMADA:
        raise Http404
    if home.pk != unit.pk:
        return redirect("procurement:hromada_orders", home.code)
    today = timezone.localdate()
    context = {"unit": home, "orders": orders_of(home, today), "today": today}
    return render(request, "procurement/orders/hromada.html", context)


def _pages(wanted: OrderFilter, name: str, total: int) -> Pages:
    """Page one part of the page; the other stays where it is."""
    here = {"page": wanted.page, "missed": wanted.missed}
    number = here.pop(name)
    rest = {other: page for other, page in here.items() if page > 1}
    return Pages(total, number, settings.REGISTER_PAGE_SIZE, lambda page: wanted.query(**rest, **{name: page}))
