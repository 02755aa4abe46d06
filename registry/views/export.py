"""The register as files, and the dictionary that explains their columns."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_response_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from registry.interfaces.exporting import dictionary
from registry.interfaces.exporting.formats import CHUNK, FORMATS, Export
from registry.interfaces.filters import ReadFilter, read_filter
from registry.queries.register import chunks, matching_entries, register_index


@require_safe
def export_register(request: HttpRequest, form: str) -> HttpResponseBase:
    """Stream the filtered register as `csv`, `xlsx` or `json`."""
    if form not in FORMATS:
        raise Http404
    register_index.refresh()
    read = read_filter(request.GET)
    revision = register_index.revision
    etag = _etag(form, read, revision)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        content_type, pieces = FORMATS[form]
        found = matching_entries(read.wanted)
        card = reverse("registry:entry", args=["0"]).removesuffix("0/")
        export = Export(chunks(found, CHUNK), f"{settings.PORTAL_BASE_URL}{card}", _about(read, revision, len(found)))
        response = StreamingHttpResponse(pieces(export) if request.method == "GET" else (), content_type=content_type)
        day = timezone.localdate().isoformat()
        response["Content-Disposition"] = f'attachment; filename="poruch-register-{day}.{form}"'
    response["X-Register-Revision"] = str(revision)
    response["ETag"] = etag
    patch_response_headers(response, cache_timeout=0)
    return response


@require_safe
def data_dictionary(request: HttpRequest) -> HttpResponse:
    """Explain every column of the files that go out and come in; `?format=json` for programs."""
    if request.GET.get("format") == "json":
        return JsonResponse(dictionary.machine_readable(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    context = {
        "columns": dictionary.export_columns(),
        "import_groups": dictionary.import_groups(),
        "codes": dictionary.code_lists(),
        "licence": dictionary.LICENCE,
        "licence_url": dictionary.LICENCE_URL,
    }
    return render(request, "registry/data_dictionary.html", context)


def _about(read: ReadFilter, revision: int, count: int) -> dict[str, Any]:
    """Return what a JSON document says of itself before the providers."""
    asked = {name: values for name, values in read.chosen.items() if values}
    if read.wanted.text:
        asked["q"] = [read.wanted.text]
    return {
        "title": "Поруч: відкритий реєстр надавачів соціальних послуг",
        "licence": {"name": dictionary.LICENCE, "url": dictionary.LICENCE_URL},
        "dictionary": settings.PORTAL_BASE_URL + reverse("registry:data_dictionary"),
        "generated_at": timezone.now().isoformat(timespec="seconds"),
        "revision": revision,
        "filter": asked,
        "not_understood": read.problems,
        "count": count,
    }


def _etag(form: str, read: ReadFilter, revision: int) -> str:
    asked = (
        form,
        revision,
        get_language(),
        read.wanted.text,
        sorted(read.wanted.chosen.items()),
        sorted(read.problems.items()),
    )
    return f'W/"{hashlib.sha256(repr(asked).encode()).hexdigest()[:32]}"'
