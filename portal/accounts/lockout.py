"""The lock-out after repeated failures: what counts as one account, from where, and what the person is told.

It is counted in the database, for accounts that exist and for those that do not, so it tells nobody which is which.
"""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.accounts import second_factor

if TYPE_CHECKING:
    from portal.accounts.models import User


def account_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return the address under which failures are counted, the same for every way of writing it."""
    known = credentials or {}
    typed = known.get("email") or known.get("username")
    if not typed and request is not None:
        typed = request.POST.get("login", "")
    return str(typed or "").strip().lower()[:255]


def client_address(request: HttpRequest) -> str | None:
    """Return the visitor's address as our own proxies tell it; none where a session is made without a request."""
    return network_of(get_adapter(request).get_client_ip(request)) if "SERVER_NAME" in request.META else None


def network_of(address: str) -> str:
    """Return what stands for one visitor: of version 6 the network, for every household has billions of addresses."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False).network_address)
    return str(known)


def is_locked(request: HttpRequest, user: User) -> bool:
    """Say whether sign-in to the account is closed for this address, and mark the request so that it is told."""
    credentials = {"email": user.email}
    if AxesProxyHandler.is_allowed(request, credentials) and not second_factor.is_guessed(user):
        return False
    request.axes_locked_out, request.axes_credentials = True, credentials  # type: ignore[attr-defined]
    return True


def count_failure(request: HttpRequest, user: User) -> None:
    """Count a wrong second factor as a failed sign-in of the account, and for the account from everywhere."""
    second_factor.note_failure(user)
    user_login_failed.send(sender=__name__, credentials={"email": user.email}, request=request)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer in place of whatever the page was going to say."""
    del response
    until = _closed_until(request, credentials)
    context = {"until": until, "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)}
    answer = render(request, "account/locked_out.html", context, status=429)
    answer["Retry-After"] = str(max(int((until - timezone.now()).total_seconds()), 1))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _closed_until(request: HttpRequest, credentials: dict[str, Any] | None) -> datetime:
    tries = AccessAttempt.objects.filter(
        username=account_name(request, credentials), ip_address=client_address(request)
    )
    last = tries.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return timezone.localtime(last + settings.AXES_COOLOFF_TIME)
