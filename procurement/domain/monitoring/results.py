"""How a finding was judged: eliminated, in part, not, or there is no mechanism; another term, or the end of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, FindingOutcome, VisitState
from procurement.contract_workflow import FINDING
from procurement.domain.contracts.steps import move, official_actor
from procurement.domain.monitoring.findings import lock_finding
from procurement.domain.wording import required_text
from procurement.models import Finding, FindingResult, Visit

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST: Final = 8000


@transaction.atomic
def judge(
    *,
    finding_id: int,
    user: User,
    outcome: str,
    reason: str,
    due_on: date | None = None,
    visit_id: int | None = None,
    now: datetime,
) -> FindingResult:
    """Judge a finding. Another term keeps it open; without one it is closed with the result it has then.

    Nothing more is expected of what is eliminated or cannot be; an ended contract gives no other term. The same
    judgement again, with no reply in between, is the one that is there.
    """
    finding = lock_finding(finding_id)
    actor = official_actor(finding.contract, user)
    if finding.visit.state != VisitState.CONCLUDED:
        raise StepRefused(_("The visit is not concluded yet."))
    why = required_text(reason, empty=_("Say what the result rests on: it is published."), longest=LONGEST)
    if (same := _same(finding, outcome, why, due_on)) is not None:
        return same
    _require_outcome(finding, outcome, due_on, now)
    result = FindingResult(finding=finding, outcome=outcome, reason=why, due_on=due_on, at=now, by=user)
    result.visit = _seen_on(finding, visit_id)
    finding.outcome, finding.closed_at = outcome, None if due_on else now
    finding.due_on = due_on or finding.due_on
    result.log_seq = move(
        finding,
        "close" if due_on is None else "reopen",
        flow=FINDING,
        actor=actor,
        now=now,
        contract=finding.contract,
        comment=why,
        payload=_payload(finding, why, due_on),
        fields=["outcome", "due_on", "closed_at"],
    )
    result.save()
    return result


def _payload(finding: Finding, reason: str, due_on: date | None) -> dict[str, Any]:
    told = {"finding": finding.number, "outcome": finding.outcome, "digest": audit.digest_of({"reason": reason})}
    return {**told, "due_on": due_on.isoformat()} if due_on else told


def _same(finding: Finding, outcome: str, reason: str, due_on: date | None) -> FindingResult | None:
    last = finding.results.order_by("-at", "-pk").first()
    if last is None or (last.outcome, last.reason, last.due_on) != (outcome, reason, due_on):
        return None
    return None if finding.replies.filter(at__gt=last.at).exists() else last


def _require_outcome(finding: Finding, outcome: str, due_on: date | None, now: datetime) -> None:
    if outcome not in FindingOutcome.values:
        raise StepRefused(_("Choose the result."))
    if due_on is None:
        return
    if outcome in FindingOutcome.final:
        raise StepRefused(_("With this result nothing more is expected: no other term is given."))
    if finding.contract.state not in ContractState.running:
        raise StepRefused(_("The contract has ended: no other term can be given."))
    if due_on <= day_of(now):
        raise StepRefused(_("The other term lies in the future."))


def _seen_on(finding: Finding, visit_id: int | None) -> Visit | None:
    if visit_id is None:
        return None
    rows = Visit.objects.filter(contract=finding.contract_id, held_on__isnull=False)
    visit = rows.filter(pk=visit_id).first()
    if visit is None:
        raise StepRefused(_("Choose a visit that was held."))
    return visit
