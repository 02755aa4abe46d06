"""As whom an official takes a step of the social order, and whether this is the official's own hromada."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from portal.accounts.enums import Role
from procurement import rules
from registry.domain.desk import actor_for
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User


def commissioner_role(user: User, hromada: Territory) -> str:
    """Return the role for the log; raises `PermissionDenied` for a hromada that the official does not answer for."""
    if not rules.can_commission(user, hromada):
        raise PermissionDenied
    return actor_for(user, Role.COMMISSIONER).role
