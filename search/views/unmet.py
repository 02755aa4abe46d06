"""“There is no such service here”: counted for the hromada, without anything of who told it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.lockout import client_address
from portal.kernel.same_origin import open_form
from registry.domain.mistakes import sender_of
from registry.views.caching import public_page
from search.domain.asked import report_unmet_need
from search.interfaces.facets import region_choices
from search.interfaces.questions import known_values
from search.interfaces.unmet import Missing, problem_of, read_missing
from search.lexicon import lexicon

# That a network told this need is remembered for a day by the process alone, as a digest that leads nowhere without the
# portal's secret: no cookie, and no row that would tie a place and a need to a visitor.
A_DAY: Final = timedelta(days=1)


@open_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unmet_need(request: HttpRequest) -> HttpResponse:
    """Ask what is missing where, and count it once a visit."""
    known = known_values()
    missing = read_missing(request.POST if request.method == "POST" else request.GET, lexicon(), known)
    if request.method == "POST":
        missing.problem = problem_of(missing)
        today = timezone.localdate()
        if not missing.problem and _is_counted(request, missing, today):
            return redirect("search:unmet_thanks")
        missing.problem = missing.problem or _(
            "This could not be counted: leave out names, phones and addresses, or choose a service."
        )
    context = {
        "missing": missing,
        "regions": region_choices(missing.place, missing.place_name),
        "services": known["service"],
    }
    return render(request, "search/unmet_form.html", context, status=422 if missing.problem else 200)


@public_page
def unmet_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "search/unmet_thanks.html")


def _is_counted(request: HttpRequest, missing: Missing, today: date) -> bool:
    """Count the need, or know it counted today from the same network; say no where it is not fit to be counted."""
    told = salted_hmac("search.unmet", f"{today}|{sender_of(client_address(request))}|{missing.key}").hexdigest()
    if cache.get(f"unmet:{told}"):
        return True
    if not report_unmet_need(missing.place, missing.service, missing.words, today):
        return False
    cache.set(f"unmet:{told}", value=True, timeout=A_DAY.total_seconds())
    return True
