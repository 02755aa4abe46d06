"""The bodies of hromadas that order services: who they are by code, and how they are reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.identifiers import clean_edrpou
from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.models import Commissioner
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User

CONTACTS: Final = ("address", "phone", "email", "website")


@transaction.atomic
def enter_commissioner(
    *, user: User, hromada_id: int, code: str, name: str, contacts: Mapping[str, str], now: datetime
) -> Commissioner:
    """Enter a body by its ЄДРПОУ code; an organisation that the portal knows keeps the name by which it is known."""
    hromada = Territory.objects.get(pk=hromada_id)
    role = commissioner_role(user, hromada)
    code = clean_edrpou(code)
    organisation, _created = Organisation.objects.get_or_create(code=code, defaults={"name": name})
    if Commissioner.objects.filter(organisation=organisation).exists():
        raise StepRefused(_("This body is already entered as one that orders services."))
    made = Commissioner(organisation=organisation, hromada=hromada, **_known(contacts))
    made.save(force_insert=True)
    _log(made, "enter", role, now)
    return made


@transaction.atomic
def change_commissioner(
    *, commissioner_id: int, user: User, contacts: Mapping[str, str], now: datetime
) -> Commissioner:
    """Change how the body is reached; announcements that are published keep what they said."""
    rows = Commissioner.objects.select_for_update(of=("self",)).select_related("organisation", "hromada")
    found = rows.get(pk=commissioner_id)
    role = commissioner_role(user, found.hromada)
    for name, value in _known(contacts).items():
        setattr(found, name, value)
    found.save()
    _log(found, "change", role, now)
    return found


def _known(contacts: Mapping[str, str]) -> dict[str, str]:
    if unknown := set(contacts) - set(CONTACTS):
        raise KeyError(f"a commissioner has no {sorted(unknown)}")
    return dict(contacts)


def _log(commissioner: Commissioner, act: str, role: str, now: datetime) -> None:
    """Log the step; how the body is reached goes in as a digest, because a phone may be somebody's own."""
    contacts = {name: getattr(commissioner, name) for name in CONTACTS}
    audit.append(
        tag=f"procurement:commissioner:{act}",
        subject=f"procurement.commissioner:{commissioner.pk}",
        payload={
            "edrpou": commissioner.organisation.code,
            "hromada": commissioner.hromada.code,
            "contacts": audit.digest_of(contacts),
        },
        actor_role=role,
        at=now,
    )
