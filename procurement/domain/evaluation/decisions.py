"""The decision on winners: rests on signed minutes, is published at once, corrected only by one that supersedes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls import steps as calls
from procurement.domain.evaluation.appeals import stopping
from procurement.domain.evaluation.decided import decision_in_force, results_of
from procurement.domain.evaluation.decision_papers import issue_decision_code
from procurement.domain.evaluation.outcomes import Outcome, outcome_of, signed_minutes_of
from procurement.domain.evaluation.ranked import amount_of, digest_of_text
from procurement.domain.evaluation.steps import lock_round, move, require_state
from procurement.enums import AwardOutcome, AwardState, GroundUse, RoundState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import (
    Award,
    AwardDecision,
    Competition,
    EvaluationRound,
    Lot,
    Minutes,
    ProcedureGround,
    Proposal,
)
from procurement.queries.applicants import printed_name
from procurement.queries.contracts.awarded import running_winners
from procurement.workflow import AWARD, ROUND
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = ["decide", "decision_in_force", "ground_uses", "results_of"]


@transaction.atomic
def decide(
    *,
    competition_id: int,
    user: User,
    act_number: str,
    act_on: date,
    act_url: str = "",
    ground_id: int | None = None,
    reason: str = "",
    now: datetime,
) -> AwardDecision:
    """Take the first decision of a minuted round, or one that supersedes the decision in force, with ground and reason.

    A later one makes its ranking anew with the failed winners standing aside. The outcome follows from the ranking
    alone: the winners, or, with a ground (`GroundUse.NO_AWARD`), none. Refused while an appeal that stops it is open,
    while proposals are equal where it matters, where it takes a lot from a contract that runs, and for who may not read
    what was opened. The competition becomes
    awarded or unawarded; awards of the earlier decision are superseded, accepted ones of the same proposal and lot are
    carried over.
    """
    held, actor = _deciding(competition_id, user)
    competition = held.competition
    minutes, outcome, before = signed_minutes_of(held), outcome_of(held), decision_in_force(competition)
    _require_decided(outcome)
    _require_contracts_kept(competition, outcome)
    _require_act(act_number, act_on, minutes, now)
    ground = _ground(ground_id, outcome, before, competition, now)
    reason = calls.require_reason(reason) if before is not None else reason.strip()
    decision = _write(
        AwardDecision(
            competition=competition,
            round=held,
            minutes=minutes,
            outcome=outcome.kind,
            ground=ground,
            reason=reason,
            act_number=act_number.strip(),
            act_on=act_on,
            act_url=act_url,
            at=now,
            by=user,
            supersedes=before,
        ),
        outcome,
    )
    _award(decision, outcome, actor, now)
    _tell(decision, held, outcome, actor, now)
    return decision


# --- whether it may be taken -----------------------------------------------------------------------------------------


def _deciding(competition_id: int, user: User) -> tuple[EvaluationRound, Actor]:
    """Return the held round and the official; raises `PermissionDenied`, `StepRefused`."""
    held = _held(competition_id)
    actor = calls.official_of(held.competition, user)
    if not rules.can_read_opened(user, held.competition):
        raise PermissionDenied
    require_state(held, RoundState.MINUTED, RoundState.DECIDED)
    _require_no_stop(held.competition)
    return held, actor


def _held(competition_id: int) -> EvaluationRound:
    last = EvaluationRound.objects.filter(competition=competition_id).order_by("-number").values_list("pk", flat=True)
    round_id = last.first()
    if round_id is None:
        raise StepRefused(_("The evaluation has not begun."))
    return lock_round(round_id)


def _require_no_stop(competition: Competition) -> None:
    appeal = stopping(competition)
    if appeal is not None:
        raise StepRefused(
            _("Appeal № %(number)d stops the decision until it is decided itself.") % {"number": appeal.number}
        )


def _require_decided(outcome: Outcome) -> None:
    if outcome.undecided:
        raise StepRefused(
            _("Proposals are equal where it matters (lot %(lots)s): record a casting vote or a drawing of lots first.")
            % {"lots": ", ".join(map(str, outcome.undecided))}
        )


def _require_contracts_kept(competition: Competition, outcome: Outcome) -> None:
    """Refuse a decision that takes a lot from somebody whose contract runs."""
    winners = {(int(row["lot"]), int(row["proposal"])) for row in outcome.winners}
    for lot, proposal, number in running_winners(competition):
        if (lot, proposal) not in winners:
            raise StepRefused(
                _("Contract № %(number)s of lot %(lot)d is in force: terminate it before another decision.")
                % {"number": number, "lot": lot}
            )


def _require_act(act_number: str, act_on: date, minutes: Minutes, now: datetime) -> None:
    """Refuse an order that cannot be about these minutes."""
    if not act_number.strip():
        raise StepRefused(_("Give the number of the order."))
    if act_on > day_of(now):
        raise StepRefused(_("The date of the order has not come yet."))
    if minutes.signed_at is not None and act_on < day_of(minutes.signed_at):
        raise StepRefused(_("The order is dated earlier than the minutes were signed."))


def _ground(
    ground_id: int | None, outcome: Outcome, before: AwardDecision | None, competition: Competition, now: datetime
) -> ProcedureGround | None:
    """Return the ground that this decision needs, if it needs one; raises `StepRefused`."""
    uses = ground_uses(outcome, before)
    if not uses:
        if ground_id is not None:
            raise StepRefused(_("The ranking has winners: the outcome follows from it, and no ground changes that."))
        return None
    if ground_id is None:
        raise StepRefused(_("Choose a ground from the list."))
    use = next((one for one in uses if ProcedureGround.objects.filter(pk=ground_id, use=one).exists()), uses[0])
    return calls.ground_of(ground_id, use, competition, now)


def ground_uses(outcome: Outcome, before: AwardDecision | None) -> tuple[GroundUse, ...]:
    """Return for what a ground may be: to supersede a decision, to leave without a winner; nothing needs no ground.

    A round that was left without a winner is not left once more: what is pressed twice supersedes nothing.
    """
    superseding = (GroundUse.SUPERSEDING,) if before is not None else ()
    is_left = (
        before is not None and before.outcome == AwardOutcome.NO_AWARD and before.round.state == RoundState.DECIDED
    )
    none = () if outcome.winners or is_left else (GroundUse.NO_AWARD,)
    return (*superseding, *none)


# --- how it is written -----------------------------------------------------------------------------------------------


def _write(decision: AwardDecision, outcome: Outcome) -> AwardDecision:
    """Write the decision with its canonical record, digest and code."""
    competition, before = decision.competition, decision.supersedes
    last = competition.decisions.order_by("-number").values_list("number", flat=True).first()
    decision.number = (last or 0) + 1
    decision.inputs = {"scores": outcome.texts.scores, "rubric": outcome.texts.rubric}
    decision.inputs_digest, decision.ranking = outcome.texts.digest, outcome.texts.ranking
    decision.content = _content(decision, outcome)
    decision.digest = audit.digest_of(decision.content)
    decision.code = issue_decision_code(
        competition=competition, number=decision.number, digest=decision.digest, before=before, now=decision.at
    )
    decision.save()
    return decision


def _content(decision: AwardDecision, outcome: Outcome) -> dict[str, Any]:
    """Return the record whose digest the public log has; everything that is needed to tell it from any other."""
    competition, minutes = decision.competition, decision.minutes
    opened = competition.proposals.filter(number__isnull=False).select_related("organisation").defer("content", "draft")
    names = {one.number: printed_name(one.organisation, one.number) for one in opened}
    lots = {int(row["lot"]) for row in outcome.winners}
    return {
        "competition": competition.number,
        "decision": decision.number,
        "supersedes": decision.supersedes.digest if decision.supersedes else None,
        "version": competition.version,
        "version_digest": competition.versions.get(number=competition.version).digest,
        "round": decision.round.number,
        "minutes": {"number": minutes.number, "digest": minutes.digest},
        "act": {"number": decision.act_number, "on": decision.act_on.isoformat(), "url": decision.act_url},
        "outcome": decision.outcome,
        "ground": decision.ground.slug if decision.ground else None,
        "reason": decision.reason,
        "rubric_digest": digest_of_text(outcome.texts.rubric),
        "inputs_digest": outcome.texts.digest,
        "ranking_digest": digest_of_text(outcome.texts.ranking),
        "awards": [
            {
                "lot": int(row["lot"]),
                "place": int(row["place"]),
                "proposal": int(row["proposal"]),
                "applicant": names[int(row["proposal"])],
                "amount": row["asked"],
            }
            for row in outcome.winners
        ],
        "lots_without_winner": [one.number for one in competition.lots.all() if one.number not in lots],
        "at": decision.at.isoformat(),
    }


def _award(decision: AwardDecision, outcome: Outcome, actor: Actor, now: datetime) -> None:
    """Give what the ranking gives; what an earlier decision gave is superseded, what was accepted stays accepted."""
    competition = decision.competition
    standing = Award.objects.filter(decision__competition=competition, state__in=AwardState.standing)
    answered: dict[tuple[int, UUID], datetime | None] = {}
    for earlier in standing.order_by("pk"):
        if earlier.state == AwardState.ACCEPTED:
            answered[earlier.lot_id, earlier.proposal_id] = earlier.answered_at
        move(earlier, "supersede", flow=AWARD, actor=actor, now=now, competition=competition)
    lots: dict[int, Lot] = {one.number: one for one in competition.lots.all()}
    opened = competition.proposals.filter(number__isnull=False).only("pk", "number")
    proposals: dict[int | None, Proposal] = {one.number: one for one in opened}
    given = [(row, lots[int(row["lot"])], proposals[int(row["proposal"])]) for row in outcome.winners]
    Award.objects.bulk_create(
        Award(
            decision=decision,
            lot=lot,
            proposal=proposal,
            place=int(row["place"]),
            amount=amount_of(row),
            state=AwardState.ACCEPTED if (lot.pk, proposal.pk) in answered else AwardState.OFFERED,
            answered_at=answered.get((lot.pk, proposal.pk)),
        )
        for row, lot, proposal in given
    )


def _tell(decision: AwardDecision, held: EvaluationRound, outcome: Outcome, actor: Actor, now: datetime) -> None:
    """Move the round and the competition, log the digests, tell everybody."""
    competition = decision.competition
    if held.state == RoundState.MINUTED:
        held.decided_at = now
        move(held, "decide", flow=ROUND, actor=actor, now=now, competition=competition, fields=["decided_at"])
    payload = {
        "decision": decision.number,
        "digest": decision.digest,
        "minutes_digest": decision.minutes.digest,
        "inputs_digest": decision.inputs_digest,
        "ranking_digest": decision.content["ranking_digest"],
        "awards": len(outcome.winners),
        "supersedes": decision.content["supersedes"],
        "ground": decision.content["ground"],
    }
    comment = decision.reason
    decision.log_seq = calls.move(competition, outcome.step, actor=actor, now=now, comment=comment, payload=payload)
    decision.save(update_fields=["log_seq"])
    note_evaluation(competition=competition, about=decision, step="decide", now=now)
