"""An application as a whole: begun, filled in by its task list, followed after it was submitted, withdrawn."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel.workflow import StepRefused
from registry.domain.applying import withdraw_application
from registry.domain.drafts import criteria_of, parts_of, start_application
from registry.enums import ApplicationKind, ApplicationState
from registry.interfaces.application_items import answers
from registry.interfaces.application_pages import KINDS, tasks_of
from registry.interfaces.application_progress import (
    COLOURS,
    decision_term,
    may_be_withdrawn,
    next_step,
    open_correction_of,
    timeline,
)
from registry.models import Application
from registry.queries.content_words import ContentWords
from registry.views.cabinet.access import application_or_404, cabinet_page, is_draft, page, signed_in

LONGEST_KEY: Final = 18


@cabinet_page
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin an application, or go on with the draft there is."""
    organisation, kind = request.POST.get("organisation", ""), request.POST.get("kind", "")
    if (
        not organisation.isdecimal()
        or len(organisation) > LONGEST_KEY
        or kind not in KINDS
        or kind == ApplicationKind.INITIATIVE
    ):
        return redirect("cabinet")
    try:
        application = start_application(
            user=signed_in(request), organisation_id=int(organisation), kind=kind, now=timezone.now()
        )
    except StepRefused as error:
        messages.error(request, str(error.reason))
        return redirect("cabinet")
    return redirect("cabinet:application", application.pk)


@cabinet_page
@require_safe
def application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the task list of a draft, and of what is submitted how it fares."""
    found = application_or_404(request, pk)
    title = str(KINDS[ApplicationKind(found.kind)])
    if is_draft(found):
        tasks = tasks_of(found, parts_of(found))
        done = sum(task.state == "done" for task in tasks)
        context: dict[str, Any] = {"title": title, "tasks": tasks, "done": done}
        return page(request, "cabinet/application/tasks.html", found, **context)
    return page(request, "cabinet/application/submitted.html", found, title=title, **_progress(request, found))


def _progress(request: HttpRequest, found: Application) -> dict[str, Any]:
    correction = open_correction_of(found)
    words = ContentWords(found.content) if correction else None
    return {
        "state_colour": COLOURS[ApplicationState(found.state)],
        "next_step": next_step(found),
        "waits": found.state in ApplicationState.pending,
        "term": decision_term(found),
        "correction": correction,
        "fields": [words.line(path) for path in correction.fields] if correction and words else [],
        "decision": getattr(found, "decision", None),
        "timeline": timeline(found),
        "may_be_withdrawn": may_be_withdrawn(found, signed_in(request)),
        "sections": answers(found, criteria_of(found)),
    }


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask before an application is withdrawn or a draft is thrown away."""
    found = application_or_404(request, pk)
    if not may_be_withdrawn(found, signed_in(request)):
        return redirect("cabinet:application", pk)
    reason, refusal = request.POST.get("reason", "").replace("\x00", "").strip()[:1000], ""
    if request.method == "POST":
        try:
            withdraw_application(application_id=pk, user=signed_in(request), reason=reason, now=timezone.now())
        except StepRefused as error:
            refusal = str(error.reason)
        else:
            said = _("The draft is thrown away.") if is_draft(found) else _("The application is withdrawn.")
            messages.success(request, said)
            return redirect("cabinet")
    context = {"draft": is_draft(found), "reason": reason, "refusal": refusal}
    return page(request, "cabinet/application/withdraw.html", found, status=422 if refusal else 200, **context)
