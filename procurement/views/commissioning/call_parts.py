"""The parts of a call while it is a draft: each page saves what is on it and leads back to the task list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.kernel.document_types import DocumentRefused
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.calling import base_of, gaps, save_call, set_lots
from procurement.domain.calls.documents import add_document, take_document_out
from procurement.enums import CompetitionState
from procurement.interfaces.call_forms import (
    AboutForm,
    ConditionsForm,
    DecisionForm,
    DocumentForm,
    LotFormSet,
    PartForm,
    TemplatesForm,
)
from procurement.interfaces.call_tasks import TASKS, gaps_of
from procurement.interfaces.template_lines import form_outline, rubric_outline
from procurement.models import Competition, ServiceSpecification
from procurement.views.commissioning.access import (
    MovedOnError,
    commissioning_page,
    competition_or_404,
    page,
    signed_in,
)

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = {
    "decision": "commissioning/call_decision.html",
    "about": "commissioning/call_about.html",
    "lots": "commissioning/call_lots.html",
    "conditions": "commissioning/call_conditions.html",
    "documents": "commissioning/call_documents.html",
    "form": "commissioning/call_form.html",
}


@commissioning_page
@require_http_methods(METHODS)
def about(request: HttpRequest, pk: int) -> HttpResponse:
    return _part(request, pk, "about", AboutForm)


@commissioning_page
@require_http_methods(METHODS)
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    return _part(request, pk, "decision", DecisionForm)


@commissioning_page
@require_http_methods(METHODS)
def conditions(request: HttpRequest, pk: int) -> HttpResponse:
    return _part(request, pk, "conditions", ConditionsForm)


@commissioning_page
@require_http_methods(METHODS)
def templates(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the form and the rubric, shown as those who fill them in will see them."""
    return _part(request, pk, "form", TemplatesForm, form_outline=form_outline, rubric_outline=rubric_outline)


def _part(request: HttpRequest, pk: int, task: str, kind: type[PartForm], **outlines: Any) -> HttpResponse:
    found = draft_or_moved(request, pk)
    form = kind.of(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            save_call(
                competition_id=pk,
                user=signed_in(request),
                values=form.cleaned_data,
                now=timezone.now(),
                base=request.POST.get("base", ""),
            )
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            return redirect("commissioning:call", pk)
    shown = {name: outline(getattr(found, name.removesuffix("_outline"))) for name, outline in outlines.items()}
    return draw_part(request, found, task, form, base=base_of(found, form.fields), **shown)


@commissioning_page
@require_http_methods(METHODS)
def lots(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the lots are; one more row is added without losing what is typed."""
    found = draft_or_moved(request, pk)
    known = ServiceSpecification.objects.filter(hromada=found.hromada)
    options: dict[str, Any] = {"prefix": "lot", "form_kwargs": {"known": known}}
    if request.method != "POST":
        rows = found.lots.values("specification", "title", "ceiling")
        return draw_part(request, found, "lots", LotFormSet(initial=list(rows) or [{}], **options))
    data = request.POST.copy()
    if "add" in data:
        data["lot-TOTAL_FORMS"] = str(_counted(data.get("lot-TOTAL_FORMS", "")) + 1)
        return draw_part(request, found, "lots", LotFormSet(data, **options), adding=True)
    forms = LotFormSet(data, **options)
    if forms.is_valid():
        try:
            set_lots(competition_id=pk, user=signed_in(request), lots=forms.lots, now=timezone.now())
        except StepRefused as refusal:
            forms.non_form_errors().append(str(refusal.reason))
        else:
            return redirect("commissioning:call", pk)
    return draw_part(request, found, "lots", forms)


def _counted(text: str) -> int:
    return min(int(text), 199) if text.isascii() and text.isdecimal() and len(text) < 4 else 0  # noqa: PLR2004


@commissioning_page
@require_http_methods(METHODS)
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the files of the announcement and take one more in."""
    found = draft_or_moved(request, pk)
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    if request.method == "POST" and form.is_valid():
        try:
            add_document(competition_id=pk, user=signed_in(request), now=timezone.now(), **form.cleaned_data)
        except (DocumentRefused, StepRefused) as refusal:
            form.add_error("file", str(refusal.reason))
        else:
            messages.success(request, _("The file is added."))
            return redirect("commissioning:call_documents", pk)
    rows = found.documents.select_related("document")
    return draw_part(request, found, "documents", form, documents=rows)


@commissioning_page
@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    draft_or_moved(request, pk)
    row = request.POST.get("row", "")
    row_id = int(row) if row.isascii() and row.isdecimal() and len(row) < 19 else None  # noqa: PLR2004
    take_document_out(competition_id=pk, user=signed_in(request), row_id=row_id, now=timezone.now())
    messages.success(request, _("The file is taken out."))
    return redirect("commissioning:call_documents", pk)


def draft_or_moved(request: HttpRequest, pk: int) -> Competition:
    """Return the draft; what is announced already has a page of its own, to which the reader is led."""
    found = competition_or_404(request, pk)
    if found.state != CompetitionState.DRAFT:
        raise MovedOnError(pk)
    return found


def draw_part(request: HttpRequest, found: Competition, task: str, form: Any, **context: Any) -> HttpResponse:
    """Draw the page of a part with what it still lacks; who only looks on may fill in nothing."""
    adding = context.pop("adding", False)
    wrong = form.is_bound and not adding and not form.is_valid()
    told = {
        "competition": found,
        "form": form,
        "title": TASKS[task][1],
        "lacking": [] if form.is_bound else gaps_of(task, gaps(found, timezone.now())),
        "readonly": not rules.can_commission(request.user, found.hromada),
        "checked": form.is_bound and not adding,
        # by what a save knows that nobody else has saved the same fields meanwhile
        "base": "",
        **context,
    }
    return page(request, TEMPLATES[task], found.hromada, status=422 if wrong else 200, **told)
