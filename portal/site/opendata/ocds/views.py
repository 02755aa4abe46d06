"""One contracting process as a record, and its releases."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse

from registry.views.caching import public_page

from .history import histories
from .packages import process_url, record_package, release_package
from .values import Json


@public_page
def record(request: HttpRequest, ocid: str) -> JsonResponse:
    del request
    return _answer(record_package(process_url("ocds_record", ocid), [_history(ocid)]))


@public_page
def releases(request: HttpRequest, ocid: str) -> JsonResponse:
    del request
    return _answer(release_package(process_url("ocds_releases", ocid), [_history(ocid)]))


def _history(ocid: str) -> list[Json]:
    told = next(histories([ocid]), None)
    if told is None:
        raise Http404
    return told


def _answer(package: Json) -> JsonResponse:
    response = JsonResponse(package, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response
