"""A human's word that a card is right, and the freshness of all cards as the clock has it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import can_edit_for
from portal.kernel.workflow import StepRefused
from registry.domain.bookkeeping import lock_entry, next_revision, tell_entries_changed
from registry.domain.providers import Actor
from registry.domain.standing import Decision, record_decisions
from registry.enums import ChangeAct, Freshness, Standing, VerificationMethod
from registry.models import RegisterEntry, Service, Verification
from registry.queries.freshness import Rules, freshness_of, read_rules
from registry.rules import can_edit_entry

# how history and log call who speaks for a provider
PROVIDER: Final = "provider"
CHUNK: Final = 2_000
_AT_ONCE: Final = 500


@transaction.atomic
def confirm_entry(
    *, entry_id: int, actor: Actor, method: VerificationMethod, note: str, now: datetime
) -> RegisterEntry:
    """Record that a human confirmed the data today, and how; the card is fresh at once.

    The only way to a later `verified_on` but for the lists that are brought in. Who holds the link of a letter has no
    account, and whoever decides was judged by the decision; the others need their right. Raises `PermissionDenied`,
    and `StepRefused` for what is no longer in the register.
    """
    entry = lock_entry(entry_id)
    _require(actor, method, entry)
    if entry.standing == Standing.EXCLUDED:
        raise StepRefused(_("The provider is no longer in the register: there is nothing to confirm."))
    Verification.objects.create(
        entry=entry, at=now, by=actor.user, actor_role=actor.role, method=method, note=note.strip()
    )
    entry.freshness = Freshness.FRESH
    entry.save(update_fields=["freshness"])
    decision = Decision(entry, ChangeAct.VERIFIED, note, {"verified_on": timezone.localdate(now)})
    record_decisions([decision], actor=actor, now=now)
    return entry


def _require(actor: Actor, method: VerificationMethod, entry: RegisterEntry) -> None:
    if method == VerificationMethod.CABINET and (
        actor.user is None or not can_edit_for(actor.user, entry.organisation)
    ):
        raise PermissionDenied
    if method == VerificationMethod.REGISTRAR and actor.user is not None and not can_edit_entry(actor.user, entry):
        raise PermissionDenied


def materialise_freshness(*, now: datetime) -> int:
    """Write down how fresh every card is now, so that lists and the search follow; return how many changed.

    No change of data: neither a line of history nor a version, only a revision. Two queries for each chunk of entries,
    and some more for a chunk where anything changed.
    """
    rules, today = read_rules(), timezone.localdate(now)
    changed = last = 0
    active = RegisterEntry.objects.filter(standing__in=Standing.active).order_by("pk")
    while keys := list(active.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        found = _changes(keys, rules, today)
        for start in range(0, len(found), _AT_ONCE):
            changed += _write(sorted(found)[start : start + _AT_ONCE], rules, today)
        last = keys[-1]
    return changed


@transaction.atomic
def _write(keys: list[int], rules: Rules, today: date) -> int:
    """Write what differs, judged again under lock: somebody may have confirmed a card meanwhile.

    The entries are locked before the register's revision is taken, as every other writer does.
    """
    locked = set(
        RegisterEntry.objects.filter(pk__in=keys).order_by("pk").select_for_update().values_list("pk", flat=True)
    )
    revision = next_revision()
    of_state: dict[Freshness, list[int]] = defaultdict(list)
    for key, state in _changes(keys, rules, today).items():
        if key in locked:
            of_state[state].append(key)
    for state, entries in of_state.items():
        RegisterEntry.objects.filter(pk__in=entries).update(freshness=state, revision=revision)
    touched = sorted(key for entries in of_state.values() for key in entries)
    tell_entries_changed(touched, revision)
    return len(touched)


def _changes(keys: list[int], rules: Rules, today: date) -> dict[int, Freshness]:
    """Return the true state of those active entries from the first of these keys to the last of which another is known.

    A range, since a statement may name so many keys only.
    """
    first, last = keys[0], keys[-1]
    kinds: dict[int, set[int]] = defaultdict(set)
    services = Service.objects.filter(entry__gte=first, entry__lte=last).order_by()
    for entry, kind in services.values_list("entry_id", "service_type_id"):
        kinds[entry].add(kind)
    rows = RegisterEntry.objects.filter(standing__in=Standing.active, pk__gte=first, pk__lte=last).order_by()
    changes = {}
    for key, verified_on, included_on, known in rows.values_list("pk", "verified_on", "included_on", "freshness"):
        age = freshness_of(verified_on=verified_on, included_on=included_on, kinds=kinds[key], rules=rules, today=today)
        if age.state != known:
            changes[key] = age.state
    return changes
