"""News of competitions by e-mail without an account: ask, confirm from the letter, stop in one click."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.accounts.lockout import client_address
from portal.kernel.same_origin import open_form
from procurement.alert_letters import about_words
from procurement.domain.news import alerts
from procurement.enums import AlertState
from procurement.interfaces.alert_form import AlertForm, wanted_of
from registry.views.caching import public_page

# the name of the button that asks for the hromadas of the chosen oblast, where there is no script
PLACES = "places"


@open_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest) -> HttpResponse:
    """Ask what news is wanted and where it should go; the answer tells nobody whether the address is known."""
    if PLACES in request.POST:
        wanted = {**wanted_of(request.POST), "email": request.POST.get("email", "")}
        return _form(request, AlertForm(wanted=wanted))
    form = AlertForm(request.POST if request.method == "POST" else None, wanted=wanted_of(request.GET))
    if not form.is_bound:
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, 422)
    try:
        _ask(request, form)
    except alerts.TooManyAlertsError as error:
        form.add_error(None, _enough(error.limit))
        response = _form(request, form, 429)
        response["Retry-After"] = str(int(alerts.A_DAY.total_seconds()))
        return response
    return redirect("procurement:alert_asked")


@public_page
def alert_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "procurement/alerts/asked.html")


@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def alert_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is asked for; a POST begins the news. Looking changes nothing, for mail scanners look too."""
    now = timezone.now()
    try:
        if request.method == "POST":
            alerts.confirm_alert(token=token, now=now)
            return redirect("procurement:alert_confirm", token)
        asked = alerts.alert_to_confirm(token, now=now)
    except alerts.AlertUnknown as refused:
        return _page(request, "procurement/alerts/gone.html", {"reason": refused.reason}, 404)
    context = {"about": about_words(asked), "email": asked.email, "is_active": asked.state == AlertState.ACTIVE}
    return _page(request, "procurement/alerts/confirm.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def alert_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; a POST stops at once, for it may come from the button of a mail program (RFC 8058).

    The token is the whole right to stop, so no other proof is asked for.
    """
    try:
        if request.method == "POST":
            known = alerts.stop_alert(token=token, everything=request.POST.get("all") == "1", now=timezone.now())
        else:
            known = alerts.alert_to_stop(token)
    except alerts.AlertUnknown as refused:
        return _page(request, "procurement/alerts/gone.html", {"reason": refused.reason}, 404)
    is_stopped = known.state == AlertState.STOPPED
    context = {"about": about_words(known), "is_stopped": is_stopped, "others": alerts.others_of(known)}
    return _page(request, "procurement/alerts/stop.html", {**context, "token": token})


def _form(request: HttpRequest, form: AlertForm, status: int = 200) -> HttpResponse:
    return render(request, "procurement/alerts/ask.html", {"form": form}, status=status)


def _ask(request: HttpRequest, form: AlertForm) -> None:
    alerts.ask_for_news(
        email=form.cleaned_data["email"],
        about=form.about(),
        language=get_language() or "uk",
        address=client_address(request),
        now=timezone.now(),
    )


def _enough(limit: int) -> str:
    return ngettext(
        "Within a day the portal takes %(limit)s such request from one network, and it has come. Try again tomorrow.",
        "Within a day the portal takes %(limit)s such requests from one network, and they have come. "
        "Try again tomorrow.",
        limit,
    ) % {"limit": limit}


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    add_never_cache_headers(response)
    # the address is a key: no other site learns it from a link; "no-referrer" would take the origin from our own form
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
