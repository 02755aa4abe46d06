"""Who evaluates proposals: the public list of appointed commissions, and each with its members, acts and work."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from procurement.interfaces.order_filters import read_order_filter
from procurement.queries.commissions import changes_of, interests_told, public_commissions, work_of
from registry.queries.register import vocabulary
from registry.views.caching import public_page
from registry.views.paging import Pages

WITH_ALL: Final = ("act_document", "hromada__oblast", "commissioner__organisation")


@public_page
def commissions(request: HttpRequest) -> HttpResponse:
    """List them, the latest first, of an oblast or of hromadas whose names begin as is typed."""
    wanted = read_order_filter(request.GET, [], timezone.localdate())
    rows = public_commissions()
    if wanted.oblast:
        rows = rows.filter(hromada__oblast=wanted.oblast)
    if wanted.text:
        rows = rows.filter(hromada__name__startswith=wanted.text[0].upper() + wanted.text[1:])
    named = {"oblast": wanted.oblast.code if wanted.oblast else "", "q": wanted.text}
    kept = {name: value for name, value in named.items() if value}
    pages = Pages(
        rows.count(), wanted.page, settings.REGISTER_PAGE_SIZE, lambda page: urlencode({**kept, "page": page})
    )
    context = {
        "wanted": wanted,
        "oblasts": vocabulary().oblasts.values(),
        "commissions": rows[pages.start : pages.stop],
        "pages": pages,
    }
    return render(request, "procurement/commissions/list.html", context)


@public_page
def commission_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one; of interests only what is lawful to tell once a competition is decided."""
    found = get_object_or_404(public_commissions().select_related(*WITH_ALL), pk=pk)
    members = list(found.members.order_by("order", "pk"))
    competitions = work_of(found)
    told = interests_told(competitions, found)
    context = {
        "commission": found,
        "members": [one for one in members if one.until is None],
        "former": [one for one in members if one.until is not None],
        "changes": changes_of(found, members),
        "work": [(one, told.get(one.pk, [])) for one in competitions],
    }
    return render(request, "procurement/commissions/commission.html", context)
