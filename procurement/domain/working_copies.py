"""The working copy of a proposal: read and written only encrypted, by a key of its own that the close destroys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.base import File

from procurement.models import Proposal, SealedFile


@dataclass(slots=True)
class WorkingCopy:
    """What a draft says: path to value, path to the version that last set it, and its files by their identifier.

    A file is `{"name", "size", "type", "sha256", "key"}`: all that is needed to read it, and nowhere else.
    """

    content: dict[str, Any] = field(default_factory=dict)
    stamps: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_copy(proposal: Proposal) -> WorkingCopy:
    """Decrypt the working copy; raises `vault.VaultError` when its key is gone."""
    raise NotImplementedError


def write_copy(proposal: Proposal, copy: WorkingCopy) -> None:
    """Encrypt the copy into `proposal.draft` (and make `draft_key` when there is none); the caller saves the row."""
    raise NotImplementedError


def store_file(proposal: Proposal, file: File, *, by: Any, now: Any) -> tuple[SealedFile, Mapping[str, Any]]:
    """Look into a file, encrypt it, keep it; return the row and what the working copy must remember of it.

    Raises `DocumentRefused` with the reason for its owner.
    """
    raise NotImplementedError


def read_file(proposal: Proposal, file_id: UUID | str) -> tuple[Mapping[str, Any], bytes]:
    """Return what is known of a file of the copy and its bytes in the clear; raises `VaultError`, `KeyError`."""
    raise NotImplementedError


def destroy_copies(competition_id: int) -> int:
    """Destroy the keys of all working copies of a competition; return how many."""
    raise NotImplementedError
