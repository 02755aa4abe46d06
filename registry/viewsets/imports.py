"""Files of providers at the desk: brought, previewed without a trace in the register, then entered or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from portal.accounts.enums import Role
from portal.kernel.document_types import DocumentRefused
from portal.kernel.documents import allow_readers, store
from portal.kernel.models import StoredDocument
from registry import rules
from registry.domain.desk import actor_for
from registry.enums import ImportState
from registry.interfaces.desk_import_forms import ImportConfirmForm, ImportFileForm
from registry.interfaces.importing import ImportReport, ImportSource, run
from registry.models import ImportRun
from registry.viewsets.frame import DeskIndexMixin, desk_page, requires
from registry.viewsets.log import MomentColumn
from registry.viewsets.menu import guarded_menu_item

if TYPE_CHECKING:
    from portal.accounts.models import User

KIND: Final = "provider-import"
SHOWN_FAULTS: Final = 200
SHOWN_CHANGES: Final = 100


def runs_of(user: User) -> QuerySet[ImportRun]:
    """Return the imports an official may look at: one's own, or all for administrators and auditors."""
    runs = ImportRun.objects.select_related("by", "document")
    return runs if user.roles & {Role.ADMINISTRATOR, Role.AUDITOR} else runs.filter(by=user)


def may_read_import(document: StoredDocument, user: Any) -> bool:
    return bool(rules.can_view_imports(user)) and runs_of(user).filter(document=document).exists()


allow_readers(KIND, may_read_import)


class ImportIndexView(DeskIndexMixin, generic.IndexView):
    model = ImportRun
    page_title = gettext_lazy("Imports")
    header_icon = "upload"
    index_url_name = "desk_imports:index"
    index_results_url_name = "desk_imports:index_results"
    any_permission_required = ("view",)
    default_ordering = "-id"
    paginate_by = 30

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("file_name", label=_("File"), get_url=lambda row: reverse("desk_imports:run", args=[row.pk])),
            MomentColumn("at", label=_("When")),
            Column("by", label=_("Who")),
            Column("state", label=_("State"), accessor="get_state_display"),
            Column("created", label=capfirst(pgettext("import", "new"))),
            Column("changed", label=capfirst(pgettext("import", "changed"))),
            Column("faulty", label=capfirst(pgettext("import", "faulty"))),
        ]

    def get_base_queryset(self) -> QuerySet[ImportRun]:
        return runs_of(self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not rules.can_import_providers(self.request.user):
            return []
        return [HeaderButton(_("Import a file"), url=reverse("desk_imports:add"), icon_name="upload")]


@requires(rules.can_import_providers)
def add_import(request: HttpRequest) -> HttpResponse:
    """Take the file in and try it: nothing is entered yet."""
    form = ImportFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = _previewed(request, form)
        except DocumentRefused as refusal:
            form.add_error("file", str(refusal.reason))
        else:
            return redirect("desk_imports:run", found.pk)
    crumbs = [(_("Imports"), reverse("desk_imports:index"))]
    return desk_page(
        request, "desk/import_file.html", title=_("Import a file"), icon="upload", crumbs=crumbs, form=form
    )


def _previewed(request: HttpRequest, form: ImportFileForm) -> ImportRun:
    file, now = form.cleaned_data["file"], timezone.now()
    with transaction.atomic():
        document = store(file, kind=KIND, subject="registry.import", by=request.user, at=now)
        row = ImportRun.objects.create(
            document=document,
            file_name=document.name,
            sha256=document.sha256,
            by=request.user,
            at=now,
            state=ImportState.PREVIEWED,
        )
    report = _run(request, row, ground=form.cleaned_data["ground"], dry_run=True, partial=True)
    _keep(row, report, ImportState.PREVIEWED, ground=form.cleaned_data["ground"])
    return row


def _run(request: HttpRequest, row: ImportRun, *, ground: str, dry_run: bool, partial: bool) -> ImportReport:
    if row.document is None:
        raise Http404
    with row.document.path.open("rb") as file:
        return run(
            ImportSource(file, row.file_name),
            actor=actor_for(request.user, Role.REGISTRAR),  # type: ignore[arg-type]
            ground=ground,
            now=timezone.now(),
            dry_run=dry_run,
            partial=partial,
        )


def _keep(row: ImportRun, report: ImportReport, state: ImportState, *, ground: str) -> None:
    row.state = state
    row.rows, row.created, row.changed = report.rows, report.created, report.changed
    row.unchanged, row.faulty = report.unchanged, report.faulty
    row.report = {**report.as_json(), "ground": ground, "summary": [str(line) for line in report.summary()]}
    row.save()


def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the file would do, or did; the person who brought it may enter it once."""
    if not rules.can_view_imports(request.user):
        raise PermissionDenied
    row = runs_of(request.user).filter(pk=pk).first()  # type: ignore[arg-type]
    if row is None:
        raise Http404
    can_confirm = (
        row.state == ImportState.PREVIEWED and row.by_id == request.user.pk and rules.can_import_providers(request.user)
    )
    report = row.report or {}
    form = ImportConfirmForm(request.POST or None, initial={"ground": report.get("ground", "")})
    if request.method == "POST":
        if not can_confirm:
            raise PermissionDenied
        if form.is_valid():
            _enter(request, row, form)
            return redirect("desk_imports:run", row.pk)
    return desk_page(
        request,
        "desk/import_run.html",
        title=row.file_name,
        icon="upload",
        crumbs=[(_("Imports"), reverse("desk_imports:index"))],
        run=row,
        report=report,
        faults=report.get("faults", [])[:SHOWN_FAULTS],
        changes=report.get("changes", [])[:SHOWN_CHANGES],
        can_confirm=can_confirm and (row.created or row.changed),
        form=form,
    )


def _enter(request: HttpRequest, row: ImportRun, form: ImportConfirmForm) -> None:
    values = form.cleaned_data
    report = _run(request, row, ground=values["ground"], dry_run=False, partial=values["mode"] == "partial")
    _keep(row, report, ImportState.APPLIED if report.applied else ImportState.REFUSED, ground=values["ground"])
    tell = messages.success if report.applied else messages.warning
    tell(request, str(report.summary()[-1]))


class ImportViewSet(ViewSet):
    name = "desk_imports"
    url_prefix = "imports"
    icon = "upload"
    menu_label = gettext_lazy("Imports")
    menu_name = "imports"
    menu_order = 120
    add_to_admin_menu = True
    menu_item_class = guarded_menu_item(rules.can_view_imports)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", ImportIndexView.as_view(), name="index"),
            path("results/", ImportIndexView.as_view(results_only=True), name="index_results"),
            path("new/", add_import, name="add"),
            path("<int:pk>/", import_page, name="run"),
        ]

    @cached_property
    def menu_url(self) -> str:
        return reverse("desk_imports:index")
