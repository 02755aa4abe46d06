"""The published results of a competition, by each of its decisions; the log of it all; the whole dossier."""

from __future__ import annotations

from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from procurement.interfaces.archive import pack
from procurement.interfaces.dossier import dossier_of
from procurement.interfaces.results import ResultsPage, page_of
from procurement.models import Competition
from procurement.queries.results import log_of
from procurement.views.competitions.page import competition_or_404
from procurement.views.printing import above_competition, paper_busy
from registry.interfaces.press import PressBusyError
from registry.views.caching import public_page

RESULTS: Final = "procurement/competitions/results.html"


def results_or_404(competition: Competition, decision: int | None = None) -> ResultsPage:
    """Return what is published; before a decision there are no results, whoever asks."""
    results = page_of(competition, timezone.now(), decision)
    if results is None:
        raise Http404
    return results


@public_page
def results(request: HttpRequest, number: str, decision: int | None = None) -> HttpResponse:
    """Show the results by the decision in force, or by an earlier one as it was published."""
    found = results_or_404(competition_or_404(number), decision)
    return render(request, RESULTS, {"results": found, "competition": found.competition})


@public_page
def log(request: HttpRequest, number: str) -> HttpResponse:
    """Show what the decision log has of a competition whose results are published."""
    found = results_or_404(competition_or_404(number))
    entries = log_of(found.competition, found.decided_at)
    return render(
        request, "procurement/competitions/log.html", {"competition": found.competition, "entries": list(entries)}
    )


@public_page
def decision_file(request: HttpRequest, number: str, decision: int, name: str) -> HttpResponse:
    """Hand out a file that a decision rests on, as it was published with it."""
    del request
    found = results_or_404(competition_or_404(number), decision)
    text = found.texts.get(name)
    if text is None:
        raise Http404
    kind = "application/json" if name.endswith(".json") else "text/csv; charset=utf-8"
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def dossier(request: HttpRequest, number: str) -> HttpResponseBase:
    """Hand out everything that is public of a decided competition as one archive, the same bytes for the same facts."""
    found = results_or_404(competition_or_404(number))
    try:
        parts = dossier_of(found)
    except PressBusyError:
        return paper_busy(request, above_competition(found.competition))
    etag = quote_etag(parts.digest)
    unchanged = get_conditional_response(request, etag)
    if unchanged is not None:
        return unchanged
    response = FileResponse(pack(parts), as_attachment=True, filename=f"competition-{number}.zip")
    response["ETag"], response["Cache-Control"] = etag, "no-cache"
    return response
