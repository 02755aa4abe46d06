"""A decision of the register: its public page and its PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.rules import can_edit_for
from portal.accounts.second_factor import has_passed
from registry import rules
from registry.interfaces.papers import decision_pdf, read_decision
from registry.interfaces.press import PressBusyError
from registry.models import RegisterDecision
from registry.queries.decisions import application_of, is_public
from registry.views.caching import keep_for_a_minute
from registry.views.printing import pdf_file, press_busy

LONGEST_NUMBER = 20


def _readable(request: HttpRequest, number: str) -> RegisterDecision:
    """Return the decision if this reader may know of it: everybody, or the provider's people and the officials."""
    rows = RegisterDecision.objects.select_related(
        "entry__organisation", "application__organisation", "code", "supersedes", "superseded_by"
    )
    decision = rows.filter(number=number).first() if len(number) <= LONGEST_NUMBER else None
    if decision is None or not (is_public(decision) or _is_theirs(decision, request)):
        raise Http404
    return decision


def _is_theirs(decision: RegisterDecision, request: HttpRequest) -> bool:
    """Say whether the reader acts for the provider, or is an official whose session has a second factor."""
    application, user = application_of(decision), request.user
    if application is None:
        return False
    return can_edit_for(user, application.organisation) or (
        has_passed(request) and rules.can_view_application(user, application)
    )


@require_safe
def decision_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was decided, on which grounds and why; one about nobody in the register only to those concerned."""
    decision = _readable(request, number)
    response = render(
        request,
        "registry/decision.html",
        {"decision": decision, "paper": read_decision(decision), "successor": _successor(decision)},
    )
    return _kept(request, response, decision)


@require_safe
def decision_file(request: HttpRequest, number: str) -> HttpResponse:
    decision = _readable(request, number)
    if decision.code is None:
        raise Http404
    try:
        content = decision_pdf(decision)
    except PressBusyError:
        return press_busy(request, "registry/decision_busy.html", decision=decision)
    return _kept(request, pdf_file(content, f"decision-{number.replace('/', '-')}"), decision)


def _successor(decision: RegisterDecision) -> RegisterDecision | None:
    return getattr(decision, "superseded_by", None)


def _kept(request: HttpRequest, response: HttpResponse, decision: RegisterDecision) -> HttpResponse:
    """Let everybody keep a public decision for a minute and nobody one that is not."""
    if is_public(decision):
        keep_for_a_minute(request, response)
    else:
        response["Cache-Control"] = "private, no-store"
    return response
