"""“There is no such service here”: counted for the hromada, without anything of who told it."""

from __future__ import annotations

import hashlib
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registry.views.caching import public_page
from search.domain.asked import report_unmet_need
from search.interfaces.facets import region_choices
from search.interfaces.questions import known_values
from search.interfaces.unmet import Missing, problem_of, read_missing
from search.lexicon import lexicon

# What was told already is remembered by the browser alone, as short digests in a signed cookie that ends with the
# visit: a session in the database would tie a place and a need to a visitor.
TOLD: Final = "told"
MOST_TOLD: Final = 20
_DIGEST: Final = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unmet_need(request: HttpRequest) -> HttpResponse:
    """Ask what is missing where, and count it once a visit."""
    known = known_values()
    missing = read_missing(request.POST if request.method == "POST" else request.GET, lexicon(), known)
    if request.method == "POST":
        missing.problem = problem_of(missing)
        told = told_already(request)
        if not missing.problem and (digest(missing) in told or _report(missing)):
            return _thank(request, [digest(missing), *told])
        missing.problem = missing.problem or _(
            "This could not be counted: leave out names, phones and addresses, or choose a service."
        )
    context = {
        "missing": missing,
        "regions": region_choices(missing.place, missing.place_name),
        "services": known["service"],
    }
    return render(request, "search/unmet_form.html", context, status=422 if missing.problem else 200)


def _thank(request: HttpRequest, told: list[str]) -> HttpResponse:
    response = redirect("search:unmet_thanks")
    value = ".".join(told[:MOST_TOLD])
    response.set_signed_cookie(TOLD, value, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


@public_page
def unmet_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "search/unmet_thanks.html")


def _report(missing: Missing) -> bool:
    return report_unmet_need(missing.place, missing.service, missing.words, timezone.localdate())


def told_already(request: HttpRequest) -> list[str]:
    return [one for one in (request.get_signed_cookie(TOLD, default="") or "").split(".") if one]


def digest(missing: Missing) -> str:
    return hashlib.sha256(missing.key.encode()).hexdigest()[:_DIGEST]
