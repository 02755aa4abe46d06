"""Recusals: proposed by a declaration, a match or somebody who raises one; decided by somebody who is not concerned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.steps import lock_competition
from procurement.domain.evaluation.matching import Match, applicants_of, evidence_of_all
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.steps import member_actor, move
from procurement.enums import (
    CompetitionState,
    InterestKind,
    MemberRole,
    MinutesState,
    RecusalSource,
    RecusalState,
    RoundState,
    SheetState,
)
from procurement.evaluation_notifications import note_evaluation
from procurement.models import CommissionMember, Competition, EvaluationRound, Minutes, Recusal, ScoreSheet
from procurement.workflow import RECUSAL, SHEET
from registry.domain.desk import actor_for
from registry.domain.providers import CLOCK, Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

Evidence = list[dict[str, str]]


def require_undecided(competition: Competition) -> EvaluationRound | None:
    """Return the running round, if one has begun; raises `StepRefused` where interests change nothing any more."""
    if competition.state != CompetitionState.OPENED:
        raise StepRefused(_("Interests are declared after the proposals are opened and before the decision."))
    round_ = competition.rounds.filter(state__in=RoundState.running).first()
    if round_ is not None and round_.state == RoundState.MINUTED:
        raise StepRefused(_("The minutes are signed: a recusal is not possible any more, an appeal is."))
    return round_


# --- proposing -------------------------------------------------------------------------------------------------------


def propose_found(
    member: CommissionMember,
    competition: Competition,
    matches: Sequence[Match],
    ties: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    now: datetime,
) -> list[Recusal]:
    """Propose a recusal for each applicant to which the member declared a tie or the portal found one.

    The matches are those of `evidence_of_all`. What waits already is told the new evidence; what was dismissed is not
    proposed again on the same evidence.
    """
    made = []
    tied = [*(tie["organisation"] for tie in ties), *(one.organisation_id for one in matches)]
    for organisation in dict.fromkeys(tied):
        own = [tie for tie in ties if tie["organisation"] == organisation]
        found = [one for one in matches if one.organisation_id == organisation]
        evidence: Evidence = [{"kind": "declared", "tie": tie["kind"], "words": tie["text"]} for tie in own]
        evidence += [{"kind": one.kind, "tie": one.ground, "words": one.words} for one in found]
        if _is_known(member, competition, organisation, evidence):
            continue
        recusal = Recusal(
            competition=competition,
            member=member,
            organisation_id=organisation,
            source=RecusalSource.DECLARED if own else RecusalSource.MATCH,
            ground=own[0]["kind"] if own else found[0].ground,
            evidence=evidence,
            proposed_at=now,
        )
        made.append(_write(recusal, actor, now))
    return made


def _is_known(member: CommissionMember, competition: Competition, organisation: int, evidence: Evidence) -> bool:
    """Say whether nothing new is proposed: it waits, is confirmed, or all of this evidence was dismissed."""
    judged: Evidence = []
    for earlier in member.recusals.filter(competition=competition, organisation=organisation):
        if earlier.state == RecusalState.CONFIRMED:
            return True
        if earlier.state == RecusalState.PROPOSED:
            earlier.evidence = [*earlier.evidence, *(one for one in evidence if one not in earlier.evidence)]
            earlier.save(update_fields=["evidence"])
            return True
        judged += earlier.evidence
    return all(one in judged for one in evidence)


def _write(recusal: Recusal, actor: Actor, now: datetime) -> Recusal:
    recusal.save(force_insert=True)
    competition = recusal.competition
    recusal.log_seq = record(
        recusal,
        "propose",
        actor=actor,
        now=now,
        competition=competition,
        payload={"member": recusal.member_id, "source": recusal.source},
    )
    recusal.save(update_fields=["log_seq"])
    note_evaluation(competition=competition, about=recusal, step="propose", now=now)
    return recusal


@transaction.atomic
def find_recusals(*, competition_id: int, now: datetime) -> list[Recusal]:
    """Look again at every member who has declared: mandates, interests and awards may be newer than the declaration."""
    competition = lock_competition(competition_id)
    if require_undecided(competition) is None or competition.commission is None:
        return []
    declared = competition.declarations.filter(replaced_at__isnull=True).values("member")
    members = list(competition.commission.members.active().filter(pk__in=declared))
    matches = evidence_of_all(members, competition)
    made = []
    for member in members:
        if matches[member.pk]:
            made += propose_found(member, competition, matches[member.pk], (), actor=CLOCK, now=now)
    return made


def find_everywhere(*, now: datetime) -> int:
    """Look again in every competition that is evaluated now; return how many recusals are proposed."""
    rows = EvaluationRound.objects.filter(state__in=RoundState.running, competition__state=CompetitionState.OPENED)
    found = 0
    for pk in rows.exclude(state=RoundState.MINUTED).order_by("pk").values_list("competition", flat=True):
        # the minutes may have been signed meanwhile
        with suppress(StepRefused):
            found += len(find_recusals(competition_id=pk, now=now))
    return found


@transaction.atomic
def raise_recusal(
    *,
    competition_id: int,
    member_id: int,
    organisation_id: int | None,
    ground: str,
    reason: str,
    user: User,
    now: datetime,
) -> Recusal:
    """Propose the recusal of a member as an official or another member."""
    competition = lock_competition(competition_id)
    actor = overseer_of(competition, user) or _other_member(competition, user)
    if actor is None or competition.commission is None:
        raise PermissionDenied
    require_undecided(competition)
    member = competition.commission.members.active().get(pk=member_id)
    if organisation_id is not None and organisation_id not in {one.pk for one in applicants_of(competition)}:
        raise StepRefused(_("This organisation is not among the applicants."))
    if ground not in InterestKind.values:
        raise StepRefused(_("Say what the tie is."))
    told = reason.strip()
    if not told:
        raise StepRefused(_("Say in words what ties the member: the decision rests on it."))
    if member.recusals.filter(
        competition=competition, organisation=organisation_id, state__in=RecusalState.barring
    ).exists():
        raise StepRefused(_("Such a recusal is proposed already."))
    recusal = Recusal(
        competition=competition,
        member=member,
        organisation_id=organisation_id,
        source=RecusalSource.RAISED,
        ground=ground,
        evidence=[{"kind": "raised", "tie": ground, "words": told}],
        proposed_at=now,
    )
    return _write(recusal, actor, now)


# --- deciding --------------------------------------------------------------------------------------------------------


def overseer_of(competition: Competition, user: User) -> Actor | None:
    """Return the official as who looks after interests in a competition.

    None who is recused, nor a member who has not declared yet.
    """
    if not rules.can_run_competition(user, competition) or rules.is_kept_away(user, competition):
        return None
    member = rules.membership(user, competition)
    if member is not None and not rules.has_declared(member, competition):
        return None
    return actor_for(user, Role.COMMISSIONER)


def _other_member(competition: Competition, user: User) -> Actor | None:
    member = rules.membership(user, competition)
    if member is None or rules.was_recused(user, competition) or not rules.has_declared(member, competition):
        return None
    return member_actor(member)


def presiding_of(competition: Competition, user: User) -> CommissionMember | None:
    """Return the person's membership where it presides: the chair, or the deputy while the chair is kept away."""
    member = rules.membership(user, competition)
    if member is None or member.role not in MemberRole.presiding or _other_member(competition, user) is None:
        return None
    if member.role == MemberRole.CHAIR:
        return member
    chairs = CommissionMember.objects.active().filter(commission=competition.commission_id, role=MemberRole.CHAIR)
    return None if chairs.exclude(pk__in=rules.barred_members(competition)).exists() else member


