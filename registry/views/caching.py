"""How long browsers may keep a public page: a minute for a visitor, not at all for a signed-in official."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers, set_response_etag
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponseBase]


def public_page(view: View) -> View:
    """Mark a view as a public page that only reads; its htmx fragment is never taken for the page itself."""

    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return keep_for_a_minute(request, view(request, *args, **kwargs))

    return wrapped


def keep_for_a_minute(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Say how long this public answer may be kept, and return it."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=60)
    patch_vary_headers(response, ["Cookie", "HX-Request"])
    return response


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the answer, or "not modified" to whoever has it already; its ETag is that of its bytes if it has none."""
    if not response.has_header("ETag"):
        set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
