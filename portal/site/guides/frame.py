"""What the frame of a page of the site needs: its other language, the list it belongs to, its reading in a preview."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page

from portal.site.models.languages import FRONT
from portal.site.readability.panel import reading_of


def frame_of(request: HttpRequest, page: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"this_page_in": addresses_of(request, page)}
    if getattr(request, "is_preview", False):
        told["reading"] = reading_of(page)
    return told


def addresses_of(request: HttpRequest, page: Any) -> dict[str, str]:
    """Return the address of the page in each language; where it is not published, the front page of that language."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    rows = Page.objects.live().filter(translation_key=page.translation_key).select_related("locale")
    found = {row.locale.language_code: f"{row.url}{query}" for row in rows if row.url}
    return {**FRONT, **found}


def guides_url(language: str) -> str:
    return f"{FRONT.get(language, '/')}help/"


def entitlement_url() -> str:
    """Return the address of the calculator of entitlement."""
    try:
        return reverse("registry:entitlement")
    except NoReverseMatch:
        return "/entitlement/"
