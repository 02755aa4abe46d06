"""Forms for people without an account: guarded against other sites without the cookie that tokens need."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FOREIGN: Final = frozenset({"cross-site", "same-site"})


def open_form(view: View) -> View:
    """Let a form be sent without a token, but only from a page of this very host.

    What the form does needs no sign-in, so there is no right that another site could borrow; what is refused (403) is
    that another site lets its visitors' browsers send it. Browsers say where a form came from (`Sec-Fetch-Site`,
    `Origin`); a program that says neither speaks for itself alone.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in _SAFE and comes_from_elsewhere(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Say whether the browser tells that the request was made by a page of another host."""
    if request.headers.get("Sec-Fetch-Site") in _FOREIGN:
        return True
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()
