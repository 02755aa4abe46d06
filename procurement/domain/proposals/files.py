"""Documents of a proposal, and the proposal as a file that a bidder keeps and brings back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.frames import Frame
from portal.kernel.workflow import StepRefused
from procurement.domain.proposals.saving import (
    LARGEST,
    Saved,
    announcement_of,
    form_and_facts,
    lock_proposal,
    save_locked,
)
from procurement.domain.seal.working_copies import WorkingCopy, read_copy, store_file, write_copy
from procurement.models import Proposal

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User

FORMAT: Final = "poruch-proposal"
FORMAT_VERSION: Final = 1
# the content with its frame, indented
LARGEST_FILE: Final = 4 * LARGEST
_FRAME: Final = Frame(
    FORMAT,
    FORMAT_VERSION,
    owner="proposal",
    most=LARGEST_FILE,
    too_large=_("The file is too large for a proposal."),
    not_one=_("This is not a file of a proposal."),
)


@transaction.atomic
def attach_document(
    *, proposal_id: UUID, user: User, path: str, file: File, base_version: int, now: datetime
) -> tuple[str, Saved]:
    """Take a file in under a document of the form; return its identifier. Raises `DocumentRefused`, `StepRefused`.

    The file is encrypted before it reaches the disk.
    """
    proposal = lock_proposal(proposal_id=proposal_id, user=user, now=now)
    found = form_and_facts(announcement_of(proposal))[0].find(path)
    if found is None or found[0].kind != "document":
        raise StepRefused(_("There is no such document in this proposal."))
    row, about = store_file(proposal, file, by=user, now=now)
    copy = read_copy(proposal)
    copy.files[str(row.pk)] = dict(about)
    saved = save_locked(proposal, copy, user, base_version, {path: str(row.pk)}, now)
    if saved.conflicts:
        # until it is chosen which stays, both are known
        write_copy(proposal, copy)
        proposal.save(update_fields=["draft"])
    return str(row.pk), saved


def detach_document(*, proposal_id: UUID, user: User, path: str, base_version: int, now: datetime) -> Saved:
    """Take a document out; its bytes stay encrypted, since a submission made before may hold them."""
    with transaction.atomic():
        proposal = lock_proposal(proposal_id=proposal_id, user=user, now=now)
        return save_locked(proposal, read_copy(proposal), user, base_version, {path: None}, now)


def export_proposal(proposal: Proposal, copy: WorkingCopy) -> bytes:
    """Return the draft as a plain JSON file, the bidder's own copy; documents are named in it, not included."""
    used = {value for value in copy.content.values() if isinstance(value, str)}
    frame = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "proposal": str(proposal.pk),
        "competition": proposal.competition.number,
        "version": proposal.draft_version,
        "saved_at": proposal.saved_at.isoformat(),
        "content": dict(sorted(copy.content.items())),
        "files": [
            {"id": key, "name": about["name"], "sha256": about["sha256"]}
            for key, about in sorted(copy.files.items())
            if key in used
        ],
        "digest": audit.digest_of(copy.content),
    }
    return json.dumps(frame, ensure_ascii=False, indent=2).encode()


@transaction.atomic
def import_proposal(*, proposal_id: UUID, user: User, base_version: int, data: bytes, now: datetime) -> Saved:
    """Read an exported draft back, as one save; raises `StepRefused` for what is not such a file.

    What was set after the export and says otherwise in the file comes back as a conflict. A file of another proposal
    fills what the two forms share, documents excepted: those belong to their proposal.
    """
    proposal = lock_proposal(proposal_id=proposal_id, user=user, now=now)
    copy, frame = read_copy(proposal), _FRAME.read(data)
    content: dict[str, Any] = dict(frame["content"])
    form = form_and_facts(announcement_of(proposal))[0]
    if frame["proposal"] != str(proposal.pk):
        found = {path: form.find(path) for path in content}
        content = {path: content[path] for path, told in found.items() if told and told[0].kind != "document"}
        return save_locked(proposal, copy, user, base_version, content, now)
    base = min(base_version, frame["version"])
    content |= dict.fromkeys(path for path in copy.content if path not in frame["content"])
    return save_locked(proposal, copy, user, base, content, now)
