"""Who reads the files of decisions and needs: everybody once the thing is public, before that who prepares it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from portal.kernel.documents import allow_readers
from procurement import rules
from procurement.enums import AssessmentState, DecisionState
from procurement.models import NeedsAssessment, OrderDecision

if TYPE_CHECKING:
    from portal.kernel.models import StoredDocument

DECISION_KIND: Final = "order-decision"
NEEDS_KIND: Final = "needs-assessment"


def can_read_decision_file(document: StoredDocument, user: Any) -> bool:
    rows = list(OrderDecision.objects.filter(document=document).select_related("hromada"))
    return any(row.state == DecisionState.TAKEN or rules.can_commission(user, row.hromada) for row in rows)


def can_read_needs_file(document: StoredDocument, user: Any) -> bool:
    rows = list(NeedsAssessment.objects.filter(document=document).select_related("hromada"))
    return any(row.state == AssessmentState.PUBLISHED or rules.can_commission(user, row.hromada) for row in rows)


def open_order_documents() -> None:
    """Tell the kernel who reads these files; called once, when the app is ready."""
    allow_readers(DECISION_KIND, can_read_decision_file)
    allow_readers(NEEDS_KIND, can_read_needs_file)
