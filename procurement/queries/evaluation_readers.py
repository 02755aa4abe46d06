"""Who reads what is written about an evaluation: members who take part, officials, applicants."""

from __future__ import annotations

from datetime import date

from portal.accounts.models import User
from procurement import rules
from procurement.enums import ProposalState
from procurement.models import CommissionMember, Competition, EvaluationRound, Proposal
from procurement.queries.readers import commissioners_of, people_of_all


def members_told(round_: EvaluationRound) -> list[CommissionMember]:
    """Return the members who take part and can sign in: no recusal, proposed or confirmed, keeps them away."""
    members = CommissionMember.objects.active().filter(commission=round_.commission_id, user__is_active=True)
    return list(members.exclude(pk__in=rules.barred_members(round_.competition)).select_related("user"))


def officials_told(competition: Competition) -> list[User]:
    """Return the officials who order services there, without those who are recused or act for an applicant."""
    away = set(rules.kept_away(competition).values_list("pk", flat=True))
    return [user for user in commissioners_of(competition) if user.pk not in away]


def applicants_told(competition: Competition, on: date) -> list[tuple[Proposal, list[User]]]:
    """Return every opened proposal with those who act for its applicant on the day."""
    rows = competition.proposals.filter(state=ProposalState.OPENED).select_related("organisation").order_by("number")
    proposals = list(rows)
    people = people_of_all([one.organisation_id for one in proposals], on)
    for one in proposals:
        one.competition = competition
    return [(one, people[one.organisation_id]) for one in proposals if one.organisation_id in people]
