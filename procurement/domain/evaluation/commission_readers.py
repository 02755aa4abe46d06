"""Who reads the file of an appointing act: everybody once the commission is appointed, before that who prepares it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from portal.kernel.documents import allow_readers
from procurement import rules
from procurement.enums import CommissionState
from procurement.models import CompetitionCommission

if TYPE_CHECKING:
    from portal.kernel.models import StoredDocument

KIND: Final = "commission-act"


def can_read_act(document: StoredDocument, user: Any) -> bool:
    """Say whether the act belongs to a commission that is public, or the person prepares that commission."""
    rows = list(CompetitionCommission.objects.filter(act_document=document).select_related("hromada"))
    return any(row.state != CommissionState.DRAFT or rules.can_commission(user, row.hromada) for row in rows)


def open_commission_documents() -> None:
    """Tell the kernel who reads these files; called once, when the app is ready."""
    allow_readers(KIND, can_read_act)
