"""Mandates: given by a confirmed claim or an accepted invitation, revoked by colleagues, oneself or an official."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts import notifications, rules
from portal.accounts.domain import log
from portal.accounts.enums import MandateScope, Role
from portal.accounts.models import Mandate, Organisation
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused

if TYPE_CHECKING:
    from portal.accounts.models import User


def give_mandate(
    *, person: User, organisation: Organisation, scope: str, valid_to: date | None, granted_by: User, now: datetime
) -> Mandate:
    """Write a mandate from today on; `StepRefused` when the person has one of the scope that is not over.

    The organisation's row is locked, so that two grants at once do not pass each other by.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    today = day_of(now)
    held = Mandate.objects.standing(today).filter(person=person, organisation=organisation, scope=scope)
    if held.exists():
        raise StepRefused(_("This person has such a mandate already."))
    if valid_to is not None and valid_to < today:
        raise StepRefused(_("The mandate would end before it begins."))
    return Mandate.objects.create(
        person=person,
        organisation=organisation,
        scope=scope,
        valid_from=today,
        valid_to=valid_to,
        granted_by=granted_by,
    )


@transaction.atomic
def revoke_mandate(*, mandate_id: int, by: User, ground: str, now: datetime) -> Mandate:
    """End a mandate at once. Representatives revoke those of their organisation, everybody the own, officials any.

    The last representative is revoked by an official alone: an organisation must not shut itself out.
    """
    known = Mandate.objects.select_related("organisation").get(pk=mandate_id)
    Organisation.objects.select_for_update().get(pk=known.organisation_id)
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("person", "organisation").get(pk=known.pk)
    role = _role_of(by, mandate)
    if mandate.revoked_at is not None:
        raise StepRefused(_("This mandate is revoked already."))
    if not ground.strip():
        raise StepRefused(_("Say why the mandate is revoked."))
    if role == log.REPRESENTATIVE and is_last_representative(mandate, day_of(now)):
        raise StepRefused(
            _("This is the organisation's last representative. Only a registrar can revoke this mandate.")
        )
    mandate.revoked_at, mandate.revoked_by, mandate.ground = now, by, ground.strip()
    mandate.save(update_fields=["revoked_at", "revoked_by", "ground"])
    log.note(
        "mandate:revoked",
        mandate,
        mandate.person.email,
        role=role,
        now=now,
        organisation=mandate.organisation_id,
        scope=mandate.scope,
    )
    notifications.mandate_revoked(mandate, now)
    return mandate


def is_last_representative(mandate: Mandate, today: date) -> bool:
    """Say whether nobody else could manage the organisation's people without this mandate."""
    if mandate.scope != MandateScope.REPRESENTATIVE:
        return False
    others = Mandate.objects.active(today).filter(organisation=mandate.organisation, scope=mandate.scope)
    return not others.exclude(pk=mandate.pk).exists()


def _role_of(by: User, mandate: Mandate) -> str:
    """Return the role in which the person may revoke the mandate: an official's before a colleague's."""
    if by.is_active and by.roles & rules.DECIDE:
        return (Role.ADMINISTRATOR if Role.ADMINISTRATOR in by.roles else Role.REGISTRAR).value
    if by.is_active and (by.pk == mandate.person_id or rules.can_manage_people(by, mandate.organisation)):
        return log.REPRESENTATIVE
    raise StepRefused(_("You may not revoke this mandate."))
