"""Sessions that end in time, and a desk that opens only to those who gave a second factor.

Neither looks at a session that the page itself did not ask for: public pages stay the same for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from portal.accounts import second_factor, sessions

Next = Callable[[HttpRequest], HttpResponseBase]

# what only officials work with, and files with restricted readers
DESK: Final = re.compile(r"^/(?:en/)?(?:admin|files|cabinet/(?:commissioning|contracting|quality))/")
# where members of commissions decide about money: nobody enters without a second factor, official or not
COMMISSION: Final = re.compile(r"^/(?:en/)?cabinet/commission/")
# leaving is always allowed, and the way in leads on by itself
OPEN: Final = re.compile(r"^/admin/(?:login|logout|jsi18n)/$")


class SessionAgeMiddleware:
    """Move on the end of a session that is in use, never past its longest age."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.accessed:
            sessions.keep_alive(request.session, timezone.now())
        return response


class SecondFactorMiddleware:
    """Lead an official whose session has no second factor to giving or setting up one before anything of the desk."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if DESK.match(path) and not OPEN.match(path) and self._lacks(request):
            return HttpResponseRedirect(self._way(request))
        if COMMISSION.match(path) and request.user.is_authenticated and not second_factor.has_passed(request):
            return HttpResponseRedirect(self._way(request))
        return self.get_response(request)

    def _lacks(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and not second_factor.has_passed(request) and second_factor.is_official(user)

    def _way(self, request: HttpRequest) -> str:
        """Return the address of the page that asks for a code, or sets up what makes codes."""
        name = "mfa_reauthenticate" if second_factor.has_authenticator(request.user) else "mfa_activate_totp"
        wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("wagtailadmin_home")
        return f"{reverse(name)}?{urlencode({'next': wanted})}"
