"""The form of a visit, as a page that needs no script and as the parcels of a phone; the conclusion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import CheckAnswer, Severity, VisitState
from procurement.domain.monitoring.conclusions import gaps_of, prepared
from procurement.domain.monitoring.grounds import grounds_of
from procurement.domain.monitoring.sendings import VisitFaultsError
from procurement.domain.monitoring.visits import conclude as conclude_visit
from procurement.domain.monitoring.visits import receive
from procurement.enums import GroundUse
from procurement.interfaces.monitoring_forms import ConcludeForm
from procurement.interfaces.visit_form import content_from, marks_of, questions_of
from procurement.models import Visit
from procurement.views.monitoring.access import (
    METHODS,
    page,
    require_acting,
    signed_in,
    taken,
    visit_or_404,
    visit_page,
)

OPEN: Final = (VisitState.PLANNED, VisitState.HELD)
WORKER: Final = "portal/js/visit-worker.js"


@visit_page
@require_http_methods(METHODS)
def visit_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in what was seen; with the script of the page, on a phone without network too."""
    found = visit_or_404(request, pk)
    require_acting(request, found.contract)
    if found.state not in OPEN:
        return redirect("contracting:visit", pk)
    faults: Mapping[str, str] = {}
    sent: dict[str, Any] | None = None
    if request.method == "POST":
        sent = content_from(request.POST, found, clock.moment())
        faults = _faults(request, found, sent)
        if not faults:
            return redirect("contracting:visit", pk)
    return _draw(request, found, sent, faults)


def _faults(request: HttpRequest, found: Visit, content: dict[str, Any]) -> Mapping[str, str]:
    """Take the plain form in; its key is the page's, so that a second press is the same sending."""
    key = _key(request.POST.get("key")) or uuid4()
    device = f"account-{signed_in(request).pk}"

    def step() -> None:
        receive(visit_id=found.pk, user=signed_in(request), key=key, device=device, content=content, now=clock.moment())

    try:
        taken(request, step, _("What was seen is saved."))
    except VisitFaultsError as error:
        return error.faults
    return {}


def _draw(request: HttpRequest, found: Visit, sent: dict[str, Any] | None, faults: Mapping[str, str]) -> HttpResponse:
    today = day_of(clock.moment())
    head = {name: getattr(found, name) for name in ("place", "present", "notes")}
    held_on = found.held_on.isoformat() if found.held_on else today.isoformat()
    context = {
        "visit": found,
        "questions": questions_of(found, sent, faults),
        "head": {"held_on": held_on, **head, **{name: sent[name] for name in (*head, "held_on") if sent}},
        "was": head,
        "faults": faults,
        "kinds": grounds_of(GroundUse.VIOLATION, found.contract, today).order_by("order", "slug"),
        "severities": Severity.choices,
        "answers": CheckAnswer.choices,
        "today": today.isoformat(),
        "key": uuid4(),
    }
    return page(request, "monitoring/visit_form.html", found.contract, status=422 if faults else 200, **context)


@visit_page
@require_safe
def visit_state(request: HttpRequest, pk: int) -> JsonResponse:
    """Tell a phone that has the form at hand whether it may send, as whom, and with what token."""
    found = visit_or_404(request, pk)
    require_acting(request, found.contract)
    told = {"token": get_token(request), "user": signed_in(request).pk, "open": found.state in OPEN}
    return JsonResponse({**told, "marks": marks_of(found)})


@visit_page
@require_POST
def visit_send(request: HttpRequest, pk: int) -> JsonResponse:
    """Take in a parcel `{key, device, content}`; one that was taken before is answered as if it were new."""
    found = visit_or_404(request, pk)
    require_acting(request, found.contract)
    try:
        parcel = json.loads(request.body)
    except (ValueError, RecursionError):
        parcel = None
    told: dict[str, Any] = parcel if isinstance(parcel, dict) else {}
    key = _key(told.get("key"))
    content = told.get("content")
    if key is None or not isinstance(content, dict):
        return JsonResponse({"refusal": _("The parcel cannot be read.")}, status=400)
    device = str(told.get("device") or "")
    try:
        receive(visit_id=pk, user=signed_in(request), key=key, device=device, content=content, now=clock.moment())
    except VisitFaultsError as error:
        return JsonResponse({"faults": error.faults}, status=422)
    except StepRefused as refusal:
        return JsonResponse({"refusal": str(refusal.reason)}, status=409)
    contested = sum(bool(row.other) for row in found.answers.all())
    next_page = reverse("contracting:visit", args=[pk])
    return JsonResponse({"marks": marks_of(found), "contested": contested, "next": next_page})


@visit_page
@require_http_methods(METHODS)
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the conclusion publishes, or what is missing before it; publish it."""
    found = visit_or_404(request, pk)
    require_acting(request, found.contract)
    if found.state != VisitState.HELD:
        return redirect("contracting:visit", pk)
    gaps = gaps_of(found, clock.moment())
    findings = [] if gaps else prepared(found, clock.moment())
    texts = [text for one in findings for text in (one["text"], one["demand"])]
    form = ConcludeForm(request.POST if request.method == "POST" else None, texts=texts)

    def step() -> None:
        words = form.cleaned_data["conclusion"]
        conclude_visit(visit_id=pk, user=signed_in(request), conclusion=words, now=clock.moment())

    said = _("The conclusion is published; the provider is told of the findings.")
    if request.method == "POST" and form.is_valid() and taken(request, step, said, form):
        return redirect("contracting:visit", pk)
    questions = {one.code: one for one in questions_of(found)}
    missing = [(gap, questions.get(gap.code)) for gap in gaps]
    contested = [one for one in questions.values() if one.others]
    context = {"visit": found, "form": form, "gaps": missing, "findings": findings, "contested": contested}
    return page(request, "monitoring/conclude.html", found.contract, status=422 if form.errors else 200, **context)


@require_safe
@cache_control(no_cache=True)
def visit_worker(request: HttpRequest) -> HttpResponse:
    """Hand out the script that opens the form without network; it rules over the addresses beside its own."""
    del request
    path = finders.find(WORKER)
    assert isinstance(path, str)
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")


def _key(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
