"""What the evaluated provider says about an evaluation: it stands beside it and is never changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from procurement import contract_rules
from procurement.domain.contracts.steps import CONTRACTOR
from procurement.domain.quality.steps import lock_evaluation, record
from procurement.domain.quality.telling import tell_replied
from procurement.models import QualityEvaluation, QualityReply
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def reply(*, evaluation_id: int, text: str, user: User, key: UUID, now: datetime) -> QualityReply:
    """Publish the provider's reply beside the evaluation; the same key again returns the one that it made."""
    evaluation = lock_evaluation(evaluation_id)
    if not contract_rules.can_reply_to_quality(user, evaluation):
        raise PermissionDenied
    made = QualityReply.objects.filter(key=key).first()
    if made is not None:
        return _same(made, evaluation)
    if not text.strip():
        raise StepRefused(_("The reply is empty."))
    row = QualityReply(evaluation=evaluation, text=text.strip(), at=now, by=user, key=key)
    row.save(force_insert=True)
    payload = {"digest": audit.digest_of({"text": row.text})}
    row.log_seq = record(row, "reply", evaluation=evaluation, actor=Actor(user, CONTRACTOR), now=now, payload=payload)
    row.save(update_fields=["log_seq"])
    tell_replied(row, now)
    return row


def _same(made: QualityReply, evaluation: QualityEvaluation) -> QualityReply:
    if made.evaluation_id != evaluation.pk:
        raise StepRefused(_("This form was already sent. Open it anew."))
    return made
