"""Admission of proposals: the list, the checks of one, a request for clarification, refusal, taking up again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel.calendar import day_of
from procurement import rules
from procurement.domain.calls.freezing import rules_of
from procurement.domain.evaluation import admission as admitting
from procurement.domain.evaluation import clarifications
from procurement.domain.evaluation.steps import policy_of
from procurement.enums import AdmissionState, CompetitionState, GroundUse, RoundState
from procurement.interfaces.admission_desk import COLOURS, admission_lines, checked_lines, clarifiable
from procurement.interfaces.admission_forms import AskForm, ChecksForm, ReconsiderForm
from procurement.interfaces.call_forms import GroundForm
from procurement.interfaces.clarified import clarified_lines, named_labels
from procurement.models import Admission, Clarification, EvaluationRound
from procurement.queries.rounds import last_round
from procurement.views.commissioning.access import (
    MovedOnError,
    commissioning_page,
    competition_or_404,
    page,
    signed_in,
)
from procurement.views.commissioning.running import METHODS
from procurement.views.taking import taken


def round_or_404(request: HttpRequest, pk: int) -> EvaluationRound:
    """Return the last round of a competition whose proposals the person may read; none has begun: the call's page."""
    found = competition_or_404(request, pk, *CompetitionState.readable)
    if not rules.can_read_opened(request.user, found):
        raise Http404
    last = last_round(found)
    if last is None:
        raise MovedOnError(pk)
    return last


def admission_or_404(request: HttpRequest, pk: int, proposal: UUID) -> Admission:
    held = round_or_404(request, pk)
    rows = Admission.objects.select_related("proposal__organisation", "proposal__competition_version", "ground")
    found = get_object_or_404(rows, round=held, proposal=proposal)
    found.round, found.proposal.competition = held, held.competition
    return found


@commissioning_page
@require_safe
def admissions(request: HttpRequest, pk: int) -> HttpResponse:
    held = round_or_404(request, pk)
    context: dict[str, Any] = {"competition": held.competition, "round": held, "lines": admission_lines(held)}
    context["is_now"] = held.state == RoundState.ADMISSION
    return page(request, "commissioning/admission/list.html", held.competition.hromada, **context)


@commissioning_page
@require_http_methods(METHODS)
def admission(request: HttpRequest, pk: int, proposal: UUID) -> HttpResponse:
    """Check one proposal item by item and admit it; what is decided is shown."""
    found = admission_or_404(request, pk, proposal)
    if not _is_open(found):
        return _draw(request, found, "commissioning/admission/decided.html", **_checked(found))
    form = ChecksForm(
        request.POST if request.method == "POST" else None,
        items=policy_of(found.round.competition)["admission"],
        checks=list(found.checks.all()),
        found=admitting.suggestions_of(found),
    )
    if request.method == "POST" and form.is_valid() and taken(request, lambda: _save(request, found, form), form=form):
        return _onward(request, found)
    may_ask = policy_of(found.round.competition)["takes_clarifications"] and not _asked(found)
    context = {"form": form, "may_ask": may_ask and found.proposal.content is not None, **_clarified(found)}
    return _draw(request, found, "commissioning/admission/one.html", form_of=form, **context)


def _save(request: HttpRequest, found: Admission, form: ChecksForm) -> None:
    user, now = signed_in(request), timezone.now()
    admitting.save_checks(admission_id=found.pk, user=user, results=form.results, now=now)
    if "admit" in request.POST:
        admitting.admit(admission_id=found.pk, user=user, now=now)


def _onward(request: HttpRequest, found: Admission) -> HttpResponse:
    pk, proposal = found.round.competition_id, found.proposal_id
    if "refuse" in request.POST:
        return redirect("commissioning:admission_reject", pk, proposal)
    if "ask" in request.POST:
        return redirect("commissioning:admission_ask", pk, proposal)
    admitted = "admit" in request.POST
    messages.success(request, _("The proposal is admitted.") if admitted else _("The checks are saved."))
    return redirect("commissioning:admissions", pk) if admitted else redirect("commissioning:admission", pk, proposal)


