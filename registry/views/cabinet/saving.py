"""What the page's script and files bring: answers saved at each pause, the choice between two, a draft out and in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel.workflow import StepRefused
from registry.domain.draft_files import LARGEST_FILE
from registry.domain.drafts import Saved, export_draft, import_draft
from registry.enums import ApplicationState
from registry.interfaces.application_conflicts import disagreements, read_own
from registry.interfaces.application_reading import Told, read_body, read_fields, read_number
from registry.models import Application
from registry.queries.content_words import ContentWords
from registry.queries.desk import find_places, place_text
from registry.views.cabinet.access import application_or_404, cabinet_page, page, signed_in
from registry.views.cabinet.keeping import ask_which, safe_onward, save


@never_cache
@require_POST
def autosave(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Save the fields that changed since their version; answer in words for the page, never with another page."""
    if not request.user.is_authenticated:
        return JsonResponse({"refusal": _("You are signed out. Sign in again in another window.")}, status=401)
    try:
        application = application_or_404(request, pk)
    except Http404:
        return JsonResponse({"refusal": _("There is no such application any more.")}, status=404)
    sent = read_body(request.body)
    if sent is None:
        return JsonResponse({"refusal": _("The answers could not be read.")}, status=400)
    told = read_fields(application.content, sent["fields"])
    try:
        saved = save(request, application, read_number(sent.get("base_version")), told.patch)
    except StepRefused as error:
        return JsonResponse({"refusal": str(error.reason)}, status=409)
    return JsonResponse(_told(request, saved, told, str(sent.get("here") or "")))


def _told(request: HttpRequest, saved: Saved, told: Told, here: str) -> dict[str, Any]:
    """Return what became of every field that was sent, in words that the page shows as they are."""
    refused = {**saved.refused, **told.refused}
    contested = {conflict.path for conflict in saved.conflicts}
    done = set(told.patch) - contested - set(refused)
    answer: dict[str, Any] = {
        "version": saved.version,
        "at": date_format(localtime(saved.application.saved_at), "H:i"),
        "values": {path: saved.application.content.get(path) for path in done},
        "refused": refused,
        "contested": sorted(contested),
    }
    if contested:
        context = {
            "contested": disagreements(saved.application, saved.conflicts),
            "application": saved.application,
            "onward": here,
        }
        answer["panel"] = render_to_string("cabinet/application/_conflicts.html", context, request)
    return answer


@cabinet_page
@require_POST
def conflicts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep one's own words where they were chosen; where the other's were, they stand already."""
    application = application_or_404(request, pk, *ApplicationState.editable)
    onward = safe_onward(request, reverse("cabinet:application", args=[pk]))
    chosen = read_own(request.POST)
    if not chosen:
        return redirect(onward)
    try:
        saved = save(request, application, read_number(request.POST.get("version")), chosen)
    except StepRefused as error:
        messages.error(request, str(error.reason))
        return redirect("cabinet:application", pk)
    if saved.conflicts:
        return ask_which(request, saved.application, saved.conflicts, onward=onward)
    for reason in saved.refused.values():
        messages.error(request, reason)
    return redirect(onward)


@cabinet_page
@require_safe
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    application = application_or_404(request, pk)
    response = HttpResponse(export_draft(application), content_type="application/json; charset=utf-8")
    name = application.number or f"draft-{str(application.pk)[:8]}"
    response["Content-Disposition"] = f'attachment; filename="poruch-{name}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the draft away as a file, or read such a file back."""
    application = application_or_404(request, pk, ApplicationState.DRAFT)
    if request.method != "POST":
        return _file_page(request, application)
    try:
        saved = import_draft(
            application_id=pk,
            user=signed_in(request),
            base_version=read_number(request.POST.get("version")),
            data=_read_file(request),
            now=timezone.now(),
        )
    except StepRefused as error:
        return _file_page(request, application, refusal=str(error.reason))
    if saved.conflicts:
        return ask_which(request, saved.application, saved.conflicts, onward=request.path)
    if saved.refused:
        return _file_page(request, saved.application, refused=saved.refused)
    messages.success(request, _("The file is read."))
    return redirect("cabinet:application", pk)


def _file_page(
    request: HttpRequest, application: Application, *, refusal: str = "", refused: dict[str, str] | None = None
) -> HttpResponse:
    context = {"refusal": refusal, "refused": _in_words(application, refused or {})}
    status = 422 if refusal or refused else 200
    return page(request, "cabinet/application/file.html", application, status=status, **context)


def _read_file(request: HttpRequest) -> bytes:
    """Return what the file holds; raises `StepRefused` for none and for one that no draft can fill."""
    file = request.FILES.get("file")
    if file is None:
        raise StepRefused(_("Choose the file."))
    if (file.size or 0) > LARGEST_FILE:
        raise StepRefused(_("The file is too large for a draft."))
    data: bytes = file.read()
    return data


def _in_words(application: Application, refused: dict[str, str]) -> list[tuple[str, str]]:
    words = ContentWords(application.content)
    return [(_named(words, path), reason) for path, reason in refused.items()]


def _named(words: ContentWords, path: str) -> str:
    try:
        return words.line(path)
    except (IndexError, KeyError):
        return path[:100]


@cabinet_page
@require_safe
def places(request: HttpRequest) -> JsonResponse:
    """Answer with the places that a typed beginning may mean."""
    units = find_places(request.GET.get("q", "").replace("\x00", "")[:100])
    return JsonResponse(
        {"places": [{"text": place_text(unit), "kind": str(unit.get_category_display())} for unit in units]}
    )
