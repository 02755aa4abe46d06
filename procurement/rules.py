"""Who may do what in the social order; every surface asks these predicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rules
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from portal.accounts import rules as accounts
from portal.accounts.enums import Role
from portal.accounts.models import Mandate, User
from procurement.enums import (
    AppealScope,
    CoApplicantState,
    CompetitionState,
    ProposalState,
    RecusalState,
    RoundState,
    SheetState,
)
from procurement.models import (
    Admission,
    Appeal,
    AwardDecision,
    CoApplicant,
    CommissionMember,
    Competition,
    EvaluationRound,
    Proposal,
    Recusal,
)
from procurement.models.competition import within
from registry.models import Territory

if TYPE_CHECKING:
    from django.db.models import QuerySet


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


# --- the commission --------------------------------------------------------------------------------------------------


def membership(user: Any, competition: Competition | None) -> CommissionMember | None:
    """Return the person's active membership in the commission of this competition."""
    if competition is None or competition.commission_id is None:
        return None
    return CommissionMember.objects.active().of(user).filter(commission=competition.commission_id).first()


def barred_members(competition: Competition) -> QuerySet[CommissionMember]:
    """Return the members whom a recusal, proposed or confirmed, keeps away from the competition.

    A person who is named once more, in whatever commission, is known again by the account or the address.
    """
    rows = Recusal.objects.filter(competition=competition, state__in=RecusalState.barring)
    return CommissionMember.objects.filter(
        Q(pk__in=rows.values("member"))
        | Q(user__in=rows.filter(member__user__isnull=False).values("member__user"))
        | Q(email__in=rows.values("member__email"))
    )


def has_declared(member: CommissionMember, competition: Competition) -> bool:
    return member.declarations.filter(competition=competition, replaced_at__isnull=True).exists()


def was_recused(user: Any, competition: Competition) -> bool:
    """Say whether this account is, in whatever commission of the competition, a member kept away by a recusal.

    It holds for officials too: who is recused as a member learns nothing as an official or an administrator.
    """
    if not user.is_authenticated:
        return False
    return barred_members(competition).filter(user=user).exists()


def kept_away(competition: Competition) -> QuerySet[User]:
    """Return the accounts that neither read nor decide anything of an evaluation as officials.

    Whoever is recused as a member, and whoever acts for an applicant; of a member the recusal alone decides.
    """
    opened = competition.proposals.filter(state=ProposalState.OPENED)
    helpers = CoApplicant.objects.filter(proposal__in=opened, state=CoApplicantState.ACCEPTED)
    acting = Mandate.objects.active(timezone.localdate()).filter(
        Q(organisation__in=opened.values("organisation")) | Q(organisation__in=helpers.values("organisation"))
    )
    members = CommissionMember.objects.active().filter(commission=competition.commission_id)
    return User.objects.filter(
        Exists(barred_members(competition).filter(user=OuterRef("pk")))
        | (Exists(acting.filter(person=OuterRef("pk"))) & ~Exists(members.filter(user=OuterRef("pk"))))
    )


def is_kept_away(user: Any, competition: Competition) -> bool:
    """Say whether the account is among those whom `kept_away` names."""
    return bool(user.is_authenticated) and kept_away(competition).filter(pk=user.pk).exists()


@rules.predicate
def can_read_opened(user: User, competition: Competition | None) -> bool:
    """Say whether the account may read what the opened proposals of a competition say, files among it.

    Officials who run it, and members of its commission who have declared; never anybody with a barring recusal, no
    official who acts for an applicant, and no member who has not declared, whatever other role the account has. The
    only gate of page, fragment, file, PDF, export, API and admin.
    """
    if competition is None or competition.state not in CompetitionState.readable or is_kept_away(user, competition):
        return False
    member = membership(user, competition)
    if member is not None:
        return has_declared(member, competition)
    return bool(can_run_competition(user, competition))


@rules.predicate
def can_see_scores(user: User, round_: EvaluationRound | None) -> bool:
    """Say whether the account may see what others scored in a round, before it is published.

    A member who has filed all own; once the discussion has begun also other members who may read, and the officials
    who run the competition.
    """
    if round_ is None or not can_read_opened(user, round_.competition):
        return False
    if round_.state in RoundState.compared:
        return True
    member = membership(user, round_.competition)
    return member is not None and round_.sheets.filter(member=member, state=SheetState.FILED).exists()


@rules.predicate
def can_decide_appeal(user: User, appeal: Appeal | None) -> bool:
    """Say whether the account may decide an appeal: an official of the hromada who had no part in what it is about.

    Neither a member of the commission, nor who took a decision or decided on the admission complained of, nor anybody
    who acts for an applicant: the complainant or a rival.
    """
    if appeal is None or not can_run_competition(user, appeal.competition):
        return False
    if AwardDecision.objects.filter(competition=appeal.competition_id, by=user).exists():
        return False
    admissions = Admission.objects.filter(round__competition=appeal.competition_id, decided_by=user)
    if appeal.scope == AppealScope.ADMISSION and admissions.exists():
        return False
    return membership(user, appeal.competition) is None and not is_kept_away(user, appeal.competition)


rules.add_perm("procurement.read_opened", can_read_opened)
rules.add_perm("procurement.see_scores", can_see_scores)
rules.add_perm("procurement.decide_appeal", can_decide_appeal)


@rules.predicate
def can_read_appeal(user: User, appeal: Appeal | None) -> bool:
    """Say whether the account may read what an appeal says, its file among it.

    The complainant's own people; officials of the hromada who may read what the opened proposals say.
    """
    if appeal is None:
        return False
    if accounts.can_edit_for(user, appeal.organisation):
        return True
    return bool(can_run_competition(user, appeal.competition)) and bool(can_read_opened(user, appeal.competition))


rules.add_perm("procurement.read_appeal", can_read_appeal)
