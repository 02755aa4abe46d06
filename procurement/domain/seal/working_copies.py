"""The working copy of a proposal: read and written only encrypted, by a key of its own that the close destroys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db.models import Sum

from portal.kernel import documents, vault
from procurement.domain.seal import draft_keys, sealed_files
from procurement.models import Proposal, SealedFile


@dataclass(slots=True)
class WorkingCopy:
    """What a draft says: path to value, path to the version that last set it, and its files by their identifier.

    A file is `{"name", "size", "type", "sha256", "key"}`: all that is needed to read it, and nowhere else. `receipts`
    are what the bidder needs to prove a submission, by its number: `{"salt", "digest"}`.
    """

    content: dict[str, Any] = field(default_factory=dict)
    stamps: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, dict[str, str]] = field(default_factory=dict)


def read_copy(proposal: Proposal) -> WorkingCopy:
    """Decrypt the working copy; raises `vault.VaultError` when its key is gone."""
    if proposal.draft is None:
        return WorkingCopy()
    plain = vault.decrypt(bytes(proposal.draft), draft_keys.key_of(proposal), _context(proposal))
    return WorkingCopy(**json.loads(plain))


def write_copy(proposal: Proposal, copy: WorkingCopy) -> None:
    """Encrypt the copy into `proposal.draft` (and make `draft_key` when there is none); the caller saves the row.

    A copy that is made anew without `receipts` keeps those that are there.
    """
    key = draft_keys.give_key(proposal) if proposal.draft is None else draft_keys.key_of(proposal)
    if not copy.receipts:
        copy.receipts = read_copy(proposal).receipts
    plain = json.dumps(asdict(copy), ensure_ascii=False, separators=(",", ":")).encode()
    proposal.draft = vault.encrypt(plain, key, _context(proposal))


def store_file(proposal: Proposal, file: File, *, by: Any, now: datetime) -> tuple[SealedFile, Mapping[str, Any]]:
    """Look into a file, encrypt it, keep it; return the row and what the working copy must remember of it.

    Raises `DocumentRefused` with the reason for its owner.
    """
    brought = SealedFile.objects.filter(uploaded_by=by, uploaded_at__gt=now - documents.A_DAY)
    documents.refuse_flood(by, now, elsewhere=brought.aggregate(size=Sum("size"))["size"] or 0)
    row = SealedFile(proposal=proposal, uploaded_by=by, uploaded_at=now)
    about = sealed_files.keep(row, file)
    row.save(force_insert=True)
    return row, about


def read_file(proposal: Proposal, file_id: UUID | str) -> tuple[Mapping[str, Any], bytes]:
    """Return what is known of a file of the copy and its bytes in the clear; raises `VaultError`, `KeyError`."""
    about = read_copy(proposal).files[str(file_id)]
    return about, sealed_files.read(proposal, file_id, about, sealed_files.key_of(about))


def destroy_copies(competition_id: int) -> int:
    """Destroy the keys of all working copies of a competition; return how many."""
    kept = Proposal.objects.filter(competition=competition_id, draft_key__isnull=False)
    # an empty copy without a key is one that was destroyed; none at all was never written
    return kept.update(draft=b"", draft_key=None)


def _context(proposal: Proposal) -> bytes:
    return f"draft\n{proposal.pk}".encode()
