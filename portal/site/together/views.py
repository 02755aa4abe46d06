"""Services side by side, and those that a reader keeps in the browser."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal.site.together import comparison
from portal.site.together.choice import read_choice
from registry.queries.access_profiles import profiles
from registry.queries.chosen import chosen_services
from registry.views.caching import public_page

MOST_KEPT: Final = 40


@public_page
def compare(request: HttpRequest) -> HttpResponse:
    """Show up to four services side by side; what is not in the register any more is said, not refused."""
    choice = read_choice(request.GET, most=comparison.MOST)
    wanted = choice.keys[: comparison.MOST]
    now = timezone.localtime()
    found = chosen_services(wanted, today=now.date())
    services = [found[key] for key in wanted if key in found]
    table = comparison.compare(services, now=now, here=choice.where.point, profile=choice.profile)
    context = {
        "choice": choice,
        "most": comparison.MOST,
        "left_out": len(choice.keys) - len(wanted),
        "gone": [*(key for key in wanted if key not in found), *choice.strange[: comparison.MOST]],
        "whole": table,
        "table": comparison.only_differing(table) if choice.only_differences else table,
        "columns": [(one, choice.without(one.key)) for one in services],
        "all_rows": choice.address(only=None),
        "only_differences": choice.address(only="differences"),
        "profiles": profiles().values(),
        "wide": len(services) > 2,  # noqa: PLR2004 two columns fit a phone
    }
    return render(request, "together/compare.html", context)


@require_safe
def favourites(request: HttpRequest) -> HttpResponse:
    """Show the services of the address: the browser asks for those it keeps, nobody else knows which they are."""
    choice = read_choice(request.GET, most=MOST_KEPT)
    wanted = choice.keys[:MOST_KEPT]
    found = chosen_services(wanted, today=timezone.localdate())
    context = {
        "choice": choice,
        "services": [found[key] for key in wanted if key in found],
        "gone": [*(key for key in wanted if key not in found), *choice.strange[:MOST_KEPT]],
    }
    template = "together/_kept.html" if request.headers.get("HX-Request") else "together/favourites.html"
    response = render(request, template, context)
    patch_cache_control(response, private=True, no_store=True)
    response["Referrer-Policy"] = "same-origin"
    return response
