"""What is asked of commissions: by officials, by members about themselves, by everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q

from procurement.enums import CommissionState, CompetitionState, InterestKind, RecusalState
from procurement.models import (
    CommissionMember,
    Competition,
    CompetitionCommission,
    EvaluationStep,
    InterestDeclaration,
    MemberInterest,
    Recusal,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User

# the steps by which a composition changes once the commission is appointed
CHANGES = ("add", "end")


@dataclass(frozen=True, slots=True)
class Change:
    """A member who came or left after the appointment, and by what act."""

    on: date
    is_new: bool
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class ToldRecusal:
    """A decided recusal without its applicant, its evidence and its reason."""

    state: str
    ground: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What everybody reads of interests in a decided competition: when one declared, and recusals by their kind."""

    name: str
    declared_at: datetime | None
    recusals: list[ToldRecusal]


# --- of officials ----------------------------------------------------------------------------------------------------


def commissions_with_counts(rows: QuerySet[CompetitionCommission]) -> QuerySet[CompetitionCommission]:
    """Add the bodies, how many members there are, and how many of them have no account yet."""
    here = Q(members__until__isnull=True)
    return rows.select_related("commissioner__organisation", "hromada__oblast").annotate(
        number_of_members=Count("members", filter=here, distinct=True),
        number_waiting=Count("members", filter=here & Q(members__user__isnull=True), distinct=True),
    )


def appointed_for(competition: Competition) -> QuerySet[CompetitionCommission]:
    """Return the commissions that may be given to the competition."""
    rows = CompetitionCommission.objects.filter(
        commissioner=competition.commissioner_id, state=CommissionState.APPOINTED
    )
    return commissions_with_counts(rows)


# --- of a member -----------------------------------------------------------------------------------------------------


def memberships_of(user: User) -> list[CommissionMember]:
    rows = CommissionMember.objects.active().of(user).exclude(commission__state=CommissionState.DISSOLVED)
    return list(rows.select_related("commission__commissioner__organisation").order_by("pk"))


def interests_of(user: User) -> list[MemberInterest]:
    """Return what the person told, the same tie of several memberships once."""
    rows = MemberInterest.objects.filter(
        member__in=CommissionMember.objects.active().of(user), ended_at__isnull=True
    ).order_by("pk")
    return list({(one.kind, one.name, one.code): one for one in rows}.values())


# --- of everybody ----------------------------------------------------------------------------------------------------


def public_commissions() -> QuerySet[CompetitionCommission]:
    """Return the commissions that everybody may see: appointed ones and dissolved ones, the newest first."""
    appointed = CompetitionCommission.objects.exclude(state=CommissionState.DRAFT)
    return commissions_with_counts(appointed).order_by("-appointed_at", "-pk")


def changes_of(commission: CompetitionCommission, members: list[CommissionMember]) -> list[Change]:
    """Return how the composition changed after the appointment, in the order of time."""
    if commission.appointed_at is None:
        return []
    names = {str(one.pk): one for one in members}
    steps = EvaluationStep.objects.filter(
        thing="commissionmember", key__in=names, step__in=CHANGES, at__gt=commission.appointed_at
    )
    found = []
    for step in steps.order_by("at", "pk"):
        member, is_new = names[step.key], step.step == "add"
        on = member.since if is_new else member.until or step.at.date()
        found.append(Change(on, is_new, member.name, step.comment))
    return found


def work_of(commission: CompetitionCommission) -> list[Competition]:
    """Return the announced competitions that the commission has or had, the latest first."""
    rows = Competition.objects.public().filter(
        Q(commission=commission) | Q(pk__in=commission.rounds.values("competition"))
    )
    return list(rows.order_by("-published_at", "-pk"))


def interests_told(competitions: list[Competition], commission: CompetitionCommission) -> dict[int, list[Told]]:
    """Return, for each decided competition, what is public of declarations and recusals of the commission's members.

    Nothing before the decision: the kind of a tie beside a member's known employer would name an applicant. Never the
    organisation, never the evidence.
    """
    decided = [one.pk for one in competitions if one.state in CompetitionState.decided]
    declared = InterestDeclaration.objects.filter(competition__in=decided, replaced_at__isnull=True)
    judged = (
        Recusal.objects.filter(competition__in=decided)
        .exclude(state=RecusalState.PROPOSED)
        .order_by("decided_at", "pk")
    )
    members = commission.members.prefetch_related(
        Prefetch("declarations", declared, to_attr="told"), Prefetch("recusals", judged, to_attr="judged")
    )
    found: dict[int, list[Told]] = {pk: [] for pk in decided}
    for member in members if decided else ():
        for pk in decided:
            at = next((one.at for one in member.told if one.competition_id == pk), None)
            recusals = [_told(one) for one in member.judged if one.competition_id == pk]
            if at or recusals:
                found[pk].append(Told(member.name, at, recusals))
    return found


def _told(recusal: Recusal) -> ToldRecusal:
    kind = InterestKind(recusal.ground).label if recusal.ground in InterestKind.values else ""
    return ToldRecusal(recusal.get_state_display(), str(kind), recusal.decided_at)
