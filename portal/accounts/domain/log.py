"""How decisions about people and organisations are written into the log: the person as a digest, no free text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from portal.kernel import audit

# in which role people act who hold none at the desk
CLAIMANT, REPRESENTATIVE, INVITED = "claimant", "representative", "invited"


def note(tag: str, row: models.Model, email: str, *, role: str, now: datetime, **payload: Any) -> None:
    """Log a decision about a person, in the transaction that makes it."""
    audit.append(
        tag=f"accounts:{tag}",
        subject=f"{row._meta.label_lower}:{row.pk}",  # noqa: SLF001 Django's public, if underscored, API
        payload={"person": audit.personal_digest(email.lower()), **payload},
        actor_role=role,
        at=now,
    )
