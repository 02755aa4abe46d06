"""What every page's frame needs, without a query where it can be had without."""

from typing import Any

from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_from_path

from portal.accounts.letters import absolute
from portal.site.queries import demo_is_present, hot_lines, notices, register_state, text_links
from procurement.entering import orders_services

LANGUAGES = ("uk", "en")
HELP = "/help/"


def layout(request: HttpRequest) -> dict[str, Any]:
    return {
        "hot_lines": SimpleLazyObject(hot_lines),
        "notices": SimpleLazyObject(notices),
        "text_links": SimpleLazyObject(text_links),
        "demo_is_present": SimpleLazyObject(demo_is_present),
        "register_state": SimpleLazyObject(register_state),
        "this_page_in": this_page_in(request),
        "here": here(request),
        "portal_address": absolute(""),
        "canonical": canonical(request),
        # asked by the bar of the cabinet alone: public pages look at no session
        "orders_services": SimpleLazyObject(lambda: orders_services(request)),
    }


def here(request: HttpRequest) -> str:
    """Return what the ways around are marked by: the view's name; of the editors' pages, which one or which section."""
    match = getattr(request, "resolver_match", None)
    path = request.path.removeprefix("/en")
    if path in {"/", HELP}:
        return path
    if path.startswith(HELP):
        return f"{HELP}*"
    return match.view_name if match else ""


def canonical(request: HttpRequest) -> str:
    """Return the one address of this page, whole: without filters and marks, with the number of the page of a list."""
    if getattr(request, "resolver_match", None) is None:
        return ""
    page = request.GET.get("page", "")
    return absolute(request.path + (f"?page={page}" if page.isascii() and page.isdigit() and int(page) > 1 else ""))


def this_page_in(request: HttpRequest) -> dict[str, str]:
    """Return the address of this page in each language; where there is none, the front page's."""
    if getattr(request, "resolver_match", None) is None:
        return {"uk": "/", "en": "/en/"}
    address, language = request.get_full_path(), get_language_from_path(request.path) or LANGUAGES[0]
    return {code: address if code == language else translate_url(address, code) for code in LANGUAGES}
