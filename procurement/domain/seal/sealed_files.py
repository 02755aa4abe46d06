"""Files of proposals on the disk: each encrypted with a key of its own before it gets there, and kept by its digest.

The file in the clear exists only in memory: it is looked into through a file that has no place in any folder.
"""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from portal.kernel import vault
from portal.kernel.document_types import DocumentRefused, check_content
from portal.kernel.documents import clean_name, take_in
from procurement.models import Proposal, SealedFile


def keep(row: SealedFile, file: File) -> dict[str, Any]:
    """Encrypt the file to where the row says from now on, and return what its reader must know of it.

    Raises `DocumentRefused`. A file whose row is rolled back stays on the disk, where nobody has its key.
    """
    name = clean_name(file.name or "")
    plain = io.BytesIO()
    digest, size = take_in(file, plain)
    with _unwritten(plain.getvalue()) as path:
        kind = check_content(path, Path(name).suffix[1:].lower())
    key = vault.new_key()
    data = vault.encrypt(plain.getvalue(), key, _context(row.pk))
    row.sha256, row.size = sha256(data).hexdigest(), len(data)
    _write(path_of(row), data)
    return {"name": name, "size": size, "type": kind, "sha256": digest, "key": base64.b64encode(key).decode()}


def read(proposal: Proposal, file_id: UUID | str, about: Mapping[str, Any], key: bytes) -> bytes:
    """Return a file in the clear; raises `vault.SealBroken` for one that is not what `about` says, or is gone."""
    row = SealedFile.objects.filter(proposal=proposal, pk=file_id).first()
    try:
        data = path_of(row).read_bytes() if row else b""
    except FileNotFoundError:
        data = b""
    plain = vault.decrypt(data, key, _context(file_id))
    if sha256(plain).hexdigest() != about["sha256"]:
        raise vault.SealBroken("the file is not the one of which the proposal has the digest")
    return plain


def key_of(about: Mapping[str, Any]) -> bytes:
    return base64.b64decode(about["key"])


def path_of(row: SealedFile) -> Path:
    return Path(settings.PRIVATE_ROOT) / "sealed" / row.sha256[:2] / row.sha256


@contextmanager
def _unwritten(content: bytes) -> Iterator[Path]:
    """Give the content as a file that lives in memory alone and ends with the block."""
    try:
        handle = os.memfd_create("looked-into")
    except OSError as error:
        raise DocumentRefused("busy", _("The file cannot be looked into now. Try again in a minute.")) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        yield Path(f"/proc/self/fd/{handle}")


def _write(path: Path, data: bytes) -> None:
    """Write the bytes so that after a crash they are there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _context(file_id: UUID | str) -> bytes:
    return f"file\n{file_id}".encode()
