"""The checklist of criteria (decree 185), service by service: a statement, a file that confirms it, its last day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from registry.domain.drafts import criteria_of, problems_of
from registry.interfaces.application_forms import CriterionForm
from registry.interfaces.application_items import item_lines, item_name
from registry.interfaces.application_pages import PARTS, reasons
from registry.interfaces.application_path_form import Known
from registry.models import Application
from registry.queries.content_words import ContentWords
from registry.views.cabinet.access import cabinet_page, page
from registry.views.cabinet.evidence import ACCEPTED, checks_of, take_files
from registry.views.cabinet.keeping import answer, keep, open_sheet
from registry.views.cabinet.parts import draft_or_404

TEMPLATE = "cabinet/application/criteria_of_service.html"


@cabinet_page
@require_http_methods(["GET", "HEAD"])
def criteria(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the services, each with its own checklist."""
    application = draft_or_404(request, pk, "criteria")
    problems = problems_of(application)
    words = ContentWords(application.content)
    services = item_lines(application, "services", words)
    for service in services:
        asks = "?missing=1" if _is_answered(application, service.key) else ""
        service.url = reverse("cabinet:criteria_of", args=[pk, service.key]) + asks
        service.lacks = sum(problem.path.startswith(f"criteria/{service.key}/") for problem in problems)
    context = {
        "title": str(PARTS["criteria"][0]),
        "services": [service for service in services if not service.removed],
        "back": reverse("cabinet:application", args=[pk]),
    }
    return page(request, "cabinet/application/criteria.html", application, **context)


def _is_answered(application: Application, key: str) -> bool:
    return any(path.startswith(f"criteria/{key}/") for path in application.content)


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def criteria_of_service(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    application = draft_or_404(request, pk, "criteria")
    rows = criteria_of(application).get(key)
    if rows is None:
        raise Http404
    known = Known(application.content)
    data = request.POST if request.method == "POST" else None
    answered = [(row, CriterionForm(f"criteria/{key}/{row.slug}", application.content, known, data)) for row in rows]
    forms = [form for _row, form in answered]
    context: dict[str, Any] = {
        "title": " · ".join(filter(None, item_name(application, "services", key, ContentWords(application.content)))),
        "back": reverse("cabinet:criteria", args=[pk]),
        "accepted": ACCEPTED,
    }
    if data is None:
        told = [problem for problem in problems_of(application) if "missing" in request.GET or not problem.missing]
        extra = [form.path("document") for form in forms]
        sheet = open_sheet(application, forms, told, missing=True, extra=extra)
        checks = checks_of(application, answered, reasons(told))
        return page(request, TEMPLATE, application, sheet=sheet, checks=checks, **context)
    sheet, conflicts = keep(request, application, forms)
    refused = take_files(request, sheet, answered, conflicts)
    context["checks"] = checks_of(sheet.application, answered, refused)
    return answer(request, sheet, conflicts, template=TEMPLATE, onward=_onward(request, context["back"]), **context)


def _onward(request: HttpRequest, onward: str) -> str:
    """Return where to go: a press of one criterion's own button stays with it, the last button goes to the list."""
    path = request.POST.get("stay") or request.POST.get("drop") or ""
    return f"{request.path}#c-{path.removesuffix('/document')}" if path else onward
