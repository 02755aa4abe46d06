"""Members of a commission: named while it is drafted, afterwards added and ended by acts of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.kernel.calendar import day_of
from portal.kernel.identifiers import clean_edrpou
from portal.kernel.norms import DAY_FORMAT
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.steps import lock_competition, require_reason
from procurement.domain.evaluation.invitations import subject_of, tie_or_invite
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.steps import move
from procurement.enums import CommissionState, MemberRole, RoundState, SheetState
from procurement.models import CommissionMember, CompetitionCommission, EvaluationRound, ScoreSheet
from procurement.workflow import SHEET
from registry.domain.desk import actor_for
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

FIELDS: Final = ("name", "email", "position", "body", "body_code", "role", "since", "order")
# the act by which a member enters an appointed commission
ACT_FIELDS: Final = ("act_number", "act_on")


def lock_commission(commission_id: int) -> CompetitionCommission:
    """Return the commission, its row held alone until the transaction ends."""
    rows = CompetitionCommission.objects.select_for_update(of=("self",))
    return rows.select_related("hromada", "commissioner__organisation").get(pk=commission_id)


def commissioning_actor(commission: CompetitionCommission, user: User) -> Actor:
    """Return the official as who acts for the hromada of the commission; raises `PermissionDenied`."""
    if not rules.can_commission(user, commission.hromada):
        raise PermissionDenied
    return actor_for(user, Role.COMMISSIONER)


@transaction.atomic
def put_member(
    *, commission_id: int, user: User, values: Mapping[str, Any], now: datetime, member_id: int | None = None
) -> CommissionMember:
    """Add or change a member (`name email position body body_code role since order`). Raises `StepRefused`.

    An account with this confirmed address is tied at once, else the person is invited. In an appointed commission only
    additions, by an act of their own (`act_number act_on`).
    """
    commission = lock_commission(commission_id)
    actor = commissioning_actor(commission, user)
    _refuse_unknown(values)
    if commission.state == CommissionState.DISSOLVED:
        raise StepRefused(_("The commission is dissolved."))
    if commission.state == CommissionState.APPOINTED and member_id is not None:
        raise StepRefused(_("Members of an appointed commission are not rewritten: end one membership, begin another."))
    member = _found(commission, member_id)
    had = member.email
    _write_values(member, values, now)
    _check_alone(member)
    act = _act_of(commission, member, values, now)
    if had and had != member.email:
        member.user, member.invitation_digest, member.invited_at = None, "", None
    member.save()
    if member.user_id is None and had != member.email:
        tie_or_invite(member, now)
    step, payload = ("change" if member_id else "add"), {"role": member.role, **act}
    record(member, step, actor=actor, now=now, subject=subject_of(member), payload=payload, comment=_words(act))
    return member


@transaction.atomic
def remove_member(*, member_id: int, user: User, now: datetime) -> None:
    """Take a person out of a draft; what was sent to them does not work any more."""
    known = CommissionMember.objects.get(pk=member_id)
    commission = lock_commission(known.commission_id)
    actor = commissioning_actor(commission, user)
    if commission.state != CommissionState.DRAFT:
        raise StepRefused(_("The commission is appointed: a membership is ended by an act, not removed."))
    record(known, "remove", actor=actor, now=now, subject=subject_of(known))
    known.delete()


@transaction.atomic
def end_membership(*, member_id: int, user: User, until: date, reason: str, now: datetime) -> CommissionMember:
    """Take a member out of an appointed commission; what the member filed in a finished round stays.

    Refused while a round in which the member has filed scores goes on: those scores are in it. The reason is public and
    names the act. A recusal bars the person as before.
    """
    known = CommissionMember.objects.get(pk=member_id)
    _hold_evaluations(known.commission_id)
    commission = lock_commission(known.commission_id)
    actor = commissioning_actor(commission, user)
    member = CommissionMember.objects.select_for_update(of=("self",)).get(pk=member_id)
    if commission.state != CommissionState.APPOINTED or member.until is not None:
        raise StepRefused(_("Only a member of an appointed commission is taken out of it."))
    if not member.since <= until <= day_of(now):
        raise StepRefused(_("The membership ends not before it began and not later than today."))
    told = require_reason(reason)
    going_on = ScoreSheet.objects.filter(member=member, round__state__in=RoundState.running)
    if going_on.filter(state=SheetState.FILED).exclude(round__state=RoundState.MINUTED).exists():
        raise StepRefused(
            _("The member has filed scores in a competition that is evaluated now. Wait until its minutes are signed.")
        )
    for sheet in going_on.filter(state=SheetState.DRAFT).select_related("round__competition"):
        move(sheet, "lapse", flow=SHEET, actor=actor, now=now, competition=sheet.round.competition)
    member.until, member.invitation_digest = until, ""
    member.save(update_fields=["until", "invitation_digest"])
    payload = {"role": member.role, "until": until.isoformat()}
    record(member, "end", actor=actor, now=now, subject=subject_of(member), payload=payload, comment=told)
    return member


def _hold_evaluations(commission_id: int) -> None:
    """Hold the competitions that the commission evaluates now: a sheet is not filed while its member is taken out."""
    running = EvaluationRound.objects.filter(commission=commission_id, state__in=RoundState.running)
    for competition_id in running.order_by("competition").values_list("competition", flat=True):
        lock_competition(competition_id)


def _refuse_unknown(values: Mapping[str, Any]) -> None:
    if unknown := set(values) - {*FIELDS, *ACT_FIELDS}:
        raise KeyError(f"a member has no {sorted(unknown)}")


def _found(commission: CompetitionCommission, member_id: int | None) -> CommissionMember:
    members = commission.members
    if member_id is not None:
        found: CommissionMember = members.get(pk=member_id)
        found.commission = commission
        return found
    last = members.order_by("-order").values_list("order", flat=True).first()
    return CommissionMember(commission=commission, order=0 if last is None else last + 1)


def _write_values(member: CommissionMember, values: Mapping[str, Any], now: datetime) -> None:
    for name in FIELDS:
        if name in values:
            value = values[name]
            setattr(member, name, value.strip() if isinstance(value, str) else value)
    member.email = member.email.lower()
    member.since = member.since or values.get("act_on") or day_of(now)
    if not member.name or not member.email:
        raise StepRefused(_("A member has a name and an e-mail address."))
    if member.role not in MemberRole.values:
        raise StepRefused(_("Choose the role in the commission."))
    if member.body_code:
        try:
            member.body_code = clean_edrpou(member.body_code)
        except ValidationError as error:
            raise StepRefused(" ".join(error.messages)) from error


def _check_alone(member: CommissionMember) -> None:
    """Refuse the same person twice, and a second chair: there is one at a time."""
    others = CommissionMember.objects.active().filter(commission=member.commission_id).exclude(pk=member.pk)
    if others.filter(email__iexact=member.email).exists():
        raise StepRefused(_("Somebody with this e-mail address is in the commission already."))
    if member.role == MemberRole.CHAIR and others.filter(role=MemberRole.CHAIR).exists():
        raise StepRefused(
            _("The commission has a chair already. Change that member's role first, or end the membership.")
        )


def _act_of(
    commission: CompetitionCommission, member: CommissionMember, values: Mapping[str, Any], now: datetime
) -> dict[str, str]:
    """Return the act of an addition, for the log; a draft needs none: the appointing act names everybody."""
    if commission.state == CommissionState.DRAFT:
        return {}
    number, on = str(values.get("act_number") or "").strip(), values.get("act_on")
    if not number or on is None:
        raise StepRefused(_("Give the number and the date of the act by which the member enters the commission."))
    if on > day_of(now) or member.since < on:
        raise StepRefused(_("The act is not later than today, and the membership begins not before it."))
    return {"act": number, "act_on": on.isoformat()}


def _words(act: Mapping[str, str]) -> str:
    if not act:
        return ""
    return _("Act № %(number)s of %(day)s") % {
        "number": act["act"],
        "day": date_format(date.fromisoformat(act["act_on"]), DAY_FORMAT),
    }
