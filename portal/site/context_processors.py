"""What every page's frame needs, without a query where it can be had without."""

from typing import Any

from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject

from portal.site.queries import demo_is_present, hot_lines, register_state
from procurement.entering import orders_services

LANGUAGES = ("uk", "en")


def layout(request: HttpRequest) -> dict[str, Any]:
    return {
        "hot_lines": SimpleLazyObject(hot_lines),
        "demo_is_present": SimpleLazyObject(demo_is_present),
        "register_state": SimpleLazyObject(register_state),
        "this_page_in": this_page_in(request),
        # asked by the bar of the cabinet alone: public pages look at no session
        "orders_services": SimpleLazyObject(lambda: orders_services(request)),
    }


def this_page_in(request: HttpRequest) -> dict[str, str]:
    """Return the address of this page in each language; where there is none, the front page's."""
    if getattr(request, "resolver_match", None) is None:
        return {"uk": "/", "en": "/en/"}
    return {code: translate_url(request.get_full_path(), code) for code in LANGUAGES}
