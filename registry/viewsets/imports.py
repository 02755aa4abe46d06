"""Files of providers at the desk: brought and previewed by a registrar, entered or refused by another person."""

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
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain import imports
from registry.domain.desk import actor_for
from registry.enums import ImportState
from registry.interfaces.desk_import_forms import ImportFileForm, ImportProposalForm, ImportRefusalForm
from registry.interfaces.importing import enter_run, try_run
from registry.models import ImportRun
from registry.viewsets.frame import DeskIndexMixin, desk_page, requires
from registry.viewsets.log import MomentColumn
from registry.viewsets.menu import guarded_menu_item

if TYPE_CHECKING:
    from portal.accounts.models import User

KIND: Final = "provider-import"
SHOWN_FAULTS: Final = 200
SHOWN_CHANGES: Final = 100


def may_read_import(document: StoredDocument, user: Any) -> bool:
    return bool(rules.can_view_imports(user)) and imports.runs_of(user).filter(document=document).exists()


allow_readers(KIND, may_read_import)


class ImportIndexView(DeskIndexMixin, generic.IndexView):
    model = ImportRun
    page_title = gettext_lazy("Imports")
    header_icon = "upload"
    index_url_name = "desk_imports:index"
    index_results_url_name = "desk_imports:index_results"
    any_permission_required = ("view",)
    no_results_message = gettext_lazy("No file has been imported yet.")
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
        return imports.runs_of(self.request.user)

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
            ground=form.cleaned_data["ground"],
        )
    actor = actor_for(request.user, Role.REGISTRAR)  # type: ignore[arg-type]
    imports.keep_preview(row, try_run(row, actor=actor, ground=row.ground, now=now))
    return row


def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the file would do, or did; who brought it proposes, another person decides."""
    row = _visible_run(request, pk)
    step = request.POST.get("step", "")
    form = ImportProposalForm(request.POST if step == "propose" else None, initial={"ground": row.ground}, run=row)
    refusal = ImportRefusalForm(request.POST if step == "refuse" else None)
    fault = _taken(request, row, form, refusal) if request.method == "POST" else None
    if request.method == "POST" and fault is None:
        return redirect("desk_imports:run", row.pk)
    report = row.report or {}
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
        fault=fault,
        form=form,
        refusal=refusal,
        **_permitted(request.user, row),  # type: ignore[arg-type]
    )


def _visible_run(request: HttpRequest, pk: int) -> ImportRun:
    """Return the run this official may read; to others it does not exist."""
    if not rules.can_view_imports(request.user):
        raise PermissionDenied
    row = imports.runs_of(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _permitted(user: User, row: ImportRun) -> dict[str, bool]:
    own, proposed = row.by_id == user.pk, row.state == ImportState.PROPOSED
    waits = row.state == ImportState.PREVIEWED and bool(row.created or row.changed)
    return {
        "can_propose": waits and own and bool(rules.can_import_providers(user)),
        "can_withdraw": own and proposed,
        "can_decide": proposed and imports.may_decide(user, row),
    }


def _taken(request: HttpRequest, row: ImportRun, form: ImportProposalForm, refusal: ImportRefusalForm) -> str | None:
    """Take the step that was pressed; return why it was not taken, or None when it was."""
    told: dict[str, Any] = {"run_id": row.pk, "user": request.user, "now": timezone.now()}
    try:
        match request.POST.get("step"):
            case "propose" if form.is_valid():
                imports.propose_import(**told, partial=form.is_partial(), ground=form.cleaned_data["ground"])
                messages.success(request, _("The import is proposed. Another person decides."))
            case "withdraw":
                imports.withdraw_import(**told)
                messages.success(request, _("The proposal is withdrawn."))
            case "decide":
                decided = imports.decide_import(**told, enter=enter_run)
                messages.success(request, str(decided.report["summary"][-1]))
            case "refuse" if refusal.is_valid():
                imports.refuse_import(**told, reason=refusal.cleaned_data["reason"])
                messages.success(request, _("The proposal is refused."))
            case _:
                return ""
    except StepRefused as refused:
        return str(refused.reason)
    return None


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
