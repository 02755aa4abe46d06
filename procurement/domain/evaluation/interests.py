"""Interests that members tell of and declare; a barred member gets nothing (`rules.can_read_opened`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.steps import lock_competition
from procurement.domain.evaluation.matching import Match, applicants_of, evidence_of_all, matches_of, matches_of_all
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.recusals import decide_recusal, propose_found, raise_recusal, require_undecided
from procurement.domain.evaluation.steps import member_actor
from procurement.enums import CompetitionState, InterestKind, RoundState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import CommissionMember, Competition, InterestDeclaration, MemberInterest

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "Match",
    "applicants_of",
    "decide_recusal",
    "declare",
    "matches_of",
    "matches_of_all",
    "raise_recusal",
    "take_back_interest",
    "tell_interest",
]
LONGEST_TIES = 100


# --- standing interests ----------------------------------------------------------------------------------------------


@transaction.atomic
def tell_interest(*, member_id: int, user: User, values: Mapping[str, Any], now: datetime) -> MemberInterest:
    """Write down a standing tie of one's own (`kind name code note`).

    Where the member has declared already and the tie leads to an applicant, a recusal is proposed at once.
    """
    member = _own(member_id, user)
    told = MemberInterest(member=member, told_at=now)
    for name in ("kind", "name", "code", "note"):
        setattr(told, name, str(values.get(name) or "").strip())
    if told.kind not in InterestKind.values or not told.name:
        raise StepRefused(_("Name the organisation and say what the tie is."))
    told.save(force_insert=True)
    actor = member_actor(member)
    record(member, "tell", actor=actor, now=now, subject=_about(member))
    declared = member.declarations.filter(replaced_at__isnull=True, competition__state=CompetitionState.OPENED)
    undecided = declared.exclude(competition__rounds__state=RoundState.MINUTED)
    for pk in sorted(set(undecided.values_list("competition", flat=True))):
        competition = lock_competition(pk)
        found = evidence_of_all([member], competition)[member.pk]
        propose_found(member, competition, found, (), actor=actor, now=now)
    return told


@transaction.atomic
def take_back_interest(*, interest_id: int, user: User, now: datetime) -> None:
    """End a tie that one told of; recusals that came of it stay until somebody else decides them."""
    told = MemberInterest.objects.get(pk=interest_id)
    member = _own(told.member_id, user)
    if told.ended_at is None:
        told.ended_at = now
        told.save(update_fields=["ended_at"])
        record(member, "take-back", actor=member_actor(member), now=now, subject=_about(member))


def _own(member_id: int, user: User) -> CommissionMember:
    found = CommissionMember.objects.active().of(user).filter(pk=member_id).first()
    if found is None:
        raise PermissionDenied
    return found


def _about(member: CommissionMember) -> str:
    return f"procurement.commission:{member.commission_id}"


# --- declarations ----------------------------------------------------------------------------------------------------


@transaction.atomic
def declare(
    *, competition_id: int, user: User, ties: Sequence[Mapping[str, Any]], now: datetime
) -> InterestDeclaration:
    """Declare, after opening, as a member: no ties, or for which applicants and of what kind.

    With ties, or where the portal finds any, a recusal is proposed at once. The log gets a salted digest alone.
    A later declaration takes the place of the earlier one; what the earlier one proposed still waits for its decision.
    """
    competition = lock_competition(competition_id)
    member = rules.membership(user, competition)
    if member is None:
        raise PermissionDenied
    require_undecided(competition)
    told = _clean_ties(ties, competition)
    member.declarations.filter(competition=competition, replaced_at__isnull=True).update(replaced_at=now)
    declaration = InterestDeclaration(
        competition=competition, member=member, has_interest=bool(told), ties=told, at=now
    )
    # salted: the few possible contents could be tried one after another
    declaration.digest = audit.personal_digest(audit.canonical(content_of(declaration)))
    declaration.save(force_insert=True)
    actor = member_actor(member)
    payload = {"member": member.pk, "digest": declaration.digest}
    declaration.log_seq = record(declaration, "declare", actor=actor, now=now, competition=competition, payload=payload)
    declaration.save(update_fields=["log_seq"])
    found = evidence_of_all([member], competition)[member.pk]
    propose_found(member, competition, found, told, actor=actor, now=now)
    note_evaluation(competition=competition, about=declaration, step="declare", now=now)
    return declaration


def content_of(declaration: InterestDeclaration) -> dict[str, Any]:
    """Return the canonical content of a declaration, whose salted digest the log has."""
    return {
        "competition": declaration.competition.number,
        "member": declaration.member_id,
        "ties": declaration.ties,
        "at": declaration.at.isoformat(),
    }


def _clean_ties(ties: Sequence[Mapping[str, Any]], competition: Competition) -> list[dict[str, Any]]:
    known = {one.pk for one in applicants_of(competition)}
    told = []
    for tie in ties[:LONGEST_TIES]:
        organisation, kind = tie.get("organisation"), str(tie.get("kind") or "")
        if organisation not in known or kind not in InterestKind.values:
            raise StepRefused(_("Name the applicant and say what the tie is."))
        told.append({"organisation": organisation, "kind": kind, "text": str(tie.get("text") or "").strip()})
    return told
