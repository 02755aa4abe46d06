"""The provider's word on a finding: a reply with evidence, never changed, another may follow."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.documents import allow_readers, refuse_flood, store
from portal.kernel.workflow import StepRefused
from procurement import contract_rules
from procurement.contract_enums import FindingState, VisitState
from procurement.contract_workflow import FINDING
from procurement.domain.contracts.steps import contractor_actor, lock_contract, move, record
from procurement.domain.wording import required_text
from procurement.models import Finding, FindingReply

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User
    from portal.kernel.models import StoredDocument

KIND: Final = "finding-evidence"
LONGEST: Final = 8000


@transaction.atomic
def reply(
    *, finding_id: int, user: User, text: str, file: File[bytes] | None, key: UUID, now: datetime
) -> FindingReply:
    """Reply in the provider's name, with evidence that only the two sides read; the same key replies once.

    Raises `PermissionDenied`, `StepRefused`, `DocumentRefused`.
    """
    finding = lock_finding(finding_id)
    contract = finding.contract
    actor = contractor_actor(contract, user)
    known = FindingReply.objects.filter(key=key).first()
    if known is not None:
        return _same(known, finding)
    if finding.visit.state != VisitState.CONCLUDED:
        raise PermissionDenied
    if finding.state not in FindingState.unsolved:
        raise StepRefused(_("The finding is closed: no reply is expected."))
    words = required_text(text, empty=_("Write what has been done: the reply is published."), longest=LONGEST)
    document = _keep(file, finding, user, now) if file else None
    made = FindingReply.objects.create(finding=finding, text=words, document=document, key=key, at=now, by=user)
    told: dict[str, Any] = {"finding": finding.number, "digest": audit.digest_of({"text": words})}
    if document is not None:
        told["evidence"] = document.sha256
    if finding.state == FindingState.OPEN:
        comment = words
        seq = move(
            finding, "reply", flow=FINDING, actor=actor, now=now, contract=contract, comment=comment, payload=told
        )
    else:
        seq = record(made, "add", actor=actor, now=now, contract=contract, payload=told)
    made.log_seq = seq
    made.save(update_fields=["log_seq"])
    return made


def lock_finding(finding_id: int) -> Finding:
    """Return the finding with its visit and its contract, contract and finding held until the transaction ends."""
    contract = lock_contract(Finding.objects.values_list("contract_id", flat=True).get(pk=finding_id))
    rows = Finding.objects.select_for_update(of=("self",)).select_related("visit", "kind")
    finding = rows.get(pk=finding_id)
    finding.contract = contract
    return finding


def can_read_evidence(document: StoredDocument, user: Any) -> bool:
    rows = FindingReply.objects.filter(document=document).select_related(
        "finding__visit", "finding__contract__hromada", "finding__contract__contractor"
    )
    return any(contract_rules.can_read_finding(user, one.finding) for one in rows)


def open_finding_documents() -> None:
    """Tell the kernel who reads these files; called once, when the app is ready."""
    allow_readers(KIND, can_read_evidence)


def _same(known: FindingReply, finding: Finding) -> FindingReply:
    if known.finding_id != finding.pk:
        raise StepRefused(_("Write your reply anew."))
    return known


def _keep(file: File[bytes], finding: Finding, user: User, now: datetime) -> StoredDocument:
    refuse_flood(user, now)
    return store(file, kind=KIND, subject=f"procurement.contract:{finding.contract_id}", by=user, at=now)
