"""A file of synonyms at the desk: brought, previewed without a trace, entered; and the whole table as a file."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.enums import Role
from portal.kernel.document_types import DocumentRefused
from portal.kernel.documents import allow_readers, store
from portal.kernel.models import StoredDocument
from registry.domain.desk import actor_for
from registry.interfaces.importing import ImportReport, ImportSource
from registry.viewsets.frame import Crumb, desk_page, requires
from search import rules
from search.interfaces.synonym_files import FORMATS, run
from search.interfaces.synonym_forms import SynonymFileForm
from search.models import Synonym

KIND: Final = "synonym-import"
SHOWN_FAULTS: Final = 200
SHOWN_CHANGES: Final = 100

allow_readers(KIND, lambda _document, user: bool(rules.can_edit_search(user)))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(rules.can_edit_search)
def bring_file(request: HttpRequest) -> HttpResponse:
    """Take the file in; the preview is the next page."""
    form = SynonymFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                document = store(
                    form.cleaned_data["file"], kind=KIND, subject="search.synonyms", by=request.user, at=timezone.now()
                )
        except DocumentRefused as refusal:
            form.add_error("file", str(refusal.reason))
        else:
            return redirect("desk_synonyms:preview", document.pk)
    return desk_page(
        request, "desk/synonym_file.html", title=_("Import synonyms"), icon="upload", crumbs=_crumbs(), form=form
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(rules.can_edit_search)
def preview_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what the file would change and what is wrong with it; a POST enters the faultless rows."""
    document = get_object_or_404(StoredDocument, pk=pk, kind=KIND)
    report = _run(document, request)
    if request.method == "POST":
        tell = messages.success if report.applied else messages.warning
        tell(request, report.summary()[-1])
        return redirect("desk_synonyms:index")
    return desk_page(
        request,
        "desk/synonym_preview.html",
        title=document.name,
        icon="upload",
        crumbs=_crumbs(),
        report=report,
        faults=report.faults[:SHOWN_FAULTS],
        changes=report.changes[:SHOWN_CHANGES],
    )


@require_safe
@requires(rules.can_view_search)
def export_file(request: HttpRequest, form: str) -> HttpResponse:
    """Hand the whole table out, in the columns that an import reads."""
    if form not in FORMATS:
        raise Http404
    content_type, written = FORMATS[form]
    content = written(Synonym.objects.order_by("phrase", "kind", "target")) if request.method == "GET" else b""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="synonyms-{timezone.localdate().isoformat()}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _run(document: StoredDocument, request: HttpRequest) -> ImportReport:
    actor = actor_for(request.user, Role.EDITOR)  # type: ignore[arg-type]
    with document.path.open("rb") as file:
        source = ImportSource(file, document.name)
        return run(source, actor=actor, now=timezone.now(), dry_run=request.method != "POST", partial=True)


def _crumbs() -> list[Crumb]:
    return [(_("Synonyms"), reverse("desk_synonyms:index"))]
