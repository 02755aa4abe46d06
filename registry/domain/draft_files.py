"""A draft as a file that a person keeps and brings back, and files as evidence in a draft."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.documents import refuse_flood, store
from portal.kernel.frames import Frame
from portal.kernel.models import StoredDocument
from portal.kernel.workflow import StepRefused
from registry.domain.contents import Content
from registry.domain.draft_fields import pattern_of
from registry.domain.draft_saving import LARGEST, Saved, lock_draft, save_draft
from registry.enums import ApplicationKind
from registry.models import Application
from registry.queries.documents import EVIDENCE_KIND, SUBJECT

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User

FORMAT: Final = "poruch-draft"
FORMAT_VERSION: Final = 1
# the content with its frame, indented
LARGEST_FILE: Final = 4 * LARGEST
_FRAME: Final = Frame(
    FORMAT,
    FORMAT_VERSION,
    owner="application",
    most=LARGEST_FILE,
    too_large=_("The file is too large to be a draft of an application."),
    not_one=_("This is not a file of a draft."),
)


def export_draft(application: Application) -> bytes:
    """Return the draft as a JSON file that `import_draft` reads back; files themselves are named, not included."""
    content = application.content
    keys = [value for path, value in content.items() if pattern_of(path) == "criteria/*/*/document"]
    files = StoredDocument.objects.filter(pk__in=keys).order_by("name", "pk")
    frame = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "application": str(application.pk),
        "kind": application.kind,
        "organisation": application.organisation.name,
        "version": application.version,
        "saved_at": application.saved_at.isoformat(),
        "content": dict(sorted(content.items())),
        "files": [{"id": str(one.pk), "name": one.name, "sha256": one.sha256} for one in files],
        "digest": audit.digest_of(content),
    }
    return json.dumps(frame, ensure_ascii=False, indent=2).encode()


@transaction.atomic
def import_draft(*, application_id: UUID, user: User, base_version: int, data: bytes, now: datetime) -> Saved:
    """Read an exported draft back, as one save; raises `StepRefused` for what is not such a file.

    What was set in the draft after the export and says otherwise in the file comes back as a conflict. A file of an
    earlier application of the same kind and organisation fills a new draft; an amendment takes only its own file,
    because it is about one state of the register.
    """
    application = lock_draft(application_id=application_id, user=user)
    frame = _FRAME.read(data)
    # which stored part a part is about, the draft knows by itself
    content: Content = {path: value for path, value in frame["content"].items() if not path.endswith("/row")}
    if frame["application"] != str(application.pk):
        _require_sibling(application, frame)
        base = base_version
    else:
        base = min(base_version, frame["version"])
        gone = (path for path in application.content if path not in content and not path.endswith("/row"))
        content |= dict.fromkeys(gone)
    return save_draft(application_id=application_id, user=user, base_version=base, patch=content, now=now)


def _require_sibling(application: Application, frame: dict[str, Any]) -> None:
    kept = application.kind != ApplicationKind.AMENDMENT and frame.get("kind") == application.kind
    try:
        key = UUID(frame["application"])
    except ValueError:
        kept = False
    if (
        not kept
        or not Application.objects.filter(
            pk=key, kind=application.kind, organisation=application.organisation_id
        ).exists()
    ):
        raise StepRefused(_("This is a file of another application."))


@transaction.atomic
def attach_document(
    *, application_id: UUID, user: User, path: str, file: File, base_version: int, now: datetime
) -> tuple[StoredDocument, Saved]:
    """Store a file as evidence under `criteria/<service>/<criterion>/document`; raises `DocumentRefused`.

    Raises `StepRefused` for a path of another kind, for a service or criterion that is not there, and where nothing
    may be written any more; `PermissionDenied` without the right.
    """
    application = lock_draft(application_id=application_id, user=user)
    if pattern_of(path) != "criteria/*/*/document":
        raise StepRefused(_("A file belongs to a criterion of a service."))
    refuse_flood(user, now)
    document = store(file, kind=EVIDENCE_KIND, subject=f"{SUBJECT}{application.pk}", by=user, at=now)
    saved = save_draft(
        application_id=application_id, user=user, base_version=base_version, patch={path: str(document.pk)}, now=now
    )
    if path in saved.refused:
        raise StepRefused(saved.refused[path])
    return document, saved
