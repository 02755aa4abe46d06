"""The widget for other sites: its script, the frame it opens, and the page on which an official takes its code."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from portal.kernel.languages import reader_language
from portal.site.together.widget import (
    COMPETITIONS,
    SERVICES,
    Widget,
    code_for,
    hromada_called,
    others_called,
    preview,
    read_widget,
)
from registry.queries.register import vocabulary
from registry.views.caching import public_page

SCRIPT: Final = Path(__file__).resolve().parents[2] / "static" / "portal" / "js" / "widget.js"
# as strict as every page, but that others may frame it; it sends nothing and has no form
FRAMED: Final = {
    **settings.CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "frame-ancestors": ["*"],
    "form-action": ["'none'"],
}


@require_safe
@cache_control(public=True, max_age=3600)
def script(request: HttpRequest) -> HttpResponse:
    """Give the script under an address that never changes, for it stands in pages of others."""
    del request
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    # a site may ask of everything it embeds that it says so
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@lru_cache(maxsize=1)
def _script() -> bytes:
    return SCRIPT.read_bytes()


@xframe_options_exempt
@csp_replace(FRAMED)
@public_page
def frame(request: HttpRequest) -> HttpResponse:
    """Show the list inside a page of another site; links open in the portal, in a window of their own."""
    found = read_widget(request.GET, now=timezone.localtime())
    return render(request, "together/widget.html", {"widget": found})


@public_page
def embed(request: HttpRequest) -> HttpResponse:
    """Let an official choose what the widget shows and copy its code."""
    asked = request.GET.get("hromada", "").strip()[:100]
    hromada = hromada_called(asked) if asked else None
    show = COMPETITIONS if request.GET.get("show") == COMPETITIONS else SERVICES
    found = Widget(hromada, vocabulary().service_called(request.GET.get("service", "")), show)
    context = {
        "asked": asked,
        "widget": found,
        "others": others_called(asked, hromada) if hromada else [],
        "services": vocabulary().services.values(),
        "code": code_for(found, language=reader_language()) if hromada else "",
        "frame": urlencode(preview(found)) if hromada else "",
    }
    return render(request, "together/embed.html", context)
