"""Published evaluations for everybody: the list, its table, one evaluation, its content to compute with."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from procurement.contract_enums import QualityKind
from procurement.interfaces.quality_list import QualityFilter, QualityLine, quality_table, read_quality_filter
from procurement.interfaces.quality_page import QualityPage
from procurement.interfaces.quality_pdf import quality_pdf
from procurement.interfaces.quality_words import grade_words
from procurement.models import IndicatorSet, QualityEvaluation
from procurement.queries.contracts.ratings import (
    for_list,
    hromadas_of_evaluations,
    published_evaluations,
    totals_of,
    years_of_evaluations,
)
from procurement.views.printing import hand_out
from registry.models import ServiceType
from registry.views.caching import public_page
from registry.views.paging import Pages


@public_page
def quality_list(request: HttpRequest) -> HttpResponse:
    """Show what evaluations say of providers, the newest period first."""
    hromadas, services = list(hromadas_of_evaluations()), list(ServiceType.objects.order_by("order", "pk"))
    wanted = read_quality_filter(request.GET, hromadas, services)
    rows = wanted.rows()
    totals = totals_of(rows)
    pages = Pages(totals["evaluations"], wanted.page, settings.REGISTER_PAGE_SIZE, lambda page: wanted.query(page=page))
    grades = _grades()
    context = {
        "wanted": wanted,
        "hromadas": hromadas,
        "services": services,
        "kinds": QualityKind.choices,
        "years": years_of_evaluations(),
        "grades": grades,
        "totals": totals,
        "counted": [(words, totals["grades"].get(code, 0)) for code, words in grades],
        "pages": pages,
        "lines": [QualityLine(one) for one in for_list(rows)[pages.start : pages.stop]],
        "query": wanted.query(),
    }
    return render(request, "procurement/quality/list.html", context)


@public_page
def quality_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand the same rows out as CSV."""
    hromadas, services = list(hromadas_of_evaluations()), list(ServiceType.objects.all())
    wanted: QualityFilter = read_quality_filter(request.GET, hromadas, services)
    response = StreamingHttpResponse(quality_table(wanted.rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="poruch-quality.csv"'
    return response


@public_page
def evaluation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one evaluation: the total and how old its oldest evidence is, each rating, the arithmetic, replies."""
    found = _published_or_404(pk)
    context = {
        "page": QualityPage(found),
        "evaluation": found,
        "later": getattr(found, "superseded_by", None),
        "replies": list(found.replies.all()),
    }
    return render(request, "procurement/quality/evaluation.html", context)


@public_page
def evaluation_content(request: HttpRequest, pk: int) -> JsonResponse:  # noqa: ARG001 a view
    """Hand out the frozen content, from which alone the total is computed again."""
    found = _published_or_404(pk)
    response = JsonResponse(
        {"content": found.content, "digest": found.digest}, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = f'attachment; filename="quality-{found.pk}.json"'
    return response


@public_page
def evaluation_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the evaluation as a document, or say that the press is busy."""
    found = _published_or_404(pk)
    above = (reverse("procurement:quality_evaluation", args=[pk]), _("The published evaluation"))
    return hand_out(request, lambda: quality_pdf(found), f"quality-{found.pk}", above)


def _published_or_404(pk: int) -> QualityEvaluation:
    rows = published_evaluations().select_related(
        "organisation",
        "service_type",
        "contract",
        "hromada__oblast",
        "indicators",
        "supersedes",
        "superseded_by",
        "code",
    )
    return get_object_or_404(rows, pk=pk)


def _grades() -> list[tuple[str, str]]:
    """Return the grades of the latest set of indicators with their words."""
    latest = IndicatorSet.objects.order_by("-number", "code").first()
    if latest is None:
        return []
    return [(band["code"], grade_words(latest.definition, band["code"])) for band in latest.definition["bands"]]
