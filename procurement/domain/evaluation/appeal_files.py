"""Files of appeals: kept with restricted readers, the complainant's people and the officials who may read the case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from portal.kernel.documents import allow_readers, refuse_flood, store
from procurement import rules
from procurement.models import Appeal, Competition

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User
    from portal.kernel.models import StoredDocument

KIND: Final = "appeal"


def keep_file(file: File[bytes], competition: Competition, user: User, now: datetime) -> StoredDocument:
    """Take in the file of an appeal in the caller's transaction; raises `DocumentRefused`."""
    refuse_flood(user, now)
    return store(file, kind=KIND, subject=f"procurement.competition:{competition.pk}", by=user, at=now)


def can_read_appeal_file(document: StoredDocument, user: Any) -> bool:
    rows = Appeal.objects.filter(document=document).select_related("organisation", "competition__hromada")
    return any(rules.can_read_appeal(user, appeal) for appeal in rows)


def open_appeal_documents() -> None:
    """Tell the kernel who reads these files; called once, when the app is ready."""
    allow_readers(KIND, can_read_appeal_file)
