"""The page about the API for people who write programs."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal.accounts.letters import absolute
from portal.site.opendata.reading import LONGEST_PAGE
from registry.interfaces.exporting.dictionary import LICENCE, LICENCE_URL
from registry.views.caching import public_page

# path, what it is
ADDRESSES: Final = (
    ("providers", _("Providers of the open register, with addresses, contacts that are public and services")),
    ("services", _("Services, each with who gives it, where and at what price")),
    ("territories", _("Oblasts, raions, hromadas and districts of cities by the codifier")),
    ("competitions", _("Competitions: announcements, timetables with their reasons, questions, results")),
    ("contracts", _("Concluded contracts: versions, reports, acts, payments, findings")),
    ("orders", _("Budget acts and the decisions on the social order, with the days on which they are due")),
    ("commissions", _("Competition commissions with their members")),
    ("search", _("The search: the same question and the same answer as the page")),
    ("changes", _("What has changed: one list of changes that loses none")),
)


@public_page
def api_page(request: HttpRequest) -> HttpResponse:
    base = absolute("/api/v1/")
    context: dict[str, Any] = {
        "base": base,
        "addresses": [{"url": f"{base}{path}", "path": path, "about": about} for path, about in ADDRESSES],
        "limit": settings.API_REQUESTS_A_MINUTE,
        "longest": LONGEST_PAGE,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
    }
    return render(request, "open_api/api.html", context)
