"""The public register of funded projects of all hromadas, as a page and as a table."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from procurement.enums import AwardState
from procurement.interfaces.project_register import lines_of, read_project_filter, table_of
from procurement.queries.projects import for_list, funded_projects, hromadas_of_projects, totals_of, years_of_projects
from registry.views.caching import public_page
from registry.views.paging import Pages


@public_page
def project_list(request: HttpRequest) -> HttpResponse:
    """Show who got money for what project, newest decisions first."""
    hromadas = list(hromadas_of_projects())
    wanted = read_project_filter(request.GET, hromadas)
    rows = wanted.rows(funded_projects())
    totals = totals_of(rows)
    pages = Pages(totals["projects"], wanted.page, settings.REGISTER_PAGE_SIZE, lambda page: wanted.query(page=page))
    context = {
        "wanted": wanted,
        "hromadas": hromadas,
        "years": years_of_projects(),
        "states": [(state, AwardState(state).label) for state in AwardState.standing],
        "totals": totals,
        "pages": pages,
        "lines": lines_of(for_list(rows)[pages.start : pages.stop]),
        "query": wanted.query(),
    }
    return render(request, "procurement/projects/list.html", context)


@public_page
def project_table(request: HttpRequest) -> StreamingHttpResponse:
    """Hand the same rows out as CSV."""
    wanted = read_project_filter(request.GET, list(hromadas_of_projects()))
    response = StreamingHttpResponse(table_of(wanted.rows(funded_projects())), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="poruch-projects.csv"'
    return response
