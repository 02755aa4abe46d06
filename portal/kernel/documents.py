"""Files with restricted readers: taken after a look into their content, kept by digest, handed out by a predicate."""

import os
import re
import tempfile
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from portal.kernel.document_types import DocumentRefused, check_content
from portal.kernel.models.documents import StoredDocument
from portal.kernel.uploads import PATH_MARK
from portal.kernel.visibility import Audience

Predicate = Callable[[StoredDocument, Any], bool]

NAME_LENGTH = 150
A_DAY = timedelta(days=1)
# controls and the marks that turn the direction of writing, by which «exe.pdf» may be read for «fdp.exe»
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_readers: dict[str, Predicate] = {}


def store(
    file: File, *, kind: str, subject: str, by: Any, at: datetime, audience: Audience = Audience.OFFICIAL
) -> StoredDocument:
    """Take a file in, or raise `DocumentRefused` with the reason for its owner.

    The row belongs to the caller's transaction. A file whose row is rolled back stays on disk, where nothing leads.
    """
    name = clean_name(file.name or "")
    draft, digest, size = _receive(file)
    try:
        content_type = check_content(draft, Path(name).suffix[1:].lower())
        document = StoredDocument(
            sha256=digest,
            size=size,
            content_type=content_type,
            name=name,
            kind=kind,
            subject=subject,
            audience=audience,
            uploaded_by=by,
            uploaded_at=at,
        )
        document.path.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(document.path)
    finally:
        draft.unlink(missing_ok=True)
    document.save(force_insert=True)
    return document


def refuse_flood(by: Any, at: datetime, *, elsewhere: int = 0) -> None:
    """Raise `DocumentRefused` for an account that has brought more within a day than anybody needs to.

    `elsewhere` are the bytes of that day that are kept by others.
    """
    given = StoredDocument.objects.filter(uploaded_by=by, uploaded_at__gt=at - A_DAY)
    if (given.aggregate(size=Sum("size"))["size"] or 0) + elsewhere >= settings.DOCUMENT_BYTES_A_DAY:
        raise DocumentRefused("flood", _("You have sent very many files today. Go on tomorrow."))


def clean_name(name: str) -> str:
    """Return a file name fit to be shown and saved; one with path parts is refused, not mended."""
    if "/" in name or "\\" in name or PATH_MARK in name or name.strip() in {"", ".", ".."}:
        raise DocumentRefused("name", _("The name of the file holds a path. Rename the file and try again."))
    clean = " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", name)).split())
    stem, dot, extension = clean.rpartition(".")
    if not dot or not stem:
        raise DocumentRefused("type", _("Files of this type are not accepted."))
    return f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}"


def allow_readers(kind: str, predicate: Predicate) -> None:
    """Let the predicate decide who reads documents of the kind; a kind without one is read by nobody."""
    _readers[kind] = predicate


def may_read(document: StoredDocument, user: Any) -> bool:
    predicate = _readers.get(document.kind)
    return predicate is not None and predicate(document, user)


def take_in(file: File, into: BinaryIO) -> tuple[str, int]:
    """Copy the stream and return its digest and size; raises `DocumentRefused` as soon as it is too long, or empty."""
    digest, size = sha256(), 0
    for chunk in file.chunks():
        size += len(chunk)
        if size > settings.DOCUMENT_MAX_BYTES:
            break
        digest.update(chunk)
        into.write(chunk)
    if not 0 < size <= settings.DOCUMENT_MAX_BYTES:
        raise _wrong_size(size)
    return digest.hexdigest(), size


def _receive(file: File) -> tuple[Path, str, int]:
    """Write the stream aside and return the draft with its digest and size."""
    root = Path(settings.PRIVATE_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(dir=root, prefix="draft-")
    try:
        with os.fdopen(handle, "wb") as draft:
            digest, size = take_in(file, draft)
    except DocumentRefused:
        Path(path).unlink()
        raise
    return Path(path), digest, size


def _wrong_size(size: int) -> DocumentRefused:
    if not size:
        return DocumentRefused("empty", _("The file is empty."))
    megabytes = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
    return DocumentRefused("oversized", _("The file is larger than %(limit)d MB.") % {"limit": megabytes})
