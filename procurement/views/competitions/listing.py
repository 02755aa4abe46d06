"""Competitions as a list that narrows step by step; the same view gives the page and, to htmx, its changing part."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from procurement.interfaces.competition_filters import parameters, read_competition_filter
from procurement.interfaces.competition_lists import (
    chips,
    facets,
    found_competitions,
    held_after_answers,
    hromada_choices,
    oblast_choices,
    page_rows,
    sort_choices,
    ways_out,
)
from procurement.queries.competitions import SORTS
from registry.views.caching import public_page
from registry.views.paging import Pages


@public_page
def competition_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    held = held_after_answers(now)
    read = read_competition_filter(request.GET)
    read.wanted = read.wanted.with_words_found()
    found = found_competitions(read.wanted, now, held)
    total = found.count()
    pages = Pages(total, read.page, settings.REGISTER_PAGE_SIZE, lambda page: parameters(read, page=page))
    read.page = pages.number
    questions = facets(read, now, held)
    context = {
        "read": read,
        "facets": questions,
        "oblasts": oblast_choices(read, now, held),
        "hromadas": hromada_choices(read, now, held),
        "chips": chips(read, questions),
        "sorts": sort_choices(read),
        "first_sort": SORTS[0],
        "all_url": reverse("procurement:competitions"),
        "total": total,
        "pages": pages,
        "rows": page_rows(found, pages.start, pages.stop, now),
        "ways_out": [] if total else ways_out(read, now, held),
        "query": parameters(read, page=None, sort=None),
    }
    fragment = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    page = "procurement/competitions/_list.html" if fragment else "procurement/competitions/list.html"
    return render(request, page, context)
