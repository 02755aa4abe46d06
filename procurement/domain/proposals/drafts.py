"""Drafts of proposals: begun by who may submit, pre-filled from the register, saved field by field, exported.

The content is flat, path → value, as `proposal_forms` says; it is read and written only by way of `working_copies`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts import rules as accounts
from portal.accounts.models import Organisation
from portal.kernel.workflow import StepRefused
from procurement.domain.calls import phases
from procurement.domain.proposals import eligibility
from procurement.domain.proposals.files import (
    LARGEST_FILE,
    attach_document,
    detach_document,
    export_proposal,
    import_proposal,
)
from procurement.domain.proposals.prefill import prefilled
from procurement.domain.proposals.saving import (
    OVER,
    Conflict,
    Patch,
    Saved,
    announcement_of,
    definition_of,
    form_and_facts,
    lock_proposal,
    require_writable,
    save_proposal,
)
from procurement.domain.seal.working_copies import WorkingCopy, write_copy
from procurement.enums import Phase, ProposalState
from procurement.models import Competition, Proposal

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "LARGEST_FILE",
    "OVER",
    "Conflict",
    "Patch",
    "Saved",
    "acknowledge_announcement",
    "announcement_of",
    "attach_document",
    "definition_of",
    "detach_document",
    "export_proposal",
    "form_and_facts",
    "import_proposal",
    "lock_proposal",
    "require_writable",
    "save_proposal",
    "start_proposal",
]


@transaction.atomic
def start_proposal(*, user: User, competition_number: str, organisation_id: int, now: datetime) -> Proposal:
    """Return the organisation's proposal in the competition, begun now from what the register knows if there is none.

    Raises `StepRefused` without a right to write for the organisation, while proposals are not accepted, and where a
    condition of the competition is not met: nobody writes a proposal that cannot be submitted.
    """
    competition = Competition.objects.public().get(number=competition_number)
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    if not accounts.can_edit_for(user, organisation):
        raise StepRefused(_("You have no right to write for this organisation."))
    there_is = Proposal.objects.filter(competition=competition, organisation=organisation).first()
    if there_is is not None:
        return there_is
    if phases.phase(competition, now) not in Phase.accepting:
        raise StepRefused(_("Proposals are not accepted now in this competition."))
    if not eligibility.may_submit(competition, organisation, now):
        raise StepRefused(_("The organisation does not meet the conditions of this competition."))
    return _begin(user, competition, organisation, now)


def _begin(user: User, competition: Competition, organisation: Organisation, now: datetime) -> Proposal:
    proposal = Proposal(
        competition=competition, organisation=organisation, created_by=user, created_at=now, saved_at=now
    )
    proposal.competition_version = announcement_of(proposal)
    form, _facts = form_and_facts(proposal.competition_version)
    content = prefilled(form, organisation)
    stamp = {"version": proposal.draft_version, "by": str(user), "at": now.isoformat()}
    write_copy(proposal, WorkingCopy(content, dict.fromkeys(content, stamp)))
    proposal.save(force_insert=True)
    return proposal


@transaction.atomic
def acknowledge_announcement(*, proposal_id: UUID, user: User, number: int, now: datetime) -> Proposal:
    """Note that the bidder has read the version of the announcement; only the last one can be.

    A submission that a change unsettled is confirmed by `submitting.confirm_proposal`, not here.
    """
    proposal = lock_proposal(proposal_id=proposal_id, user=user, now=now)
    announcement = announcement_of(proposal)
    if announcement.number != number:
        raise StepRefused(_("The announcement has changed once more. Read what it says now."))
    if proposal.state == ProposalState.UNCONFIRMED:
        raise PermissionDenied
    proposal.competition_version = announcement
    proposal.save(update_fields=["competition_version"])
    return proposal
