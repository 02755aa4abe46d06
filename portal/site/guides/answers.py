"""The page of a life situation as a reader gets it: the register as it stands near them inside the editors' words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from portal.site.guides.changes import changes_of
from portal.site.guides.competing import competitions_of
from portal.site.guides.counting import figures_of
from portal.site.guides.frame import entitlement_url, frame_of, guides_url
from portal.site.guides.helping import help_of
from portal.site.guides.money import costs_of
from portal.site.guides.pictures import show_pictures
from portal.site.guides.places import read_place
from search.places import Place

if TYPE_CHECKING:
    from portal.site.models import GuidePage

HISTORY: Final = "history"
_WHO: Final = "who_helps"


def guide_answer(request: HttpRequest, guide: GuidePage) -> HttpResponse | None:
    """Send a reader who wrote the name of a place to the address with its code; None where there is none to send."""
    if "town" not in request.GET:
        return None
    told = read_place(request.GET)
    if told.problem or told.choices:
        return None
    return redirect(f"{guide.url}?place={told.code}#near" if told.code else str(guide.url))


def guide_context(request: HttpRequest, guide: GuidePage) -> dict[str, Any]:
    told = read_place(request.GET)
    put_live(guide.body, told.place, timezone.localtime())
    show_pictures([guide.body])
    return {
        "told": told,
        "place_at": _place_at([part.block_type for part in guide.body]),
        "exit_url": settings.QUICK_EXIT_URL if guide.quick_exit else "",
        "entitlement_url": entitlement_url(),
        "guides_url": guides_url(guide.locale.language_code),
        "history_url": f"{guide.url}{HISTORY}/" if guide.live and guide.url else "",
    }


def _place_at(kinds: Sequence[str]) -> int | None:
    """Return before which part the reader is asked for the place: who helps, or else the first live part."""
    if _WHO in kinds:
        return kinds.index(_WHO)
    return next((place for place, kind in enumerate(kinds) if kind in _LIVE), None)


def put_live(body: Any, place: Place | None, now: datetime) -> None:
    """Put what the register says into `live` of every live block: blocks of a kind are asked for together."""
    for kind, ask in _LIVE.items():
        values = [part.value for part in body if part.block_type == kind]
        if values:
            for value, live in zip(values, ask(values, place, now), strict=True):
                value.live = live


def history_answer(request: HttpRequest, guide: GuidePage) -> HttpResponse:
    context = {"page": guide, "changes": changes_of(guide), **frame_of(request, guide)}
    return TemplateResponse(request, "portal/guide_history.html", context)


Ask = Callable[[Sequence[Mapping[str, Any]], "Place | None", datetime], Sequence[Any]]
_LIVE: dict[str, Ask] = {
    _WHO: lambda values, place, now: help_of(values, place, now.date()),
    "costs": lambda values, place, _now: costs_of(values, place),
    "competitions": competitions_of,
    "figures": lambda values, place, _now: figures_of(values, place),
}
