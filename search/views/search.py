"""The search; the same view gives the page and, to htmx, its changing part."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from portal.accounts.second_factor import has_passed
from registry.views.caching import public_page
from search import rules
from search.answering import Answer
from search.interfaces import chips, facets
from search.interfaces.asking import Asked, ask, note
from search.interfaces.lines import Known, full, others
from search.interfaces.lines import partly as partly_lines
from search.interfaces.outlines import outlines_json
from search.interfaces.questions import ReadQuestion, known_values, parameters
from search.interfaces.unmet import missing_of
from search.promoting import promoted

# Where the reader is comes from the browser in a header of the fragment's request and nowhere else: an address would
# be kept by the browser's history, by servers' logs and by the next page as its referrer. It is rounded to about a
# hundred metres, asks one question and is forgotten; a page of such an answer is kept by no cache.
POSITION: Final = "Portal-Position"


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    asked = ask(request.GET, now=timezone.localtime(), position=request.headers.get(POSITION, ""))
    explain = request.GET.get("explain") == "1" and has_passed(request) and rules.can_view_search(request.user)
    fragment = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    context = found_context(asked, explain=explain) if asked.answer else {"read": asked.read}
    template = "search/_search.html" if fragment else "search/search_page.html"
    response = render(request, template, {"is_away": asked.answer is None, **context})
    note(asked, today=timezone.localdate())
    return _kept_by_its_reader(response, asked, request.path)


def found_context(asked: Asked, *, explain: bool) -> dict[str, Any]:
    read, answer, known = asked.read, asked.answer, known_values()
    assert answer is not None
    partly, around = partly_lines(answer, known, explain=explain)
    return {
        "read": read,
        "answer": answer,
        "understood": chips.understood_chips(read, answer, known),
        "pages": asked.pages,
        "lines": full(answer, known, explain=explain),
        "partly": partly,
        "around": around,
        "others": others(answer, known),
        "promoted": promoted(read.text, timezone.localdate()) if read.question.page == 1 else [],
        "missing": missing_of(read, answer, known),
        "explain": explain,
        **_choices(read, answer, known),
    }


def _choices(read: ReadQuestion, answer: Answer, known: Known) -> dict[str, Any]:
    questions = facets.facets(read, answer.counts, known)
    return {
        "facets": questions,
        "chips": chips.narrowing_chips(read, questions),
        "open_now": facets.open_choice(read),
        "profiles": facets.profile_choices(read),
        "places": facets.place_choices(read, answer),
        "sorts": facets.sort_choices(read, answer),
        "radii": facets.radius_choices(read),
    }


def _kept_by_its_reader(response: HttpResponse, asked: Asked, path: str) -> HttpResponse:
    """Say who may keep the answer: the reader's browser for a moment; nobody when it tells where the reader is."""
    if asked.answer is None or asked.read.question.near:
        patch_cache_control(response, no_store=True)
    else:
        patch_cache_control(response, private=True, max_age=30)
    if asked.read.is_private:
        # an address without a position cannot ask for the nearest: opened again, it would not be understood
        response["HX-Push-Url"] = f"{path}?{parameters(asked.read, sort=None, radius=None)}"
    patch_vary_headers(response, ["Cookie", "HX-Request", POSITION])
    response["Referrer-Policy"] = "same-origin"
    return response


@public_page
def outlines(request: HttpRequest) -> HttpResponse:
    """Give the outlines of the oblasts to the map: degrees, not the units of the drawing."""
    del request
    return HttpResponse(_outlines(), content_type="application/geo+json")


@lru_cache(maxsize=1)
def _outlines() -> bytes:
    return outlines_json()
