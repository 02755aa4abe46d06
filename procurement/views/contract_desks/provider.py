"""The desk of a provider's people: what waits for them in contracts, what will be paid, all their contracts."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.interfaces.contractor_desk import contractor_desk, contracts_listed
from procurement.views.closed_doors import closed_door, signed_in
from registry.views.paging import Pages, page_number

PAGE: Final = 25

contractor_page = closed_door(thing="contractor:contract", home="contractor:home")


@contractor_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show everything that waits, with or without a day, and the contracts, those that run first."""
    user = signed_in(request)
    rows = contracts_listed(user)
    number = page_number(request.GET.get("page", ""))
    pages = Pages(rows.count(), number, PAGE, lambda page: urlencode({"page": page}))
    context = {
        "desk": contractor_desk(user, day_of(clock.moment())),
        "pages": pages,
        "contracts": rows[pages.start : pages.stop],
    }
    return render(request, "contract_desks/provider.html", context)
