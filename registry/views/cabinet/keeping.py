"""Answers that come in: saved field by field, faults told beside their fields, two editors shown each other's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from registry.domain.drafts import Conflict, Problem, Saved, attach_document, save_draft
from registry.interfaces.application_conflicts import disagreements
from registry.interfaces.application_pages import reasons
from registry.interfaces.application_path_form import PathForm, as_json
from registry.interfaces.application_reading import Base, read_base, read_number
from registry.interfaces.disagreements import Disagreement
from registry.models import Application
from registry.views.cabinet.access import page, signed_in


@dataclass(slots=True)
class Sheet:
    """The forms of one page, and what each field began with: the version of the draft, and the value."""

    application: Application
    forms: Sequence[PathForm]
    base: Base = field(default_factory=dict)
    version: int = 0
    refusal: str = ""
    # faults of files, which no form holds: anchor, what it is about, reason
    files: list[tuple[str, str, str]] = field(default_factory=list)
    # sentences that name their field themselves
    sentences: frozenset[str] = frozenset()

    @property
    def base_json(self) -> str:
        return as_json(self.base)

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Everything wrong on the page, for the summary above it: anchor, name of the field, reason."""
        return [
            (f"f-{form.path(name)}", self._label(form, name, errors), " ".join(errors))
            for form in self.forms
            for name, errors in form.errors.items()
            if name in form.fields
        ] + self.files

    def _label(self, form: PathForm, name: str, errors: Sequence[Any]) -> str:
        return "" if self.sentences.issuperset(map(str, errors)) else str(form.fields[name].label)

    def began(self, version: int, values: dict[str, Any]) -> None:
        self.base |= {path: (version, value) for path, value in values.items()}


def open_sheet(
    application: Application,
    forms: Sequence[PathForm],
    problems: Sequence[Problem],
    *,
    missing: bool = False,
    extra: Sequence[str] = (),
) -> Sheet:
    """Return the page as it opens: what is wrong stands beside its field, what is `missing` only if asked for.

    Nobody is greeted with reproaches on a page never seen before. `extra` are paths that no form holds: those of files.
    """
    sheet = Sheet(application, forms, version=application.version)
    sheet.began(application.version, {path: application.content.get(path) for path in extra})
    sheet.sentences = frozenset(problem.text for problem in problems if problem.missing)
    for form in forms:
        sheet.began(application.version, form.began_with())
    told = reasons(problem for problem in problems if missing or not problem.missing)
    for form in forms:
        form.tell(told)
    return sheet


def keep(request: HttpRequest, application: Application, forms: Sequence[PathForm]) -> tuple[Sheet, list[Conflict]]:
    """Save what is well formed; return the page with its faults, and what somebody else has set meanwhile."""
    sheet = Sheet(application, forms, read_base(request.POST.get("base", "")), read_number(request.POST.get("version")))
    for form in forms:
        form.is_valid()
    began = {path: value for path, (_version, value) in sheet.base.items()}
    patch = {path: value for form in forms for path, value in form.patch(began).items()}
    conflicts: list[Conflict] = []
    try:
        for version, part in by_version(sheet, patch):
            conflicts += take(sheet, save(request, application, version, part), part)
    except StepRefused as error:
        sheet.refusal = str(error.reason)
    return sheet, conflicts


def by_version(sheet: Sheet, patch: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return the values apart by the version that their fields were read at, the oldest first."""
    apart: dict[int, dict[str, Any]] = {}
    for path, value in patch.items():
        version, _value = sheet.base.get(path, (sheet.version, None))
        apart.setdefault(version, {})[path] = value
    return sorted(apart.items())


def save(request: HttpRequest, application: Application, version: int, patch: dict[str, Any]) -> Saved:
    return save_draft(
        application_id=application.pk, user=signed_in(request), base_version=version, patch=patch, now=timezone.now()
    )


def take(sheet: Sheet, saved: Saved, patch: dict[str, Any]) -> list[Conflict]:
    """Note on the page what a save did: what it refused stands beside its field, what it took is the new beginning."""
    for form in sheet.forms:
        form.tell(saved.refused)
    left = {conflict.path for conflict in saved.conflicts} | set(saved.refused)
    sheet.began(saved.version, {path: value for path, value in patch.items() if path not in left})
    sheet.application = saved.application
    return saved.conflicts


def attach(request: HttpRequest, sheet: Sheet, path: str, file: Any) -> list[Conflict]:
    """Take a file in as evidence under the path; raises `DocumentRefused`."""
    _document, saved = attach_document(
        application_id=sheet.application.pk,
        user=signed_in(request),
        path=path,
        file=file,
        base_version=sheet.base.get(path, (sheet.version, None))[0],
        now=timezone.now(),
    )
    return take(sheet, saved, {})


def answer(
    request: HttpRequest, sheet: Sheet, conflicts: list[Conflict], *, template: str, onward: str, **context: Any
) -> HttpResponse:
    """Go on when all is well; otherwise show the faults with everything typed, or the two versions of a field."""
    if conflicts and not sheet.faults and not sheet.refusal:
        return ask_which(request, sheet.application, conflicts, onward=onward)
    if conflicts:
        tell_theirs(sheet, disagreements(sheet.application, conflicts))
    if sheet.faults or sheet.refusal or conflicts:
        return page(request, template, sheet.application, status=422, sheet=sheet, **context)
    messages.success(request, _("Saved."))
    return redirect(onward)


def tell_theirs(sheet: Sheet, contested: Sequence[Disagreement]) -> None:
    """Show beside the field what somebody else wrote there; saving again is then a knowing choice."""
    for form in sheet.forms:
        form.tell({one.path: one.sentence for one in contested})
    sheet.began(sheet.application.version, {one.path: one.theirs_raw for one in contested})


def ask_which(
    request: HttpRequest, application: Application, conflicts: Sequence[Conflict], *, onward: str
) -> HttpResponse:
    """Show both versions of every contested field and ask which stays."""
    return page(
        request,
        "cabinet/application/conflicts.html",
        application,
        status=409,
        contested=disagreements(application, conflicts),
        onward=onward,
    )


def safe_onward(request: HttpRequest, fallback: str) -> str:
    """Return where the page asked to go next, if that is a page of this portal."""
    wanted = request.POST.get("next", "")
    allowed = {request.get_host()}
    # what is no path would be looked up among the names of pages
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed, require_https=request.is_secure()):
        return wanted
    return fallback
