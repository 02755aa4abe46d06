"""Head organisations and their branches: which entry is a branch of which."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.bookkeeping import lock_entry
from registry.domain.desk import OutsideTerritoryError, StaleEntryError
from registry.domain.providers import Actor, UnknownHeadError
from registry.domain.single_values import Amendment, write_amendments
from registry.enums import Standing
from registry.models import RegisterEntry, RegisterRevision


@transaction.atomic
def set_head(
    *, entry_id: int, version: int, head_number: str, actor: Actor, ground: str, now: datetime
) -> RegisterEntry:
    """Make the entry a branch of the head, or with an empty number a branch of nobody.

    Raises `StaleEntryError`, `OutsideTerritoryError`, `UnknownHeadError`, and `StepRefused` for an excluded entry, an
    excluded head, a head without a public card, and a circle.
    """
    # two circles' halves may not be made at the same time: every writer of the register waits here
    RegisterRevision.objects.select_for_update().get_or_create(pk=1)
    entry = lock_entry(entry_id, "parent")
    if entry.version != version:
        raise StaleEntryError(entry)
    if actor.user is not None and not rules.can_edit_entry(actor.user, entry):
        raise OutsideTerritoryError
    if entry.standing == Standing.EXCLUDED:
        raise StepRefused(_("An excluded entry is not changed any more."))
    head = _head(entry, head_number.strip()) if head_number.strip() else None
    before = entry.parent
    if before == head:
        return entry
    entry.parent = head
    told = (before.number if before else None), (head.number if head else None)
    write_amendments([Amendment(entry, "parent", *told, columns=("parent",))], actor=actor, ground=ground, now=now)
    return entry


def would_circle(entry: RegisterEntry, head: RegisterEntry) -> bool:
    """Say whether the entry stands above the head already, or is it."""
    seen: set[int] = set()
    above: int | None = head.pk
    while above is not None and above not in seen:
        if above == entry.pk:
            return True
        seen.add(above)
        above = RegisterEntry.objects.values_list("parent_id", flat=True).get(pk=above)
    return False


def _head(entry: RegisterEntry, number: str) -> RegisterEntry:
    head = RegisterEntry.objects.select_related("organisation").filter(number=number).first()
    if head is None:
        raise UnknownHeadError(number)
    if head.standing == Standing.EXCLUDED:
        raise StepRefused(_("An excluded entry cannot be a head organisation."))
    if not head.is_open:
        raise StepRefused(_("A natural person has no branches."))
    if would_circle(entry, head):
        raise StepRefused(_("The head organisation is itself this entry or one of its branches."))
    return head
