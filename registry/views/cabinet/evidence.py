"""Files that come with the answers on criteria: taken in or refused with a reason, taken out, shown on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from portal.kernel.document_types import TYPES, DocumentRefused
from portal.kernel.models import StoredDocument
from portal.kernel.workflow import StepRefused
from registry.domain.drafts import Conflict
from registry.interfaces.application_path_form import PathForm
from registry.models import Application, Criterion
from registry.queries.documents import stored_documents
from registry.views.cabinet.keeping import Sheet, attach, save, take

# what the dialog for choosing a file offers
ACCEPTED: Final = ",".join(f".{name}" for name in TYPES)


@dataclass(slots=True)
class Check:
    """One criterion on the page: its form, the file it has, and what is wrong with the file."""

    criterion: Criterion
    form: PathForm
    document: StoredDocument | None = None
    reason: str = ""

    @property
    def path(self) -> str:
        return self.form.path("document")


def checks_of(
    application: Application, answered: Sequence[tuple[Criterion, PathForm]], reasons: Mapping[str, str]
) -> list[Check]:
    """Return the criteria with their files, in one query for all of them."""
    checks = [Check(criterion, form, reason=reasons.get(form.path("document"), "")) for criterion, form in answered]
    keys = {check.path: application.content.get(check.path) for check in checks}
    found = stored_documents(key for key in keys.values() if key)
    for check in checks:
        check.document = found.get(str(keys[check.path]))
    return checks


def take_files(
    request: HttpRequest, sheet: Sheet, answered: Sequence[tuple[Criterion, PathForm]], conflicts: list[Conflict]
) -> dict[str, str]:
    """Store the files that came and take out the one to be dropped; return the reasons of those not taken."""
    names = {form.path("document"): criterion.text.rstrip(".") for criterion, form in answered}
    refused: dict[str, str] = {}
    dropped = request.POST.get("drop", "")
    for path in [path for path in names if path in request.FILES or path == dropped]:
        try:
            if path in request.FILES:
                conflicts += attach(request, sheet, path, request.FILES[path])
            else:
                version = sheet.base.get(path, (sheet.version, None))[0]
                conflicts += take(sheet, save(request, sheet.application, version, {path: None}), {path: None})
        except DocumentRefused as error:
            refused[path] = str(error.reason)
        except StepRefused as error:
            sheet.refusal = str(error.reason)
    sheet.files = [(f"f-{path}", names[path], reason) for path, reason in refused.items()]
    return refused
