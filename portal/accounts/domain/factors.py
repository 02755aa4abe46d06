"""What is done about a second factor by whoever runs the portal, for a person who cannot."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts import sessions
from portal.accounts.domain import log
from portal.accounts.entrance_letters import LETTERS
from portal.accounts.enums import Role
from portal.accounts.letters import post
from portal.kernel.workflow import StepRefused

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def take_second_factor_away(*, user: User, ground: str, now: datetime) -> None:
    """Remove a lost second factor with its recovery codes and end the person's sessions; the person is told."""
    if not ground.strip():
        raise StepRefused(_("Say how it was made sure who asks."))
    found, _rows = Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    log.note("second-factor:taken-away", user, user.email, role=Role.ADMINISTRATOR.value, now=now, authenticators=found)
    post(f"accounts:second-factor:{user.pk}:{now.timestamp():.0f}", user.email, LETTERS["totp_deactivated"]({}))
