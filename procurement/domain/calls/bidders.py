"""What a step of a competition does to proposals in it; nothing of them, not even how many, goes to the public log."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from procurement import notifications
from procurement.enums import ProposalState
from procurement.models import Competition, Proposal, ProposalStep
from procurement.workflow import PROPOSAL
from registry.domain.providers import Actor

_LAPSING: Final = (ProposalState.DRAFT, ProposalState.UNCONFIRMED, ProposalState.WITHDRAWN)


def unsettle_proposals(competition: Competition, *, actor: Actor, now: datetime) -> int:
    """Make those who had submitted confirm again; whoever does not is not counted at the close."""
    proposals = list(competition.proposals.select_for_update(of=("self",)).filter(state=ProposalState.SUBMITTED))
    for proposal in proposals:
        _step(proposal, "unsettle", actor, now, ["state"])
    return len(proposals)


def lapse_proposals(competition: Competition, *, actor: Actor, now: datetime) -> int:
    """End every proposal that is not submitted, or not confirmed, at the close; the keys of copies are gone by then."""
    proposals = list(competition.proposals.select_for_update(of=("self",)).filter(state__in=_LAPSING))
    for proposal in proposals:
        proposal.closed_at = now
        _step(proposal, "lapse", actor, now, ["state", "closed_at"])
        notifications.note_proposal_step(proposal=proposal, step="lapse", now=now)
    return len(proposals)


def _step(proposal: Proposal, step: str, actor: Actor, now: datetime, fields: list[str]) -> None:
    transition = PROPOSAL.step(step, state=proposal.state)
    source, proposal.state = proposal.state, transition.target
    proposal.save(update_fields=fields)
    ProposalStep.objects.create(
        proposal=proposal,
        step=step,
        at=now,
        by=actor.user,
        actor_role=actor.role,
        from_state=source,
        to_state=proposal.state,
        clause=transition.clause,
    )
