"""Steps with an application at the desk, each a page of its own that says what will happen before it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel.audit import PersonalDataRefused
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain import examination
from registry.domain.application_steps import decider_of
from registry.domain.desk import OutsideTerritoryError
from registry.enums import Outcome, Standing
from registry.interfaces.application_desk import checklist_of, shown_changes
from registry.interfaces.application_desk_forms import (
    OUTCOME_HINTS,
    CorrectDecisionForm,
    CorrectionForm,
    OutcomeForm,
    ProposalForm,
    ReasonForm,
    possible_outcomes,
)
from registry.interfaces.application_effects import (
    VERBS,
    correction_terms,
    effects_of,
    grounds_for,
    services_of_proposal,
)
from registry.interfaces.citations import cite_rows
from registry.models import Application
from registry.queries.decisions import chain_of
from registry.viewsets.application_pages import application_crumbs, changes_of, permitted, visible_application
from registry.viewsets.frame import desk_page, entry_crumbs, visible_entry

Step = Callable[[], Any]


def _open(request: HttpRequest, pk: UUID, permission: str) -> Application:
    application = visible_application(request, pk)
    if not permitted(request.user, application)[permission]:
        raise PermissionDenied
    return application


def _done(request: HttpRequest, form: Form | None, step: Step) -> bool:
    """Take the step, or put the reason of the refusal into the form, or into a message where there is none."""
    reason = ""
    try:
        step()
    except StepRefused as refusal:
        reason = str(refusal.reason)
    except OutsideTerritoryError as error:
        raise PermissionDenied from error
    except PersonalDataRefused:
        reason = _("There is a taxpayer number among the values, and the decision log is public. Take it out.")
    if reason and form is not None:
        form.add_error(None, reason)
    elif reason:
        messages.error(request, reason)
    return not reason


def _page(request: HttpRequest, template: str, application: Application, title: str, **context: Any) -> HttpResponse:
    return desk_page(
        request,
        template,
        title=title,
        icon="check",
        crumbs=application_crumbs(application),
        application=application,
        **context,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin to examine."""
    application = _open(request, pk, "can_take")

    def step() -> Any:
        return examination.take_application(application_id=pk, user=request.user, now=timezone.now())  # type: ignore[arg-type]

    if request.method == "POST" and _done(request, None, step):
        messages.success(request, _("The application is yours to examine."))
        return redirect("desk_applications:application", pk)
    return _page(request, "desk/application_take.html", application, _("Take up for examination"))


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the provider to correct what is ticked."""
    application = _open(request, pk, "can_examine")
    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(data, application=application, checklist=checklist_of(application))

    def step() -> Any:
        return examination.ask_correction(
            application_id=pk,
            user=request.user,  # type: ignore[arg-type]
            fields=form.cleaned_data["fields_asked"],
            comment=form.cleaned_data["comment"],
            now=timezone.now(),
        )

    if request.method == "POST" and form.is_valid() and _done(request, form, step):
        messages.success(request, _("The provider is asked to correct the application."))
        return redirect("desk_applications:application", pk)
    terms = correction_terms(application, timezone.localdate())
    title = _("Ask for correction")
    return _page(request, "desk/application_correction.html", application, title, form=form, terms=terms)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the outcome, then for what this outcome needs, and propose it."""
    application = _open(request, pk, "can_examine")
    outcome = request.POST.get("outcome", "") or request.GET.get("outcome", "")
    standing = application.entry.standing if application.entry else ""
    if outcome not in possible_outcomes(application.kind, standing):
        return _choose_outcome(request, application, standing)
    form = _proposal_form(request, application, outcome)

    def step() -> Any:
        return examination.propose_outcome(
            application_id=pk,
            user=request.user,  # type: ignore[arg-type]
            outcome=outcome,
            now=timezone.now(),
            **form.proposal(),
        )

    if request.method == "POST" and form.is_valid() and _done(request, form, step):
        messages.success(request, _("The outcome is proposed; another person decides."))
        return redirect("desk_applications:application", pk)
    context = {"form": form, "outcome": Outcome(outcome), "hint": OUTCOME_HINTS[Outcome(outcome)]}
    return _page(request, "desk/application_propose.html", application, _("Propose an outcome"), **context)


