"""A correction of a reference row by an administrator: stamped, so that no reload undoes it, and logged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.forms.models import model_to_dict

from portal.kernel import audit
from registry.domain.providers import Actor

NORMS_TAG = "kernel:norms:edit"
CATALOGUE_TAG = "registry:reference:edit"


def reference_values(row: models.Model) -> dict[str, Any]:
    """Return the row as plain values, keys of other tables as keys."""
    return {name: _plain(value) for name, value in sorted(model_to_dict(row).items())}


@transaction.atomic
def log_reference_edit(
    row: models.Model, *, before: Mapping[str, Any], actor: Actor, ground: str, now: datetime, tag: str
) -> None:
    """Log which values of a saved row became what; `before` is empty for a new row."""
    if any(field.name == "edited_at" for field in row._meta.concrete_fields):  # noqa: SLF001 Django's public API
        row.edited_at = now  # type: ignore[attr-defined]
        row.save(update_fields=["edited_at"])
    after = reference_values(row)
    changed = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
    audit.append(
        tag=tag,
        subject=f"{row._meta.label_lower}:{row.pk}",  # noqa: SLF001
        payload={"row": str(row), "changed": changed, "new": not before, "ground": ground},
        actor_role=actor.role,
        at=now,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | set):
        return sorted(str(getattr(one, "pk", one)) for one in value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | float) else value
