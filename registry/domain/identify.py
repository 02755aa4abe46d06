"""The code by which an organisation is known: entered when it becomes known, corrected when it was mistyped.

`put_providers` finds an organisation by its code, so it cannot change one; this is the one place that does.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portal.accounts.models import Organisation
from registry.domain.bookkeeping import lock_entry
from registry.domain.desk import StaleEntryError
from registry.domain.providers import Actor
from registry.domain.single_values import Amendment, write_amendments
from registry.models import RegisterEntry


class CodeTakenError(Exception):
    """Another organisation has this code."""


@transaction.atomic
def correct_code(*, entry_id: int, version: int, code: str, actor: Actor, ground: str, now: datetime) -> RegisterEntry:
    """Give the organisation of the entry its ЄДРПОУ; raises `StaleEntryError` and `CodeTakenError`."""
    entry = lock_entry(entry_id)
    if entry.version != version:
        raise StaleEntryError(entry)
    organisation = entry.organisation
    before = organisation.code
    if before == code:
        return entry
    if Organisation.objects.filter(code=code).exists():
        raise CodeTakenError(code)
    organisation.code = code
    organisation.save(update_fields=["code"])
    write_amendments([Amendment(entry, "code", before, code, obj="organisation")], actor=actor, ground=ground, now=now)
    return entry
