"""What the approver does: approves the specialist's proposal, sends it back, or puts a decision in another's place."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.kernel import audit, verification
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from registry import notifications
from registry.domain.application_steps import decider_of, lock_application, move, tell
from registry.domain.bookkeeping import take_decision_number
from registry.domain.decision_effects import Case, carry_out, confirm_claims, write_evidence
from registry.domain.decision_papers import ground_words, issue_code, official, snapshot_of
from registry.domain.evidence import restore_services
from registry.domain.proposing import public_text
from registry.domain.providers import Actor
from registry.enums import Outcome
from registry.models import Application, OutcomeProposal, RegisterDecision, RegisterEntry
from registry.queries.decisions import application_of
from registry.workflow import APPLICATION

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def send_back(*, application_id: UUID, user: User, reason: str, now: datetime) -> OutcomeProposal:
    """Give the proposal back to the specialist with a reason."""
    application = lock_application(application_id)
    actor = decider_of(application, user, now)
    move(application, "send_back", actor=actor, now=now, comment=reason)
    proposal = _standing_proposal(application)
    proposal.sent_back_by, proposal.sent_back_at, proposal.sent_back_reason = user, now, reason.strip()
    proposal.save(update_fields=["sent_back_by", "sent_back_at", "sent_back_reason"])
    tell(application, "send_back", now)
    return proposal


@transaction.atomic
def decide(*, application_id: UUID, user: User, now: datetime) -> RegisterDecision:
    """Approve the standing proposal: decision with number and code, its effect on the register, log, letters.

    Raises `StepRefused` when the same person proposed it, `OutsideTerritoryError` for another's territory, and
    `ChangedInRegisterError` for an amendment that clashes with what the register has changed meanwhile.
    """
    application = lock_application(application_id)
    actor = decider_of(application, user, now)
    APPLICATION.step("decide", state=application.state)
    proposal = _standing_proposal(application)
    case = _case_of(application, proposal, user, actor, now)
    effect = carry_out(case)
    if proposal.outcome in (Outcome.INCLUDE, Outcome.INCLUDE_SOME):
        confirm_claims(case)
    decision = _write_decision(case, effect.entry)
    write_evidence(effect, decision)
    if proposal.outcome == Outcome.AMEND and effect.entry is not None:
        restore_services(entry_id=effect.entry.pk, actor=actor, now=now)
    tell(application, "decide", now)
    return decision


def _case_of(application: Application, proposal: OutcomeProposal, user: User, actor: Actor, now: datetime) -> Case:
    grounds = tuple(proposal.grounds.all())
    number = take_decision_number(day_of(now))
    step = application.steps.filter(step="propose", by=proposal.by).order_by("-pk").first()
    return Case(
        application=application,
        proposal=proposal,
        grounds=grounds,
        number=number,
        ground=ground_words(number, application, grounds),
        by=user,
        actor=actor,
        specialist=step.actor_role if step else Role.REGISTRAR.value,
        now=now,
    )


def _write_decision(case: Case, entry: RegisterEntry | None) -> RegisterDecision:
    """Close the application, log it, and write the decision with the paper that says so."""
    application, proposal = case.application, case.proposal
    snapshot = snapshot_of(case, entry)
    payload = {
        "decision": case.number,
        "outcome": proposal.outcome,
        "grounds": [ground.slug for ground in case.grounds],
        "entry": entry.number if entry else "",
        "snapshot": audit.digest_of(snapshot),
    }
    return RegisterDecision.objects.create(
        number=case.number,
        application=application,
        entry=entry,
        outcome=proposal.outcome,
        grounds=snapshot["grounds"],
        reason=proposal.reason,
        suspend_until=proposal.suspend_until,
        proposed_by=proposal.by,
        decided_by=case.by,
        decided_at=case.now,
        snapshot=snapshot,
        code=issue_code(snapshot, case.now),
        log_seq=move(application, "decide", actor=case.actor, now=case.now, payload=payload, entry=entry),
    )


def _standing_proposal(application: Application) -> OutcomeProposal:
    proposals = OutcomeProposal.objects.select_related("by").filter(application=application)
    return proposals.get(sent_back_at__isnull=True)


@transaction.atomic
def correct_decision(*, decision_id: int, user: User, reason: str, ground: str, now: datetime) -> RegisterDecision:
    """Issue a decision that supersedes another's reasons; the first stays readable and points at it.

    What was decided, and its effect on the register, stay: `ground` says why the reasons are put right. Nobody who
    examined the application corrects the decision on it.
    """
    rows = RegisterDecision.objects.select_for_update(of=("self",)).select_related("code", "entry", "proposed_by")
    old = rows.get(pk=decision_id)
    first = application_of(old)
    if first is None:
        raise StepRefused(_("This decision was not made on an application, so it is not corrected here."))
    application = lock_application(first.pk)
    actor = decider_of(application, user, now)
    if RegisterDecision.objects.filter(supersedes=old).exists():
        raise StepRefused(_("This decision is corrected already."))
    reason, ground = public_text(reason), public_text(ground)
    if not reason or not ground:
        raise StepRefused(_("Write the right reasons, and why the decision is corrected."))
    snapshot = _corrected_snapshot(old, user, actor.role, reason=reason, ground=ground, now=now)
    entry = audit.append(
        tag="registry:decision:correct",
        subject=f"registry.decision:{snapshot['number']}",
        payload={"supersedes": old.number, "outcome": old.outcome, "snapshot": audit.digest_of(snapshot)},
        actor_role=actor.role,
        at=now,
        clause="99",
    )
    decision = _write_successor(old, user, snapshot, log_seq=entry.seq, now=now)
    notifications.note_correction(decision=decision, now=now)
    return decision


def _corrected_snapshot(
    old: RegisterDecision, user: User, role: str, *, reason: str, ground: str, now: datetime
) -> dict[str, Any]:
    """Return what the new paper says: the old one with other reasons, why they are others, and who says so."""
    words = {"slug": "", "text_uk": ground, "text_en": "", "act": "", "point": "", "verified": False}
    return {
        **old.snapshot,
        "number": take_decision_number(day_of(now)),
        "at": now.isoformat(),
        "on": day_of(now).isoformat(),
        "reason": reason,
        "grounds": [*old.grounds, words],
        "supersedes": old.number,
        "decided_by": official(user, role),
    }


def _write_successor(
    old: RegisterDecision, user: User, snapshot: dict[str, Any], *, log_seq: int, now: datetime
) -> RegisterDecision:
    code = issue_code(snapshot, now)
    if old.code is not None:
        verification.supersede(old.code, code, at=now)
    return RegisterDecision.objects.create(
        number=snapshot["number"],
        entry=old.entry,
        outcome=old.outcome,
        grounds=snapshot["grounds"],
        reason=snapshot["reason"],
        suspend_until=old.suspend_until,
        proposed_by=old.proposed_by,
        decided_by=user,
        decided_at=now,
        snapshot=snapshot,
        code=code,
        supersedes=old,
        log_seq=log_seq,
    )
