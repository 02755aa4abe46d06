"""Invitations: a representative offers a mandate to an address; its owner takes it, once and in time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts import notifications, rules
from portal.accounts.domain import log
from portal.accounts.domain.mandates import give_mandate
from portal.accounts.models import Invitation, Mandate, Organisation
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused

if TYPE_CHECKING:
    from portal.accounts.models import User

UNKNOWN = _("This invitation does not work: it was used, taken back, or is too old. Ask for a new one.")


class ForAnotherAddress(StepRefused):
    """The invitation is for an address that this account has not confirmed."""

    def __init__(self) -> None:
        super().__init__(_("This invitation is for another e-mail address. Sign in with the one it was sent to."))


@transaction.atomic
def invite_person(
    *, user: User, organisation_id: int, email: str, scope: str, valid_to: date | None, now: datetime
) -> Invitation:
    """Write the invitation and the letter that carries its key; an earlier one of the same address is taken back."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    address = email.strip().lower()
    _check_offer(user, organisation, address, scope, valid_to, day_of(now))
    sent = Invitation.objects.filter(organisation=organisation, at__gt=now - timedelta(days=1)).count()
    if sent >= settings.INVITATIONS_A_DAY:
        raise StepRefused(_("The organisation has sent many invitations today. Go on tomorrow."))
    earlier = Invitation.objects.open(now).filter(organisation=organisation, email=address, scope=scope)
    earlier.update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        scope=scope,
        valid_to=valid_to,
        invited_by=user,
        at=now,
        expires_at=now + settings.INVITATION_LIFE,
        token_digest=digest(token),
    )
    _note("made", invitation, role=log.REPRESENTATIVE, now=now)
    notifications.invited(invitation, token)
    return invitation


def find_invitation(*, user: User, token: str, now: datetime) -> Invitation:
    """Return the open invitation that the key leads to, for the person it was sent to; `StepRefused` for others."""
    invitation = (
        Invitation.objects.open(now).select_related("organisation", "invited_by").filter(token_digest=digest(token))
    ).first()
    if invitation is None:
        raise StepRefused(UNKNOWN)
    if not EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True).exists():
        raise ForAnotherAddress
    return invitation


@transaction.atomic
def accept_invitation(*, user: User, token: str, now: datetime) -> Mandate:
    """Take up the mandate that was offered; the key works once, for the confirmed address it was sent to."""
    found = find_invitation(user=user, token=token, now=now)
    Organisation.objects.select_for_update().get(pk=found.organisation_id)
    invitation = Invitation.objects.select_for_update(of=("self",)).open(now).filter(pk=found.pk).first()
    if invitation is None or not user.is_active:
        raise StepRefused(UNKNOWN)
    if not rules.can_manage_people(invitation.invited_by, invitation.organisation):
        raise StepRefused(_("Whoever invited you may not do so any more. Ask the organisation for a new invitation."))
    mandate = give_mandate(
        person=user,
        organisation=invitation.organisation,
        scope=invitation.scope,
        valid_to=invitation.valid_to,
        granted_by=invitation.invited_by,
        now=now,
    )
    invitation.accepted_by, invitation.accepted_at = user, now
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    _note("accepted", invitation, role=log.INVITED, now=now, mandate=mandate.pk)
    notifications.invitation_accepted(invitation)
    return mandate


@transaction.atomic
def revoke_invitation(*, invitation_id: int, user: User, now: datetime) -> Invitation:
    """Take back an invitation that nobody has accepted yet."""
    invitations = Invitation.objects.select_for_update(of=("self",)).select_related("organisation")
    invitation = invitations.get(pk=invitation_id)
    if not rules.can_manage_people(user, invitation.organisation):
        raise StepRefused(_("Only a representative of the organisation invites people."))
    if invitation.accepted_at or invitation.revoked_at:
        raise StepRefused(_("This invitation was used or taken back already."))
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _note("revoked", invitation, role=log.REPRESENTATIVE, now=now)
    notifications.invitation_revoked(invitation)
    return invitation


def digest(token: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(token.encode()).hexdigest()


def _check_offer(
    user: User, organisation: Organisation, address: str, scope: str, valid_to: date | None, today: date
) -> None:
    if not rules.can_manage_people(user, organisation):
        raise StepRefused(_("Only a representative of the organisation invites people."))
    if valid_to is not None and valid_to < today:
        raise StepRefused(_("The mandate would end before it begins."))
    held = Mandate.objects.standing(today).filter(organisation=organisation, scope=scope)
    if held.filter(person__email__iexact=address).exists():
        raise StepRefused(_("This person has such a mandate already."))


def _note(tag: str, invitation: Invitation, *, role: str, now: datetime, **payload: Any) -> None:
    log.note(
        f"invitation:{tag}",
        invitation,
        invitation.email,
        role=role,
        now=now,
        organisation=invitation.organisation_id,
        scope=invitation.scope,
        **payload,
    )
