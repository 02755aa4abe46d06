"""Admission: the frozen list of checks, those the portal can make itself, the decision on each proposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.steps import ground_of, official_of, require_reason
from procurement.domain.evaluation.contents import content_of
from procurement.domain.evaluation.steps import lock_round, move, policy_of, require_state
from procurement.domain.evaluation.suggestions import suggestions_of
from procurement.domain.wording import optional_text
from procurement.enums import AdmissionState, CheckResult, GroundUse, RoundState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import Admission, AdmissionCheck, Competition
from procurement.workflow import ADMISSION
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "admit",
    "checker_of",
    "content_of",
    "lock_admission",
    "reconsider",
    "reject",
    "save_checks",
    "suggestions_of",
]

LONGEST_NOTE: Final = 4000


@transaction.atomic
def save_checks(
    *, admission_id: int, user: User, results: Mapping[str, Mapping[str, str]], now: datetime
) -> list[AdmissionCheck]:
    """Write results and notes by item code (`{"result": CheckResult, "note": text}`) while the admission is pending.

    An item without a result loses the one it had; items that are not named stay as they are.
    """
    del now  # the decision that follows has the moment
    admission = lock_admission(admission_id)
    checker_of(admission.round.competition, user)
    require_state(admission.round, RoundState.ADMISSION)
    _require_pending(admission)
    known = {item["code"] for item in policy_of(admission.round.competition)["admission"]}
    for code, told in results.items():
        _put(admission, code if code in known else "", told)
    return list(admission.checks.all())


@transaction.atomic
def admit(*, admission_id: int, user: User, now: datetime) -> Admission:
    """Admit: every item of the list is met."""
    admission = lock_admission(admission_id)
    actor = checker_of(admission.round.competition, user)
    require_state(admission.round, RoundState.ADMISSION)
    met = set(admission.checks.filter(result=CheckResult.MET).values_list("code", flat=True))
    if any(item["code"] not in met for item in policy_of(admission.round.competition)["admission"]):
        raise StepRefused(_("A proposal is admitted when every item of the list is met."))
    return _decide(admission, "admit", actor, user, now)


@transaction.atomic
def reject(*, admission_id: int, user: User, ground_id: int, reason: str, now: datetime) -> Admission:
    """Refuse admission on a typed ground (`GroundUse.REJECTION`) with a reason; at least one item is not met."""
    admission = lock_admission(admission_id)
    competition = admission.round.competition
    actor = checker_of(competition, user)
    require_state(admission.round, RoundState.ADMISSION)
    is_unmet = admission.checks.filter(result=CheckResult.NOT_MET).exists()
    if policy_of(competition)["admission"] and not is_unmet:
        raise StepRefused(_("Mark first what of the list is not met: a proposal is not refused for anything else."))
    admission.ground = ground_of(ground_id, GroundUse.REJECTION, competition, now)
    admission.reason = require_reason(reason)
    return _decide(admission, "reject", actor, user, now)


@transaction.atomic
def reconsider(*, admission_id: int, user: User, reason: str, now: datetime) -> Admission:
    """Take an admission up again before scoring begins; why, stays written down."""
    admission = lock_admission(admission_id)
    actor = checker_of(admission.round.competition, user)
    require_state(admission.round, RoundState.ADMISSION)
    why = require_reason(reason)
    admission.ground, admission.reason = None, ""
    admission.decided_at, admission.decided_by = None, None
    _move(admission, "reconsider", actor, now, comment=why)
    return admission


# --- what all of them share ------------------------------------------------------------------------------------------


def lock_admission(admission_id: int) -> Admission:
    """Return the admission with its round, competition and proposal, all held until the transaction ends."""
    held = lock_round(Admission.objects.values_list("round_id", flat=True).get(pk=admission_id))
    rows = Admission.objects.select_for_update(of=("self",)).select_related("proposal__organisation", "ground")
    admission = rows.get(pk=admission_id)
    admission.round, admission.proposal.competition = held, held.competition
    return admission


def checker_of(competition: Competition, user: User) -> Actor:
    """Return the official who may look into the proposals of the competition; raises `PermissionDenied`.

    Whoever is kept away by a recusal checks nothing, whatever other role the account has.
    """
    actor = official_of(competition, user)
    if not rules.can_read_opened(user, competition):
        raise PermissionDenied
    return actor


def _require_pending(admission: Admission) -> None:
    if admission.state == AdmissionState.CLARIFYING:
        raise StepRefused(_("The proposal waits for the answer of the applicant."))
    if admission.state != AdmissionState.PENDING:
        raise StepRefused(_("This is decided already. Take the admission up again to change it."))


def _put(admission: Admission, code: str, told: Mapping[str, str]) -> None:
    result, note = told.get("result", ""), optional_text(told.get("note", ""), longest=LONGEST_NOTE)
    if not code or (result and result not in CheckResult.values):
        raise StepRefused(_("There is no such item or result in the list of checks."))
    if result:
        AdmissionCheck.objects.update_or_create(
            admission=admission, code=code, defaults={"result": result, "note": note}
        )
    else:
        admission.checks.filter(code=code).delete()


def _decide(admission: Admission, step: str, actor: Actor, user: User, now: datetime) -> Admission:
    admission.decided_at, admission.decided_by = now, user
    _move(admission, step, actor, now, comment=admission.reason)
    return admission


def _move(admission: Admission, step: str, actor: Actor, now: datetime, *, comment: str) -> None:
    """Write the step; the log gets the digest of the checks, salted by the key of the proposal that nobody knows."""
    competition = admission.round.competition
    content: dict[str, Any] = {
        "proposal": str(admission.proposal_id),
        "checks": {one.code: [one.result, one.note] for one in admission.checks.all()},
        "ground": admission.ground.slug if admission.ground else "",
        "reason": admission.reason,
    }
    move(
        admission,
        step,
        flow=ADMISSION,
        actor=actor,
        now=now,
        competition=competition,
        comment=comment,
        payload={"digest": audit.digest_of(content)},
        fields=["ground", "reason", "decided_at", "decided_by"],
    )
    note_evaluation(competition=competition, about=admission, step=step, now=now)
