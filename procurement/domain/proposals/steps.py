"""What all steps with a submitted proposal share: the locks in one order, the moment, and the written step.

The announcement is held against its close first, then the proposal; the moment is read when both are held. Whoever
closes holds the announcement alone: it waits for those who were in time, and those who come later see it closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit, clock, turns
from portal.kernel.workflow import StepRefused
from procurement import notifications, rules
from procurement.closing_guard import GATE
from procurement.domain.calls import phases
from procurement.enums import CompetitionState
from procurement.models import Competition, CompetitionVersion, Proposal, ProposalRevision, ProposalStep
from procurement.workflow import PROPOSAL

if TYPE_CHECKING:
    from portal.accounts.models import User

# the role by which the log calls whoever acts for a bidder: it says nothing of who it is
BIDDER: Final = "bidder"
TOO_LATE: Final = _("Proposals are not accepted any more: the moment of the end has passed.")


@dataclass(slots=True)
class Held:
    """A proposal with its announcement, both held until the transaction ends, and the moment read after that."""

    proposal: Proposal
    competition: Competition
    version: CompetitionVersion
    user: User
    moment: datetime


@contextmanager
def holding(proposal_id: UUID, user: User) -> Iterator[Held]:
    """Hold a proposal for a step of somebody who may submit; raises `PermissionDenied`."""
    with turns.turn():
        competition = hold_competition(Proposal.objects.values_list("competition", flat=True).get(pk=proposal_id))
        rows = Proposal.objects.select_for_update(of=("self",)).select_related("organisation")
        proposal = rows.get(pk=proposal_id)
        proposal.competition = competition
        if not rules.can_submit_proposal(user, proposal):
            raise PermissionDenied
        version = competition.versions.get(number=competition.version)
        yield Held(proposal, competition, version, user, clock.moment())


def hold_competition(competition_id: int) -> Competition:
    """Return the announcement, kept from closing and changing; others may submit in it at the same time.

    On SQLite whoever writes is alone already.
    """
    turns.pass_together(GATE, competition_id)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM procurement_competition WHERE id = %s FOR SHARE", [competition_id])
    return Competition.objects.select_related("commissioner__organisation", "hromada").get(pk=competition_id)


def require_accepting(competition: Competition, moment: datetime) -> None:
    """Raise `StepRefused` when proposals are not accepted at the moment; the end itself is too late."""
    ends_at = phases.ends_at(competition, moment)
    if competition.state != CompetitionState.PUBLISHED or ends_at is None or moment >= ends_at:
        raise StepRefused(TOO_LATE)
    if competition.opens_at is not None and moment < competition.opens_at:
        raise StepRefused(_("Proposals are not accepted yet."))


def require_announcement(held: Held, announcement: int | None) -> None:
    """Raise `StepRefused` when the person has read another version of the announcement than the one in force."""
    if announcement is not None and announcement != held.competition.version:
        raise StepRefused(_("The announcement has changed while you were reading it. Read what is new and go on."))


def current_revision(proposal: Proposal) -> ProposalRevision | None:
    """Return the submission that counts: the last one, unless it was withdrawn."""
    return proposal.revisions.filter(withdrawn_at__isnull=True).order_by("-number").first()


def log(held: Held, act: str, commitment: str) -> int:
    """Log a digest and nothing else: neither who, nor whether it is the first one."""
    transition = PROPOSAL.step(act, state=held.proposal.state)
    entry = audit.append(
        tag=f"procurement:proposal:{'submit' if act == 'replace' else act}",
        subject=f"procurement.competition:{held.competition.number}",
        payload={"commitment": commitment},
        actor_role=BIDDER,
        at=held.moment,
        clause=transition.clause,
    )
    return entry.seq


def move(held: Held, act: str, fields: list[str]) -> None:
    """Write the step: the new state, the named fields with it, its row, its letters."""
    proposal = held.proposal
    transition = PROPOSAL.step(act, state=proposal.state)
    before, proposal.state = proposal.state, transition.target
    proposal.save(update_fields=["state", *fields])
    ProposalStep.objects.create(
        proposal=proposal,
        step=act,
        at=held.moment,
        by=held.user,
        actor_role=BIDDER,
        from_state=before,
        to_state=proposal.state,
        clause=transition.clause,
    )
    notifications.note_proposal_step(proposal=proposal, step=act, now=held.moment)
