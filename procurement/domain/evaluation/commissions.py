"""The commission: drafted, appointed by an act, changed by acts, dissolved; given to a competition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel import documents
from portal.kernel.calendar import day_of
from portal.kernel.visibility import Audience
from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.domain.calls.drafts import profile_for
from procurement.domain.calls.freezing import live_rules
from procurement.domain.calls.steps import lock_competition, official_of
from procurement.domain.evaluation.commission_readers import KIND
from procurement.domain.evaluation.invitations import accept_invitation
from procurement.domain.evaluation.members import commissioning_actor, end_membership, lock_commission, put_member
from procurement.domain.evaluation.quorum import rule_source
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.steps import move
from procurement.enums import CommissionState, CompetitionState, MemberRole, RoundState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import Commissioner, Competition, CompetitionCommission, EvaluationRound
from procurement.rules import is_kept_away
from procurement.workflow import COMMISSION_FLOW
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "accept_invitation",
    "appoint",
    "assign_commission",
    "create_commission",
    "dissolve",
    "end_membership",
    "put_member",
    "save_commission",
]
FIELDS: Final = ("title", "act_number", "act_on", "act_body", "act_url", "act_document")
# whose policy says how many a commission has
PROCEDURE: Final = "social-order"
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Lack:
    """What keeps a commission from being appointed: the field, and the sentence for who prepares it."""

    field: str
    text: Words


# --- the draft -------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_commission(*, user: User, commissioner_id: int, title: str, now: datetime) -> CompetitionCommission:
    """Begin a draft; raises `PermissionDenied` for a hromada that the official does not answer for."""
    commissioner = Commissioner.objects.select_related("hromada").get(pk=commissioner_id)
    role = commissioner_role(user, commissioner.hromada)
    if not title.strip():
        raise StepRefused(_("Give the commission a name."))
    commission = CompetitionCommission.objects.create(
        commissioner=commissioner, hromada=commissioner.hromada, title=title.strip(), created_by=user, created_at=now
    )
    record(commission, "begin", actor=Actor(user, role), now=now, subject=_about(commission))
    return commission


@transaction.atomic
def save_commission(
    *, commission_id: int, user: User, values: Mapping[str, Any], now: datetime
) -> CompetitionCommission:
    """Write title and act (`act_number act_on act_body act_url act_document`) of a draft.

    The document comes as the file that was sent, or as None to take it out; raises `DocumentRefused`.
    """
    commission = _lock_draft(commission_id, user)
    if unknown := set(values) - set(FIELDS):
        raise KeyError(f"a commission has no {sorted(unknown)}")
    for name, value in values.items():
        if isinstance(value, File):
            documents.refuse_flood(user, now)
            value = documents.store(  # noqa: PLW2901 the file stands where its row is kept
                value, kind=KIND, subject=_about(commission), by=user, at=now, audience=Audience.PUBLIC
            )
        setattr(commission, name, value.strip() if isinstance(value, str) else value)
    if not commission.title:
        raise StepRefused(_("Give the commission a name."))
    commission.save(update_fields=list(FIELDS))
    return commission


@transaction.atomic
def discard_commission(*, commission_id: int, user: User, now: datetime) -> None:
    """Throw a draft away with its members; one that was appointed stays for ever."""
    commission = _lock_draft(commission_id, user)
    record(commission, "discard", actor=commissioning_actor(commission, user), now=now, subject=_about(commission))
    commission.delete()


def _lock_draft(commission_id: int, user: User) -> CompetitionCommission:
    commission = lock_commission(commission_id)
    commissioning_actor(commission, user)
    if commission.state != CommissionState.DRAFT:
        raise StepRefused(_("The commission is appointed: it is changed by acts about its members alone."))
    return commission


# --- appointed -------------------------------------------------------------------------------------------------------


def policy_for(commission: CompetitionCommission, now: datetime) -> Mapping[str, Any]:
    """Return what the live rules of the hromada, else the national ones, say of commissions."""
    profile = profile_for(commission.commissioner, PROCEDURE, day_of(now))
    return live_rules(profile, day_of(now)).policy


def lacks_of(commission: CompetitionCommission, now: datetime) -> list[Lack]:
    """Return all that keeps the draft from being appointed, in the order of the page."""
    found = []
    if not commission.act_number:
        found.append(Lack("act_number", _("Give the number of the appointing act.")))
    if commission.act_on is None:
        found.append(Lack("act_on", _("Give the date of the appointing act.")))
    elif commission.act_on > day_of(now):
        found.append(Lack("act_on", _("The appointing act is dated later than today.")))
    if not commission.act_body:
        found.append(Lack("act_body", _("Say who appointed the commission.")))
    return [*found, *_lacks_of_members(commission, policy_for(commission, now))]


def _lacks_of_members(commission: CompetitionCommission, policy: Mapping[str, Any]) -> list[Lack]:
    roles = list(commission.members.active().values_list("role", flat=True))
    found = []
    fewest = policy.get("commission_min")
    if fewest is not None and len(roles) < fewest:
        text = ngettext(
            "The commission needs at least %(fewest)d members, and it has %(number)d.",
            "The commission needs at least %(fewest)d members, and it has %(number)d.",
            len(roles),
        )
        found.append(Lack("members", f"{text % {'fewest': fewest, 'number': len(roles)}} {rule_source(policy)}"))
    if roles.count(MemberRole.CHAIR) != 1:
        found.append(Lack("members", _("The commission needs one chair.")))
    if MemberRole.SECRETARY not in roles:
        found.append(Lack("members", _("The commission needs a secretary.")))
    return found


@transaction.atomic
def appoint(*, commission_id: int, user: User, now: datetime) -> CompetitionCommission:
    """Appoint; from now on the commission is public. Raises `StepRefused` with all that it lacks.

    The act is complete, there are one chair, a secretary and no fewer members than the live policy's `commission_min`.
    """
    commission = lock_commission(commission_id)
    actor = commissioning_actor(commission, user)
    COMMISSION_FLOW.step("appoint", state=commission.state)
    if lacks := lacks_of(commission, now):
        raise StepRefused(" ".join(str(one.text) for one in lacks))
    commission.appointed_at = now
    members = commission.members.active().count()
    commission.log_seq = move(
        commission,
        "appoint",
        flow=COMMISSION_FLOW,
        actor=actor,
        now=now,
        competition=None,
        subject=_about(commission),
        payload={
            "members": members,
            "act": commission.act_number,
            "act_on": commission.act_on.isoformat() if commission.act_on else "",
        },
        fields=["appointed_at"],
    )
    commission.save(update_fields=["log_seq"])
    return commission


@transaction.atomic
def dissolve(*, commission_id: int, user: User, reason: str, now: datetime) -> CompetitionCommission:
    """End a commission; refused while a round of it runs."""
    commission = lock_commission(commission_id)
    actor = commissioning_actor(commission, user)
    COMMISSION_FLOW.step("dissolve", state=commission.state, comment=reason)
    if EvaluationRound.objects.filter(commission=commission, state__in=RoundState.running).exists():
        raise StepRefused(_("The commission evaluates a competition now. It can be dissolved after the decision."))
    commission.dissolved_at, commission.end_reason = now, reason.strip()
    move(
        commission,
        "dissolve",
        flow=COMMISSION_FLOW,
        actor=actor,
        now=now,
        competition=None,
        subject=_about(commission),
        comment=reason,
        fields=["dissolved_at", "end_reason"],
    )
    return commission


@transaction.atomic
def assign_commission(*, competition_id: int, commission_id: int, user: User, now: datetime) -> Competition:
    """Give an appointed commission of the same commissioner to a competition that is not decided.

    Refused while a round of another commission runs; after an annulled one there may be another commission. Who is
    recused in the competition does not choose who evaluates.
    """
    competition = lock_competition(competition_id)
    actor = official_of(competition, user)
    commission = lock_commission(commission_id)
    if competition.state in (*CompetitionState.decided, *CompetitionState.ended):
        raise StepRefused(_("The competition is over: it needs no commission."))
    if commission.state != CommissionState.APPOINTED or commission.commissioner_id != competition.commissioner_id:
        raise StepRefused(_("Choose an appointed commission of the body that announced the competition."))
    if competition.rounds.filter(state__in=RoundState.running).exclude(commission=commission).exists():
        raise StepRefused(_("Another commission evaluates this competition already."))
    if is_kept_away(user, competition):
        raise StepRefused(_("You are recused in this competition: somebody else chooses its commission."))
    competition.commission = commission
    competition.save(update_fields=["commission"])
    payload = {"competition": competition.number or ""}
    record(
        commission,
        "assign",
        actor=actor,
        now=now,
        competition=competition if competition.number else None,
        subject=_about(commission),
        payload=payload,
    )
    note_evaluation(competition=competition, about=commission, step="assign", now=now)
    return competition


def _about(commission: CompetitionCommission) -> str:
    return f"procurement.commission:{commission.pk}"
