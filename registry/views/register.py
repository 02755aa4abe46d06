"""The register as a list that narrows step by step; the same view gives the page and, to htmx, its changing part."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from registry.interfaces.facets import (
    chips,
    facets,
    hromada_choices,
    oblast_choices,
    parameters,
    sort_choices,
    ways_out,
)
from registry.interfaces.filters import read_filter
from registry.queries.register import SORTS, matching_entries, page_of, register_index
from registry.queries.rows import rows_of
from registry.views.caching import public_page
from registry.views.paging import Pages


@public_page
def register_list(request: HttpRequest) -> HttpResponse:
    register_index.refresh()
    read = read_filter(request.GET)
    found = matching_entries(read.wanted)
    pages = Pages(len(found), read.page, settings.REGISTER_PAGE_SIZE, lambda page: parameters(read, page=page))
    read.page = pages.number
    questions = facets(read)
    context = {
        "read": read,
        "facets": questions,
        "oblasts": oblast_choices(read),
        "hromadas": hromada_choices(read),
        "chips": chips(read, questions),
        "sorts": sort_choices(read),
        "first_sort": SORTS[0],
        "all_url": reverse("registry:register"),
        "total": len(found),
        "pages": pages,
        "rows": rows_of(page_of(read.wanted, found, pages.start, pages.stop), today=timezone.localdate()),
        "ways_out": [] if found else ways_out(read),
        "download_query": parameters(read, page=None),
    }
    fragment = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    return render(request, "registry/_register.html" if fragment else "registry/register_list.html", context)
