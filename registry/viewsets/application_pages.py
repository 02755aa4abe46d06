"""An application at the desk: what is asked, what was checked, what happened; and the judgment of its criteria."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.application_views import record_application_view
from registry.domain.desk import OutsideTerritoryError
from registry.domain.examination import ChangedField, changes_of_application, check_criterion
from registry.enums import ApplicationKind, ApplicationState
from registry.interfaces.application_desk import (
    ServiceChecks,
    checklist_of,
    corrected_fields,
    shown_changes,
    standing_of,
    steps_taken,
)
from registry.interfaces.application_desk_forms import ChecksForm
from registry.interfaces.application_words import read_content
from registry.interfaces.citations import cite_rows
from registry.models import Application
from registry.queries.applications import others_of, with_queue_facts
from registry.queries.decisions import chain_of
from registry.viewsets.frame import Crumb, desk_page

OTHERS: Final = 12


def visible_application(request: HttpRequest, pk: UUID) -> Application:
    """Return the application this official may read; to others it does not exist at the desk."""
    if not rules.can_view_entries(request.user):
        raise PermissionDenied
    found = with_queue_facts(Application.objects.visible_to(request.user)).select_related(  # type: ignore[arg-type]
        "organisation", "entry__organisation", "hromada__oblast", "examiner", "submitted_by", "receipt", "profile"
    )
    application = found.filter(pk=pk).first()
    if application is None:
        raise Http404
    return application


def application_crumbs(application: Application) -> list[Crumb]:
    return [
        (_("Applications"), reverse("desk_applications:index")),
        (str(application.number), reverse("desk_applications:application", args=[application.pk])),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def application_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the application; a POST opens what is private in it and leaves a trace of who looked."""
    application = visible_application(request, pk)
    opened = request.method == "POST"
    asked = read_content(application.content, opened=opened)
    changes = changes_of(application)
    private = asked.private_parts + [line.part for line in changes if line.private]
    if opened and private:
        record_application_view(application=application, user=request.user, what=private, now=timezone.now())  # type: ignore[arg-type]
    return desk_page(
        request,
        "desk/application.html",
        title=f"№ {application.number}",
        icon="doc-full-inverse",
        crumbs=application_crumbs(application)[:1],
        application=application,
        asked=asked,
        opened=opened,
        has_private=bool(private),
        changes=shown_changes(changes, opened=opened),
        others=others_of(application, request.user)[:OTHERS],  # type: ignore[arg-type]
        **_examination(application, opened=opened),
        **permitted(request.user, application),
    )


def _examination(application: Application, *, opened: bool) -> dict[str, Any]:
    """Return what was done with the application so far, for its page."""
    today = timezone.localdate()
    proposal = application.proposals.select_related("by").prefetch_related("grounds").last()
    correction = application.corrections.last()
    return {
        "today": today,
        "checklist": checklist_of(application),
        "proposal": proposal,
        "cited": list(cite_rows(proposal.grounds.all()).values()) if proposal else [],
        "correction": correction,
        "corrected_fields": corrected_fields(application, correction, opened=opened) if correction else [],
        "steps": steps_taken(application),
        "standing": standing_of(application, today),
        "decisions": chain_of(application),
    }


def changes_of(application: Application) -> list[ChangedField]:
    """Return what would change in the register, while that is still a question."""
    open_amendment = application.kind == ApplicationKind.AMENDMENT and application.state in ApplicationState.pending
    return changes_of_application(application) if open_amendment else []


def permitted(user: Any, application: Application) -> dict[str, bool]:
    """Say what this official may do with the application as it stands; the use cases judge again."""
    examines = rules.can_examine_application(user, application)
    decides = rules.can_decide_application(user, application)
    state = application.state
    return {
        "can_take": examines and state == ApplicationState.SUBMITTED,
        "can_examine": examines and state == ApplicationState.EXAMINATION,
        "can_decide": decides and state == ApplicationState.PROPOSED,
        "can_settle_claim": examines,
        "can_correct": decides and state == ApplicationState.DECIDED,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def check_service(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """Judge the criteria of one service; what is good is kept even where another line has a fault."""
    application = visible_application(request, pk)
    if not permitted(request.user, application)["can_examine"]:
        raise PermissionDenied
    checklist = checklist_of(application)
    place = next((place for place, block in enumerate(checklist) if block.key == key), None)
    if place is None:
        raise Http404
    block = checklist[place]
    form = ChecksForm(request.POST if request.method == "POST" else None, block=block)
    if request.method == "POST" and _judged(request, application, block, form):
        return redirect(_after_judging(application, key, checklist[place + 1 :] if "next" in request.POST else ()))
    return desk_page(
        request,
        "desk/application_checks.html",
        title=block.title,
        icon="tasks",
        crumbs=application_crumbs(application),
        application=application,
        service=block,
        form=form,
        place=place + 1,
        total=len(checklist),
    )


def _after_judging(application: Application, key: str, further: Sequence[ServiceChecks]) -> str:
    """Return the address of the next service that waits, else of the place in the application that was left."""
    following = next((block for block in further if not block.is_done), None)
    if following:
        return reverse("desk_applications:checks", args=[application.pk, following.key])
    return f"{reverse('desk_applications:application', args=[application.pk])}#criteria-{key}"


def _judged(request: HttpRequest, application: Application, block: ServiceChecks, form: ChecksForm) -> bool:
    """Record the judgments that have no fault and say so; answer whether all of them were good."""
    good = form.is_valid()
    kept = 0
    try:
        for row, result, note in form.judgments():
            check_criterion(
                application_id=application.pk,
                user=request.user,  # type: ignore[arg-type]
                criterion_id=row.criterion.pk,
                service_key=block.key,
                result=result,
                note=note,
                now=timezone.now(),
            )
            kept += 1
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    except OutsideTerritoryError as error:
        raise PermissionDenied from error
    if kept and good:
        messages.success(request, _("Saved."))
    elif kept:
        messages.info(request, _("What has no fault is saved."))
    return good
