"""The trace of an official who opened what is private in an application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from portal.accounts.enums import Role
from portal.kernel import audit
from registry.domain.desk import record_private_view
from registry.models import Application

if TYPE_CHECKING:
    from portal.accounts.models import User


def record_application_view(*, application: Application, user: User, what: Sequence[str], now: datetime) -> None:
    """Leave the trace beside the entry, or in the decision log while there is no entry to leave it at."""
    if application.entry is not None:
        record_private_view(
            entry=application.entry, user=user, what=[f"{part} ({application.number})" for part in what], now=now
        )
        return
    role = next((role for role in Role if role in user.roles), None)
    audit.append(
        tag="registry:application:private_view",
        subject=f"registry.application:{application.number}",
        payload={"by": f"accounts.user:{user.pk}", "what": sorted(set(what))},
        actor_role=role.value if role else "",
        at=now,
    )
