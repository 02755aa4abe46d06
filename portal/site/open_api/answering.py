"""What every answer to a program has: anybody's page may ask, nothing is set, what is unchanged is not sent again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.csrf import csrf_exempt

from portal.kernel.programs import problem
from portal.site.open_api.limits import seconds_to_wait

METHODS: Final = ("GET", "HEAD", "OPTIONS")
_ALLOWED: Final = ", ".join(METHODS)
_OK: Final = 200
_KEPT_SECONDS: Final = 60


def for_programs(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view of the API answer programs of any site: read only, within the limits, with its ETag."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _open(_answer(view, request, *args, **kwargs))

    return answered


def as_json(told: Any) -> HttpResponse:
    """Return plain values as they are; their shape is checked by tests, not once more for every reader."""
    return HttpResponse(orjson.dumps(told), content_type="application/json")


def _answer(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in METHODS:
        return problem(405, "The API is read only.")
    if wait := seconds_to_wait(request):
        response = problem(429, f"Too many requests. Wait {wait} seconds.")
        response["Retry-After"] = str(wait)
        return response
    asked = request.method
    # what is asked with HEAD is found as with GET; the server sends no body then
    request.method = "GET"
    try:
        response = view(request, *args, **kwargs)
    finally:
        request.method = asked
    return _conditional(request, response) if response.status_code == _OK else response


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    etag = f'"{sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=_KEPT_SECONDS)
    told = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(told, HttpResponse)
    if request.method == "HEAD":
        told["Content-Length"] = str(len(response.content))
        told.content = b""
    return told


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = _ALLOWED
    response["Access-Control-Allow-Headers"] = "If-None-Match"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if response.status_code in (204, 405):
        response["Allow"] = _ALLOWED
    return response
