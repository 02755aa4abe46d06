"""The announcement as a paper: of the version in force, and of each earlier one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from procurement.interfaces.notice_pdf import notice_pdf, paper_name
from procurement.queries.announcements import versions_of
from procurement.views.competitions.page import competition_or_404
from procurement.views.printing import above_competition, paper_busy
from registry.interfaces.press import PressBusyError
from registry.views.caching import unless_known
from registry.views.printing import pdf_file


@require_safe
def notice_file(request: HttpRequest, number: str, version: int | None = None) -> HttpResponse:
    """Hand out the announcement; the same version in the same state gives the same file with the same code."""
    competition = competition_or_404(number)
    versions = versions_of(competition)
    wanted = versions[-1] if version is None else next((one for one in versions if one.number == version), None)
    if wanted is None or wanted.code is None:
        raise Http404
    try:
        content = notice_pdf(competition, versions, wanted)
    except PressBusyError:
        return paper_busy(request, above_competition(competition))
    response = pdf_file(content, f"competition-{number}-{wanted.number}")
    response["Cache-Control"] = "no-cache"
    response["ETag"] = quote_etag(paper_name(competition, versions, wanted))
    return unless_known(request, response)
