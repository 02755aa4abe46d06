"""The page of one competition and of each version of its announcement."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from procurement.interfaces.competition_page import CompetitionPage, version_context
from procurement.models import Competition
from procurement.queries.announcements import announced
from registry.views.caching import keep_for_a_minute, public_page

# how long caches may keep a public page
KEPT: Final = timedelta(minutes=1)


def competition_or_404(number: str) -> Competition:
    competition = announced(number)
    if competition is None:
        raise Http404
    return competition


@require_safe
def competition_page(request: HttpRequest, number: str) -> HttpResponse:
    now = timezone.now()
    competition = competition_or_404(number)
    page = CompetitionPage(competition, now)
    context = {"page": page, "notice": page.notice}
    response = render(request, "procurement/competitions/competition.html", context)
    keep_for_a_minute(request, response)
    if changes_soon(competition, now):
        response["Cache-Control"] = "no-cache"
    return response


@public_page
def version_page(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Show the announcement as it was published at a moment, with what it changed; the address never changes."""
    context = version_context(competition_or_404(number), version, timezone.now())
    if context is None:
        raise Http404
    return render(request, "procurement/competitions/version.html", context)


def changes_soon(competition: Competition, now: datetime) -> bool:
    """Say whether one of the moments of this competition comes before a cache would forget the page."""
    moments = (competition.opens_at, competition.questions_until, competition.closes_at, competition.hold_until)
    return any(moment is not None and now < moment <= now + KEPT for moment in moments)