def _choose_outcome(request: HttpRequest, application: Application, standing: str) -> HttpResponse:
    form = OutcomeForm(request.GET if "outcome" in request.GET else None, kind=application.kind, standing=standing)
    unjudged = sum(not block.is_done for block in checklist_of(application))
    context = {"form": form, "unjudged": unjudged}
    return _page(request, "desk/application_outcome.html", application, _("Propose an outcome"), **context)


def _proposal_form(request: HttpRequest, application: Application, outcome: str) -> ProposalForm:
    checklist = checklist_of(application)
    return ProposalForm(
        request.POST if request.method == "POST" else None,
        outcome=outcome,
        grounds=grounds_for(outcome, timezone.localdate()),
        services=[(block.key, block.title) for block in checklist],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the proposal to the specialist with a reason."""
    application = _open(request, pk, "can_decide")
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def step() -> Any:
        reason = form.cleaned_data["reason"]
        return examination.send_back(application_id=pk, user=request.user, reason=reason, now=timezone.now())  # type: ignore[arg-type]

    if request.method == "POST" and form.is_valid() and _done(request, form, step):
        messages.success(request, _("The proposal is sent back to the specialist."))
        return redirect("desk_applications:application", pk)
    return _page(
        request,
        "desk/application_send_back.html",
        application,
        _("Send back"),
        form=form,
        cannot=_cannot(request, application),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show everything that the decision will do, then make it."""
    application = _open(request, pk, "can_decide")

    def step() -> Any:
        return examination.decide(application_id=pk, user=request.user, now=timezone.now())  # type: ignore[arg-type]

    cannot = _cannot(request, application)
    if request.method == "POST" and not cannot and _done(request, None, step):
        messages.success(request, _("The decision is made."))
        return redirect("desk_applications:application", pk)
    proposal = application.proposals.select_related("by").prefetch_related("grounds").get(sent_back_at__isnull=True)
    context = {
        "proposal": proposal,
        "effects": effects_of(application, proposal, timezone.localdate()),
        "changes": shown_changes(changes_of(application), opened=False),
        "verb": VERBS[proposal.outcome],
        "grave": proposal.outcome in (Outcome.REFUSE, Outcome.EXCLUDE),
        "cited": list(cite_rows(proposal.grounds.all()).values()),
        "services": services_of_proposal(application, proposal),
        "cannot": cannot,
    }
    return _page(request, "desk/application_decide.html", application, _("Decide"), **context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a decision with right reasons in the place of one with wrong ones; what was decided stays."""
    application = _open(request, pk, "can_correct")
    decisions = chain_of(application)
    if not decisions:
        raise Http404
    last = decisions[-1]
    form = CorrectDecisionForm(request.POST if request.method == "POST" else None, initial={"reason": last.reason})

    def step() -> Any:
        told = {name: form.cleaned_data[name] for name in ("reason", "ground")}
        return examination.correct_decision(decision_id=last.pk, user=request.user, now=timezone.now(), **told)  # type: ignore[arg-type]

    if request.method == "POST" and form.is_valid() and _done(request, form, step):
        messages.success(request, _("The decision is corrected: a new one stands in its place."))
        return redirect("desk_applications:application", pk)
    context = {"form": form, "decision": last, "cannot": _cannot(request, application)}
    return _page(request, "desk/application_correct.html", application, _("Correct the decision"), **context)


def _cannot(request: HttpRequest, application: Application) -> str:
    """Return why this official may not decide on this application, or nothing."""
    try:
        decider_of(application, request.user, timezone.now())  # type: ignore[arg-type]
    except StepRefused as refusal:
        return str(refusal.reason)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def initiative(request: HttpRequest, number: str) -> HttpResponse:
    """Open a case on an entry by the registrar's own initiative."""
    entry = visible_entry(request, number)
    if not rules.can_edit_entry(request.user, entry) or entry.standing == Standing.EXCLUDED:
        raise PermissionDenied
    if request.method == "POST":
        try:
            case = examination.start_initiative(entry_id=entry.pk, user=request.user, now=timezone.now())  # type: ignore[arg-type]
        except StepRefused as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The case is open."))
            return redirect("desk_applications:application", case.pk)
    return desk_page(
        request,
        "desk/application_initiative.html",
        title=_("Open a case"),
        icon="warning",
        crumbs=entry_crumbs(entry),
        entry=entry,
    )
