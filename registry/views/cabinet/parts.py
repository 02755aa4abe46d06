"""The pages on which an application is filled in: one for each part, one for each address and each service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from registry.domain.contents import keys_of
from registry.domain.drafts import Problem, new_key, problems_of
from registry.enums import ApplicationKind, ApplicationState, ContactKind, SiteKind
from registry.interfaces.application_forms import FORMS
from registry.interfaces.application_items import item_lines
from registry.interfaces.application_pages import PARTS, missing, part_url
from registry.interfaces.application_path_form import Known
from registry.interfaces.application_reading import read_number
from registry.models import Application, ServiceType
from registry.queries.content_words import ContentWords
from registry.views.cabinet.access import application_or_404, cabinet_page, page
from registry.views.cabinet.keeping import answer, ask_which, keep, open_sheet, save

# the parts whose page is one sheet, and the forms on it
SINGLE: Final = {
    "organisation": ("organisation", "about"),
    "consents": ("consents",),
    "exclusion": ("exclusion",),
}
ITEMS: Final = {
    "sites": (gettext_lazy("Address"), gettext_lazy("Add an address")),
    "services": (gettext_lazy("Service"), gettext_lazy("Add a service")),
}
TRIES: Final = 5


def draft_or_404(request: HttpRequest, pk: UUID, part: str) -> Application:
    """Return the draft if applications of its kind have the part."""
    application = application_or_404(request, pk, ApplicationState.DRAFT)
    leaving = application.kind == ApplicationKind.EXCLUSION
    if part not in (("exclusion", "consents") if leaving else tuple(name for name in PARTS if name != "exclusion")):
        raise Http404
    return application


def fill(
    request: HttpRequest,
    application: Application,
    prefixes: Sequence[str],
    *,
    title: str,
    onward: str,
    template: str = "cabinet/application/sheet.html",
    problems: Sequence[Problem] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the forms of these prefixes, or save what came in and go on."""
    known = Known(application.content)
    data = request.POST if request.method == "POST" else None
    forms = [FORMS[prefix.split("/")[0]](prefix, application.content, known, data) for prefix in prefixes]
    told: dict[str, Any] = {"title": title, "back": onward, **context}
    if request.method == "POST":
        sheet, conflicts = keep(request, application, forms)
        return answer(request, sheet, conflicts, template=template, onward=onward, **told)
    judged = problems_of(application) if problems is None else problems
    sheet = open_sheet(application, forms, judged, missing="missing" in request.GET)
    return page(request, template, application, sheet=sheet, **told)


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    if part not in SINGLE:
        raise Http404
    application = draft_or_404(request, pk, part)
    onward = reverse("cabinet:application", args=[pk])
    return fill(request, application, SINGLE[part], title=str(PARTS[part][0]), onward=onward, part=part)


@cabinet_page
@require_http_methods(["GET", "HEAD"])
def items(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    """List the addresses or services of the draft, with what each still lacks."""
    application = draft_or_404(request, pk, _many(part))
    problems = problems_of(application)
    lines = item_lines(application, part, ContentWords(application.content), problems)
    context = {
        "title": str(PARTS[part][0]),
        "part": part,
        "items": [line for line in lines if not line.removed],
        "gone": [line for line in lines if line.removed],
        "lacking": missing(application, [problem for problem in problems if problem.path == part]),
        "add_label": str(ITEMS[part][1]),
        "types": ServiceType.objects.all() if part == "services" else (),
        "back": reverse("cabinet:application", args=[pk]),
    }
    return page(request, "cabinet/application/items.html", application, **context)


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: UUID, part: str, key: str) -> HttpResponse:
    application = draft_or_404(request, pk, _many(part))
    if key not in keys_of(application.content, part):
        raise Http404
    return fill(
        request,
        application,
        [f"{part}/{key}"],
        title=ContentWords(application.content).part(f"{part}/{key}/kind"),
        onward=reverse("cabinet:items", args=[pk, part]),
        part=part,
        key=key,
        removable=True,
    )


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: HttpRequest, pk: UUID) -> HttpResponse:
    application = draft_or_404(request, pk, "contacts")
    keys = keys_of(application.content, "contacts")
    problems = problems_of(application)
    lacking = [problem for problem in problems if problem.path == "contacts"]
    lines = item_lines(application, "contacts", ContentWords(application.content))
    return fill(
        request,
        application,
        [f"contacts/{key}" for key in keys],
        title=str(PARTS["contacts"][0]),
        onward=reverse("cabinet:application", args=[pk]),
        template="cabinet/application/contacts.html",
        problems=problems,
        part="contacts",
        kinds=ContactKind.choices,
        lacking=missing(application, lacking) if keys else [],
        gone=[line for line in lines if line.removed],
    )


@cabinet_page
@require_POST
def add(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    """Make room for one more; its first field is saved at once, so that nobody else gets the same key."""
    application = draft_or_404(request, pk, part)
    name, value = _first_field(application, part, request.POST.get("kind", ""))
    key, reason = _reserve(request, application, part, name, value) if value else ("", _("Choose one of the list."))
    if not key:
        messages.error(request, reason)
        return redirect(part_url(application, part))
    if part == "contacts":
        return redirect(f"{part_url(application, part)}#f-contacts/{key}/value")
    return redirect("cabinet:item", pk, part, key)


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: UUID, part: str, key: str) -> HttpResponse:
    """Ask before a part goes away; it can be brought back until the application is submitted."""
    application = draft_or_404(request, pk, part)
    onward = part_url(application, part)
    if key not in keys_of(application.content, part):
        return redirect(onward)
    if request.method == "POST":
        version = read_number(request.POST.get("version"))
        saved = save(request, application, version, {f"{part}/{key}/removed": True})
        return ask_which(request, application, saved.conflicts, onward=onward) if saved.conflicts else redirect(onward)
    name = ContentWords(application.content).part(f"{part}/{key}/kind")
    return page(request, "cabinet/application/remove.html", application, name=name, back=onward)


@cabinet_page
@require_POST
def bring_back(request: HttpRequest, pk: UUID, part: str, key: str) -> HttpResponse:
    application = draft_or_404(request, pk, part)
    save(request, application, application.version, {f"{part}/{key}/removed": None})
    return redirect(part_url(application, part))


def _first_field(application: Application, part: str, asked: str) -> tuple[str, str]:
    """Return the field that a new part begins with, and its value; empty where something must be chosen first."""
    if part == "sites":
        told = {application.content.get(f"sites/{key}/kind") for key in keys_of(application.content, "sites")}
        return "kind", SiteKind.SERVICE if SiteKind.LEGAL in told else SiteKind.LEGAL
    if part == "contacts":
        return "kind", asked if asked in ContactKind.values else ""
    return "service_type", asked if part == "services" else ""


def _reserve(request: HttpRequest, application: Application, part: str, name: str, value: str) -> tuple[str, str]:
    """Return a key that is this request's alone, or why there is none."""
    for _try in range(TRIES):
        key = new_key(application, part)
        path = f"{part}/{key}/{name}"
        saved = save(request, application, application.version, {path: value})
        if path in saved.refused:
            return "", saved.refused[path]
        if not saved.conflicts and saved.version > application.version:
            return key, ""
        application = saved.application
    return "", _("Somebody else is adding at the same moment. Try again.")


def _many(part: str) -> str:
    if part not in ITEMS:
        raise Http404
    return part
