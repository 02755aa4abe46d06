"""Who reads the files of an announcement: everybody once it is made, before that the officials who prepare it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from portal.kernel.documents import allow_readers
from procurement import rules
from procurement.enums import CompetitionState
from procurement.models import Competition, CompetitionVersion

if TYPE_CHECKING:
    from portal.kernel.models import StoredDocument

KIND: Final = "competition-document"


def can_read_competition_document(document: StoredDocument, user: Any) -> bool:
    """Say whether the file belongs to an announcement that is public, or the person prepares that announcement.

    A draft contract that a later version has replaced stays readable: the version before still names it.
    """
    belongs = Q(documents__document=document) | Q(draft_contract=document)
    competitions = list(Competition.objects.filter(belongs).select_related("hromada").distinct())
    if any(one.state in CompetitionState.public for one in competitions):
        return True
    if CompetitionVersion.objects.filter(content__draft_contract__id=str(document.pk)).exists():
        return True
    if not user.is_authenticated:
        return False
    return document.uploaded_by_id == user.pk or any(rules.can_run_competition(user, one) for one in competitions)


def open_competition_documents() -> None:
    """Tell the kernel who reads files of announcements; called once, when the app is ready."""
    allow_readers(KIND, can_read_competition_document)
