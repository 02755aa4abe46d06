"""Who reads what is written about an evaluation: members who take part, officials, applicants."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from portal.accounts.models import User
from procurement.enums import ProposalState, RecusalState
from procurement.models import CommissionMember, Competition, EvaluationRound, Proposal, Recusal
from procurement.queries.readers import commissioners_of, people_of_all


def members_told(round_: EvaluationRound) -> list[CommissionMember]:
    """Return the members who take part and can sign in: no recusal, proposed or confirmed, keeps them away."""
    members = CommissionMember.objects.active().filter(commission=round_.commission_id, user__is_active=True)
    return list(members.exclude(pk__in=_barred(round_.competition).values("member")).select_related("user"))


def officials_told(competition: Competition) -> list[User]:
    """Return the officials who order services there, without those who are recused as members."""
    barred = set(_barred(competition).values_list("member__user", flat=True))
    return [user for user in commissioners_of(competition) if user.pk not in barred]


def applicants_told(competition: Competition, on: date) -> list[tuple[Proposal, list[User]]]:
    """Return every opened proposal with those who act for its applicant on the day."""
    rows = competition.proposals.filter(state=ProposalState.OPENED).select_related("organisation").order_by("number")
    proposals = list(rows)
    people = people_of_all([one.organisation_id for one in proposals], on)
    for one in proposals:
        one.competition = competition
    return [(one, people[one.organisation_id]) for one in proposals if one.organisation_id in people]


def _barred(competition: Competition) -> QuerySet[Recusal]:
    return Recusal.objects.filter(competition=competition, state__in=RecusalState.barring)