@commissioning_page
@require_http_methods(METHODS)
def ask(request: HttpRequest, pk: int, proposal: UUID) -> HttpResponse:
    """Ask the applicant, once, to clarify the fields that are named."""
    found = _open_or_moved(admission_or_404(request, pk, proposal))
    term = rules_of(found.round.competition).term(clarifications.TERM)
    data = request.POST if request.method == "POST" else None
    form = AskForm(data, groups=clarifiable(found.proposal), has_term=term is not None)

    def step() -> object:
        return clarifications.ask(
            admission_id=found.pk,
            user=signed_in(request),
            fields=form.cleaned_data["named"],
            text=form.cleaned_data["text"],
            due_at=form.cleaned_data.get("due_at"),
            now=timezone.now(),
        )

    if data is not None and form.is_valid() and taken(request, step, form=form):
        messages.success(request, _("The request is sent; the decision waits for the answer."))
        return redirect("commissioning:admissions", pk)
    return _draw(request, found, "commissioning/admission/ask.html", form_of=form, form=form, term=term)


@commissioning_page
@require_http_methods(METHODS)
def reject(request: HttpRequest, pk: int, proposal: UUID) -> HttpResponse:
    """Refuse admission on a typed ground, with the reason in words."""
    found = _open_or_moved(admission_or_404(request, pk, proposal))
    competition, now = found.round.competition, timezone.now()
    data = request.POST if request.method == "POST" else None
    form = GroundForm(data, competition=competition, use=GroundUse.REJECTION, on=day_of(now))
    form.fields["reason"].help_text = _("The applicant is told; everybody reads it together with the results.")

    def step() -> object:
        ground, reason = form.cleaned_data["ground"], form.cleaned_data["reason"]
        return admitting.reject(
            admission_id=found.pk, user=signed_in(request), ground_id=ground.pk, reason=reason, now=now
        )

    if data is not None and form.is_valid() and taken(request, step, form=form):
        messages.success(request, _("The proposal is not admitted."))
        return redirect("commissioning:admissions", pk)
    return _draw(request, found, "commissioning/admission/reject.html", form_of=form, form=form, **_checked(found))


@commissioning_page
@require_http_methods(METHODS)
def reconsider(request: HttpRequest, pk: int, proposal: UUID) -> HttpResponse:
    """Take an admission up again, until scoring begins."""
    found = admission_or_404(request, pk, proposal)
    if found.state not in (AdmissionState.ADMITTED, AdmissionState.REJECTED) or not _is_stage(found):
        return redirect("commissioning:admission", pk, proposal)
    data = request.POST if request.method == "POST" else None
    form = ReconsiderForm(data)

    def step() -> object:
        reason = form.cleaned_data["reason"]
        return admitting.reconsider(admission_id=found.pk, user=signed_in(request), reason=reason, now=timezone.now())

    if data is not None and form.is_valid() and taken(request, step, form=form):
        messages.success(request, _("The admission is taken up again."))
        return redirect("commissioning:admission", pk, proposal)
    return _draw(request, found, "commissioning/admission/reconsider.html", form_of=form, form=form)


# --- what all of them share ------------------------------------------------------------------------------------------


def _is_stage(found: Admission) -> bool:
    return found.round.state == RoundState.ADMISSION


def _is_open(found: Admission) -> bool:
    return found.state == AdmissionState.PENDING and _is_stage(found)


def _open_or_moved(found: Admission) -> Admission:
    if not _is_open(found):
        raise MovedOnError(found.round.competition_id)
    return found


def _asked(found: Admission) -> Clarification | None:
    asked = Clarification.objects.filter(admission__proposal=found.proposal_id).order_by("pk").last()
    if asked is not None and asked.admission_id == found.pk:
        asked.admission = found
    return asked


def _clarified(found: Admission) -> dict[str, Any]:
    asked = _asked(found)
    if asked is None:
        return {"clarification": None, "changes": [], "named": []}
    return {"clarification": asked, "changes": clarified_lines(asked), "named": named_labels(asked)}


def _checked(found: Admission) -> dict[str, Any]:
    lines = checked_lines(policy_of(found.round.competition), list(found.checks.all()))
    return {"lines": lines, "is_stage": _is_stage(found), **_clarified(found)}


def _draw(
    request: HttpRequest, found: Admission, template: str, *, form_of: Any = None, **context: Any
) -> HttpResponse:
    status = 422 if form_of is not None and form_of.is_bound and form_of.errors else 200
    told: dict[str, Any] = {"competition": found.round.competition, "admission": found, "proposal": found.proposal}
    told["colour"] = COLOURS[AdmissionState(found.state)]
    return page(request, template, found.round.competition.hromada, status=status, **told, **context)
