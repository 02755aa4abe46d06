"""What programs that walk the web are told: where every page is, which addresses are not for them, what the icon is."""

from __future__ import annotations

from typing import Final

from django.contrib.sitemaps import views as sitemaps
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal.accounts.letters import absolute
from portal.site.sitemaps import SECTIONS

KEPT_FOR: Final = 3_600
# below both languages: what asks who reads, what only a person should send, filters without an end, and heavy files
CLOSED: Final = (
    "/account/",
    "/alerts/",
    "/cabinet/",
    "/compare/",
    "/contracts/export",
    "/favourites/",
    "/registry/*/report/",
    "/registry/confirm/",
    "/registry/export",
    "/search/missing/",
    "/survey/",
    "/*.zip",
    "/*?*hromada=",
    "/*?*near=",
    "/*?*sort=",
)


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponseBase:
    return _kept(sitemaps.index(request, SECTIONS, sitemap_url_name="sitemap_section"))


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponseBase:
    """Show one section; `?p=` is which of its files. 404 for one that there is not."""
    return _kept(sitemaps.sitemap(request, SECTIONS, section=section))


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    del request
    closed = ["/admin/", *(f"{start}{path}" for path in CLOSED for start in ("", "/en"))]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {absolute(reverse('sitemap'))}"]
    return _kept(HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8"))


@require_safe
def icon(request: HttpRequest) -> HttpResponseBase:
    """Lead those who ask for the icon by its old name, without reading a page, to where it is."""
    del request
    return _kept(HttpResponseRedirect(static("portal/icon.svg")))


def _kept(response: HttpResponseBase) -> HttpResponseBase:
    patch_cache_control(response, public=True, max_age=KEPT_FOR)
    return response
