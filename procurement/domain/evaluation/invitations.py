"""How a named member gets to work: the account of the same address is tied at once, else the person is invited."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter, absolute, post
from portal.kernel.norms import MOMENT_FORMAT
from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.steps import member_actor
from procurement.enums import CommissionState
from procurement.models import CommissionMember, MemberInterest
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

A_DAY: Final = timedelta(days=1)


class ForAnotherAddress(StepRefused):
    """The invitation is for an address that this account has not confirmed."""

    def __init__(self) -> None:
        super().__init__(_("This invitation is for another e-mail address. Sign in with the one it was sent to."))


def account_of(email: str) -> User | None:
    """Return the active account that has confirmed this address."""
    rows = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True, user__is_active=True)
    found = rows.select_related("user").order_by("pk").first()
    return found.user if found else None


def tie_or_invite(member: CommissionMember, now: datetime) -> None:
    """Tie the account of the member's address, or send the key of an invitation to it; the row is saved here."""
    account = account_of(member.email)
    if account is None:
        _invite(member, now)
        return
    if CommissionMember.objects.active().filter(commission=member.commission_id, user=account).exists():
        raise StepRefused(_("This person is a member of the commission already."))
    _tie(member, account, now)
    _post_named(member)


@transaction.atomic
def invite_member(*, member_id: int, user: User, now: datetime) -> CommissionMember:
    """Send the invitation once more: the earlier letter does not work from then on. Raises `StepRefused`.

    The same address gets one letter a day, and the hromada's commissions send no more than settings let them.
    """
    member = (
        CommissionMember.objects.select_for_update(of=("self",)).select_related("commission__hromada").get(pk=member_id)
    )
    role = commissioner_role(user, member.commission.hromada)
    if member.user_id or member.until or member.commission.state == CommissionState.DISSOLVED:
        raise StepRefused(_("This person does not need an invitation."))
    if member.invited_at and member.invited_at > now - A_DAY:
        raise StepRefused(_("The letter was sent within the last day. Ask the person to look for it first."))
    tie_or_invite(member, now)
    record(member, "invite", actor=Actor(user, role), now=now, subject=subject_of(member))
    return member


def find_invitation(*, token: str, user: User, now: datetime) -> CommissionMember:
    """Return the membership that the key leads to, for the person it was sent to; `StepRefused` for everybody else."""
    rows = CommissionMember.objects.active().select_related("commission__commissioner__organisation")
    rows = rows.filter(user__isnull=True, invited_at__gt=now - settings.INVITATION_LIFE)
    rows = rows.exclude(commission__state=CommissionState.DISSOLVED)
    member = rows.filter(invitation_digest=digest_of_token(token)).first()
    if member is None or not user.is_active:
        raise StepRefused(
            _("This invitation does not work: it was used, taken back, or is too old. Ask for a new one.")
        )
    if not EmailAddress.objects.filter(user=user, email__iexact=member.email, verified=True).exists():
        raise ForAnotherAddress
    return member


@transaction.atomic
def accept_invitation(*, token: str, user: User, now: datetime) -> CommissionMember:
    """Tie the account to the membership that the token was sent for. Raises `StepRefused`.

    Only where the account's confirmed address is the one that was invited.
    """
    found = find_invitation(token=token, user=user, now=now)
    member = CommissionMember.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if member.user_id is not None or member.invitation_digest != digest_of_token(token):
        raise StepRefused(_("This invitation was used or taken back already."))
    if CommissionMember.objects.active().filter(commission=member.commission_id, user=user).exists():
        raise StepRefused(_("You are a member of this commission already."))
    _tie(member, user, now)
    record(member, "accept", actor=member_actor(member), now=now, subject=subject_of(member))
    return member


def digest_of_token(token: str) -> str:
    """Return what is kept of the key."""
    return hashlib.sha256(token.encode()).hexdigest()


def subject_of(member: CommissionMember) -> str:
    """Return the subject under which the log has everything about the member's commission."""
    return f"procurement.commission:{member.commission_id}"


def _tie(member: CommissionMember, account: User, now: datetime) -> None:
    """Give the membership its account, and with it what the person told of interests in other commissions."""
    member.user, member.invitation_digest = account, ""
    member.save(update_fields=["user", "invitation_digest"])
    earlier = MemberInterest.objects.filter(member__user=account, ended_at__isnull=True).exclude(member=member)
    told = {(one.kind, one.name, one.code): one for one in earlier}
    MemberInterest.objects.bulk_create(
        MemberInterest(member=member, kind=one.kind, name=one.name, code=one.code, note=one.note, told_at=now)
        for one in told.values()
    )


def _invite(member: CommissionMember, now: datetime) -> None:
    sent = CommissionMember.objects.filter(commission__hromada=member.commission.hromada_id, invited_at__gt=now - A_DAY)
    if sent.count() >= settings.INVITATIONS_A_DAY:
        raise StepRefused(_("Very many invitations were sent today. Go on tomorrow."))
    token = secrets.token_urlsafe(32)
    member.invitation_digest, member.invited_at = digest_of_token(token), now
    member.save(update_fields=["invitation_digest", "invited_at"])
    with translation.override(settings.LANGUAGE_CODE):
        until = date_format(timezone.localtime(now + settings.INVITATION_LIFE), MOMENT_FORMAT)
        letter = Letter(
            _("You are named in a commission of a competition"),
            (
                *_who_names(member),
                _("If you have no account yet, create one with this very address, then open the link again."),
                _("Members enter with a second factor: the portal helps to set it up, a phone is enough."),
            ),
            Action(_("Look at the invitation"), absolute(reverse("commission:invitation", args=[token]))),
            (_("The link works once, until %(until)s.") % {"until": until},),
        )
        # the key stands in this letter alone: nothing of it is kept once it has left
        post(f"procurement:commission-invitation:{member.invitation_digest}", member.email, letter, forget=True)


def _post_named(member: CommissionMember) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            _("You are named in a commission of a competition"),
            (
                *_who_names(member),
                _("Say once where you or people close to you work or own something. Nobody else reads it."),
            ),
            Action(_("My work in commissions"), absolute(reverse("commission:interests"))),
        )
        post(f"procurement:commission-member:{member.pk}:{member.user_id}", member.email, letter)


def _who_names(member: CommissionMember) -> tuple[str, ...]:
    commission = member.commission
    words = {
        "body": commission.commissioner.organisation.name,
        "commission": commission.title,
        "role": member.get_role_display(),
    }
    return (
        _("%(body)s names you in “%(commission)s” as %(role)s.") % words,
        _("A commission evaluates proposals of providers in a competition. Each member scores alone."),
    )
