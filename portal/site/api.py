"""The portal's API, put together from what each app has for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from ninja import NinjaAPI

from portal.kernel.programs import problem
from portal.site.open_api.answering import for_programs
from portal.site.open_api.changes import router as changes_router
from portal.site.open_api.lists import router as register_router
from procurement.api import router as procurement_router
from procurement.api_contracts import router as contracts_router
from search.api import api

__all__ = ["api", "urls", "urls_of"]

api.add_router("", register_router)
api.add_router("", procurement_router)
api.add_router("", contracts_router)
api.add_router("", changes_router)


def _nothing(_request: HttpRequest, **_path: Any) -> HttpResponse:
    return problem(404, "There is nothing at this address.")


def urls_of(one: NinjaAPI) -> tuple[list[URLPattern], str, str]:
    """Return the addresses of an API, each answering as programs need it; what is no address says so in JSON."""
    patterns, app, namespace = one.urls
    for pattern in patterns:
        pattern.callback = for_programs(pattern.callback)
    return [*patterns, re_path(r"^.*$", for_programs(_nothing))], app, namespace


urls = urls_of(api)
