"""Who reads the files given with applications: the provider's own people, and the officials who examine them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from portal.accounts.rules import EVIDENCE as CLAIM_EVIDENCE_KIND
from portal.accounts.rules import can_decide_claims
from portal.kernel.documents import allow_readers
from registry import rules
from registry.models import Application
from registry.queries.applications import claims_for
from registry.queries.documents import EVIDENCE_KIND, SUBJECT

if TYPE_CHECKING:
    from portal.kernel.models import StoredDocument


def can_read_evidence(document: StoredDocument, user: Any) -> bool:
    """Say whether the person writes for the provider, or reads the submitted application; no official reads a draft."""
    if isinstance(user, AnonymousUser):
        return False
    try:
        key = UUID(document.subject.removeprefix(SUBJECT))
    except ValueError:
        return False
    application = Application.objects.select_related("organisation").filter(pk=key).first()
    if application is None:
        return False
    submitted = application.submitted_at is not None
    return rules.can_draft_application(user, application) or (
        submitted and rules.can_view_application(user, application)
    )


def can_read_claim_evidence(document: StoredDocument, user: Any) -> bool:
    """Say whether the person gave this proof of authority, or decides on the claim that it stands under."""
    if isinstance(user, AnonymousUser):
        return False
    return document.uploaded_by_id == user.pk or (
        can_decide_claims(user) and claims_for(user).filter(evidence=document).exists()
    )


def open_evidence() -> None:
    """Tell the kernel who reads evidence; called once, when the app is ready."""
    allow_readers(EVIDENCE_KIND, can_read_evidence)
    allow_readers(CLAIM_EVIDENCE_KIND, can_read_claim_evidence)