def judge_of(recusal: Recusal, user: User) -> Actor | None:
    """Return the person as who may decide the recusal: an official, chair or deputy, never the member concerned."""
    if recusal.member.user_id == user.pk:
        return None
    official = overseer_of(recusal.competition, user)
    if official is not None:
        return official
    member = presiding_of(recusal.competition, user)
    return member_actor(member) if member else None


@transaction.atomic
def decide_recusal(*, recusal_id: int, confirm: bool, reason: str, user: User, now: datetime) -> Recusal:
    """Confirm or dismiss, as `judge_of` says who may. A confirmed one takes away a draft sheet.

    Refused once the minutes are signed; those that are drawn up are withdrawn first: they name who took part.
    """
    known = Recusal.objects.get(pk=recusal_id)
    competition = lock_competition(known.competition_id)
    recusal = Recusal.objects.select_for_update(of=("self",)).select_related("member").get(pk=recusal_id)
    recusal.competition = competition
    actor = judge_of(recusal, user)
    if actor is None:
        raise PermissionDenied
    round_ = require_undecided(competition)
    if round_ is not None and Minutes.objects.filter(round=round_, state=MinutesState.DRAFT).exists():
        raise StepRefused(_("Minutes are drawn up already. Withdraw them first: they name who took part."))
    step = "confirm" if confirm else "dismiss"
    RECUSAL.step(step, state=recusal.state, comment="-")
    recusal.reason = reason.strip()
    if not recusal.reason:
        raise StepRefused(_("Give the reason of the decision in words."))
    recusal.decided_at, recusal.decided_by = now, user
    recusal.log_seq = move(
        recusal,
        step,
        flow=RECUSAL,
        actor=actor,
        now=now,
        competition=competition,
        comment=recusal.reason,
        payload={"member": recusal.member_id},
        fields=["reason", "decided_at", "decided_by"],
    )
    recusal.save(update_fields=["log_seq"])
    if confirm and round_ is not None:
        for sheet in ScoreSheet.objects.filter(round=round_, member=recusal.member, state=SheetState.DRAFT):
            move(sheet, "lapse", flow=SHEET, actor=actor, now=now, competition=competition)
    note_evaluation(competition=competition, about=recusal, step=step, now=now)
    return recusal
