"""Who may do what in the social order; every surface asks these predicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rules

from portal.accounts import rules as accounts
from portal.accounts.enums import Role
from procurement.enums import CoApplicantState
from procurement.models import Competition, Proposal
from procurement.models.competition import within
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User


def hromadas_of(user: Any) -> Any:
    """Return the hromadas for which this official orders services; none for everybody else."""
    if not user.is_authenticated or not user.is_active:
        return Territory.objects.none()
    level = Territory.objects.hromadas()
    if user.roles & {Role.ADMINISTRATOR}:
        return level
    return level.filter(within(user, "hromada")) if Role.COMMISSIONER in user.roles else level.none()


@rules.predicate
def is_commissioning_official(user: User) -> bool:
    """Say whether the account may enter the commissioner's pages at all; an auditor looks on."""
    return (
        user.is_authenticated
        and user.is_active
        and bool(user.roles & {Role.COMMISSIONER, Role.ADMINISTRATOR, Role.AUDITOR})
    )


@rules.predicate
def can_commission(user: User, hromada: Territory | None) -> bool:
    """Say whether the account acts for this hromada as the one who orders services."""
    return hromada is not None and hromadas_of(user).filter(pk=hromada.pk).exists()


@rules.predicate
def can_run_competition(user: User, competition: Competition | None) -> bool:
    return competition is not None and can_commission(user, competition.hromada)


@rules.predicate
def can_draft_proposal(user: User, proposal: Proposal | None) -> bool:
    """Say whether the person may write in the proposal: the applicant's people, or a co-applicant's who were let."""
    if proposal is None:
        return False
    if accounts.can_edit_for(user, proposal.organisation):
        return True
    helpers = proposal.co_applicants.filter(state=CoApplicantState.ACCEPTED, may_edit=True).select_related(
        "organisation"
    )
    return any(accounts.can_edit_for(user, helper.organisation) for helper in helpers)


@rules.predicate
def can_view_proposal(user: User, proposal: Proposal | None) -> bool:
    """Say whether the person may read the working copy: only the bidders' own people, no official, no administrator."""
    if proposal is None:
        return False
    if accounts.can_edit_for(user, proposal.organisation):
        return True
    helpers = proposal.co_applicants.filter(state=CoApplicantState.ACCEPTED).select_related("organisation")
    return any(accounts.can_edit_for(user, helper.organisation) for helper in helpers)


@rules.predicate
def can_submit_proposal(user: User, proposal: Proposal | None) -> bool:
    return proposal is not None and accounts.can_sign_for(user, proposal.organisation)


rules.add_perm("procurement.commission", can_commission)
rules.add_perm("procurement.run_competition", can_run_competition)
rules.add_perm("procurement.open_proposals", can_run_competition)
rules.add_perm("procurement.draft_proposal", can_draft_proposal)
rules.add_perm("procurement.view_proposal", can_view_proposal)
rules.add_perm("procurement.submit_proposal", can_submit_proposal)
