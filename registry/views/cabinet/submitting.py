"""The last page before an application goes to the register, the one press that sends it, and the receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.applying import ChangedMeanwhileError, NotReadyError, submit_application
from registry.domain.drafts import criteria_of, problems_of
from registry.domain.examination import changes_of_application
from registry.enums import ApplicationKind, ApplicationState
from registry.interfaces import papers
from registry.interfaces.application_items import answers
from registry.interfaces.application_pages import KINDS, missing
from registry.interfaces.application_progress import decision_term, next_step, shows_changes
from registry.interfaces.application_reading import read_number
from registry.interfaces.press import PressBusyError
from registry.models import Application
from registry.views.cabinet.access import application_or_404, cabinet_page, is_draft, page, signed_in
from registry.views.printing import pdf_file


@cabinet_page
@require_safe
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show all answers once more, with what is still missing, and the button that submits."""
    application = application_or_404(request, pk)
    if not is_draft(application):
        return redirect("cabinet:application", pk)
    return _check_page(request, application)


def _check_page(
    request: HttpRequest, application: Application, *, notice: str = "", status: int = 200, problems: Any = None
) -> HttpResponse:
    told = problems_of(application) if problems is None else problems
    context = {
        "title": str(KINDS[ApplicationKind(application.kind)]),
        "problems": missing(application, told),
        "sections": answers(application, criteria_of(application)),
        "changes": changes_of_application(application) if shows_changes(application) else None,
        "may_submit": rules.can_submit_application(request.user, application),
        "key": uuid4(),
        "notice": notice,
    }
    return page(request, "cabinet/application/check.html", application, status=status, **context)


@cabinet_page
@require_safe
def changes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what an amendment would change: what the register says, and what it would say."""
    application = application_or_404(request, pk)
    if not shows_changes(application):
        raise Http404
    return page(request, "cabinet/application/changes.html", application, changes=changes_of_application(application))


@cabinet_page
@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Submit once: a second press, a refresh or a slow line lead to the same receipt."""
    application = application_or_404(request, pk)
    try:
        submit_application(
            application_id=pk,
            user=signed_in(request),
            version=read_number(request.POST.get("version")),
            key=_read_key(request.POST.get("key", "")),
            now=timezone.now(),
        )
    except NotReadyError as error:
        return _check_page(request, application, status=422, problems=error.problems)
    except ChangedMeanwhileError as error:
        said = _("While you were reading, somebody else changed this application. Look through it once more.")
        return _check_page(request, error.application, notice=said, status=409)
    except StepRefused as error:
        if not is_draft(application):
            return redirect("cabinet:application", pk)
        return _check_page(request, application, notice=str(error.reason), status=422)
    return redirect("cabinet:receipt", pk)


def _read_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


@cabinet_page
@require_safe
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show that it was submitted: number, moment, digest, and what happens next until when."""
    application = _submitted_or_404(request, pk)
    context = {
        "term": decision_term(application),
        "next_step": next_step(application),
        "waits": application.state in ApplicationState.pending,
    }
    return page(request, "cabinet/application/receipt.html", application, **context)


@cabinet_page
@require_safe
def receipt_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out the receipt as a file; while the press is busy, ask to come back in a moment."""
    application = _submitted_or_404(request, pk)
    try:
        content = papers.receipt_pdf(application)
    except PressBusyError:
        messages.error(request, _("Many papers are being printed now. Try again in a moment."))
        return redirect("cabinet:receipt", pk)
    response = pdf_file(content, f"poruch-{application.number}", disposition="attachment")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _submitted_or_404(request: HttpRequest, pk: UUID) -> Application:
    application = application_or_404(request, pk)
    if application.submitted_at is None:
        raise Http404
    return application
