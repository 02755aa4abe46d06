"""The answer to a registrar's request: only the named fields, the comment above them, until when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.applying import NotReadyError, answer_correction
from registry.domain.drafts import criteria_of, problems_of
from registry.enums import ApplicationState
from registry.interfaces.application_correction import Asked, asked_forms
from registry.interfaces.application_pages import missing
from registry.interfaces.application_progress import open_correction_of
from registry.models import Application, CorrectionRequest
from registry.views.cabinet.access import application_or_404, cabinet_page, page, signed_in
from registry.views.cabinet.evidence import ACCEPTED, checks_of, take_files
from registry.views.cabinet.keeping import Sheet, answer, keep, open_sheet

TEMPLATE = "cabinet/application/correction.html"


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the fields to correct; save them, and on the last press give the application back."""
    application = application_or_404(request, pk)
    asked = open_correction_of(application)
    if application.state != ApplicationState.CORRECTION or asked is None:
        return redirect("cabinet:application", pk)
    data = request.POST if request.method == "POST" else None
    may_send = rules.can_submit_application(request.user, application)
    told = asked_forms(application, asked.fields, criteria_of(application), data)
    if data is None:
        extra = [form.path("document") for _row, form in told.criteria]
        sheet = open_sheet(application, told.forms, problems_of(application), missing=True, extra=extra)
        context = {**_context(application, asked, told, {}), "may_send": may_send}
        return page(request, TEMPLATE, application, sheet=sheet, **context)
    sheet, conflicts = keep(request, application, told.forms)
    refused = take_files(request, sheet, told.criteria, conflicts)
    context = _context(sheet.application, asked, told, refused)
    context["may_send"] = may_send
    if request.POST.get("send") and may_send and not (conflicts or sheet.faults or sheet.refusal):
        return _send(request, sheet, context)
    return answer(request, sheet, conflicts, template=TEMPLATE, onward=request.path, **context)


def _context(
    application: Application, asked: CorrectionRequest, told: Asked, refused: dict[str, str]
) -> dict[str, Any]:
    return {
        "correction": asked,
        "blocks": told.blocks,
        "checks": checks_of(application, told.criteria, refused),
        "accepted": ACCEPTED,
        "lacking": [],
    }


def _send(request: HttpRequest, sheet: Sheet, context: dict[str, Any]) -> HttpResponse:
    application = sheet.application
    try:
        answer_correction(application_id=application.pk, user=signed_in(request), now=timezone.now())
    except NotReadyError as error:
        context["lacking"] = missing(application, error.problems)
    except StepRefused as error:
        sheet.refusal = str(error.reason)
    else:
        messages.success(request, _("The corrected application is with the registrar again."))
        return redirect("cabinet:application", application.pk)
    return page(request, TEMPLATE, application, status=422, sheet=sheet, **context)
