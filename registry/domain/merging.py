"""Two cards of one organisation become one: proposed by a registrar, decided by another person.

The surviving entry takes over what the proposal names. The other one is excluded on the ground of the decision, keeps
its history, and its number leads to the surviving card for ever.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.accounts.enums import Role
from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.bookkeeping import take_decision_number
from registry.domain.desk import StaleEntryError, actor_for
from registry.domain.merge_effects import carry_out
from registry.enums import ApplicationState, MergeState, Standing
from registry.models import Application, EntryMerge, RegisterEntry

if TYPE_CHECKING:
    from portal.accounts.models import User

# what may be taken over beside parts: the words of the card, never who the organisation is in law
VALUES = (
    *("name", "short_name", "ownership_form", "sector"),
    *("about", "services_note", "source", "source_url", "source_on"),
)
PARTS = ("sites", "contacts", "services")


@transaction.atomic
def propose_merge(
    *,
    kept_id: int,
    given_up_id: int,
    versions: tuple[int, int],
    taken: dict[str, list[Any]],
    ground: str,
    user: User,
    now: datetime,
) -> EntryMerge:
    """Propose that one entry becomes part of another; `versions` are those of the cards that were read.

    Raises `StaleEntryError`, `PermissionDenied` for whoever does not answer for both, `StepRefused`.
    """
    kept, given_up = _lock_pair(kept_id, given_up_id)
    if not (rules.can_edit_entry(user, kept) and rules.can_edit_entry(user, given_up)):
        raise PermissionDenied
    for entry, version in zip((kept, given_up), versions, strict=True):
        if entry.version != version:
            raise StaleEntryError(entry)
    _refuse_unlike(kept, given_up)
    waiting = EntryMerge.objects.filter(state=MergeState.PROPOSED)
    if (waiting.filter(kept__in=(kept, given_up)) | waiting.filter(given_up__in=(kept, given_up))).exists():
        raise StepRefused(_("A merging of one of these entries waits for a decision already."))
    merge = EntryMerge.objects.create(
        kept=kept,
        given_up=given_up,
        kept_version=kept.version,
        given_up_version=given_up.version,
        taken=_known(taken),
        ground=ground,
        proposed_by=user,
        proposed_at=now,
    )
    _log(merge, "propose", user, Role.REGISTRAR, now)
    return merge


@transaction.atomic
def decide_merge(*, merge_id: int, user: User, now: datetime) -> EntryMerge:
    """Carry the proposal out under a decision with a number; nobody decides on a proposal of one's own.

    Raises `PermissionDenied`, and `StepRefused` when a card has changed since it was proposed.
    """
    merge = _lock(merge_id)
    kept, given_up = _lock_pair(merge.kept_id, merge.given_up_id)
    _judge_decider(user, merge, kept, given_up)
    if (kept.version, given_up.version) != (merge.kept_version, merge.given_up_version):
        raise StepRefused(_("A card has changed since this was proposed. Refuse it; a registrar proposes it anew."))
    _refuse_unlike(kept, given_up)
    merge.number = take_decision_number(day_of(now))
    actor = actor_for(user, Role.APPROVER)
    with override(settings.LANGUAGE_CODE):
        carry_out(merge, kept, given_up, actor=actor, now=now)
    return _close(merge, MergeState.MERGED, user, Role.APPROVER, now)


@transaction.atomic
def refuse_merge(*, merge_id: int, user: User, reason: str, now: datetime) -> EntryMerge:
    """Leave both cards as they are, with the reason for the registrar who proposed it."""
    merge = _lock(merge_id)
    _judge_decider(user, merge, *_lock_pair(merge.kept_id, merge.given_up_id))
    if not reason.strip():
        raise StepRefused(_("This step needs a comment."))
    merge.reason = reason.strip()
    return _close(merge, MergeState.REFUSED, user, Role.APPROVER, now)


@transaction.atomic
def withdraw_merge(*, merge_id: int, user: User, now: datetime) -> EntryMerge:
    """Take one's own proposal back before it is decided."""
    merge = _lock(merge_id)
    if merge.proposed_by_id != user.pk:
        raise PermissionDenied
    return _close(merge, MergeState.WITHDRAWN, user, Role.REGISTRAR, now)


def unlikeness(kept: RegisterEntry, given_up: RegisterEntry) -> str:
    """Return why these two cannot be one organisation, or nothing."""
    one, other = kept.organisation, given_up.organisation
    if kept.pk == given_up.pk:
        return _("An entry cannot be merged with itself.")
    if Standing.EXCLUDED in (kept.standing, given_up.standing):
        return _("An excluded entry is not changed any more.")
    if one.person_type != other.person_type or kept.is_demo != given_up.is_demo:
        return _("These are organisations of different kinds.")
    if (one.code and other.code) or (one.rnokpp and other.rnokpp):
        return _("The codes differ, so these are two organisations.")
    if not (one.code or one.rnokpp or one.external_ref):
        return _("The organisation has neither a code nor a reference, so it cannot be told from others.")
    return ""


def _refuse_unlike(kept: RegisterEntry, given_up: RegisterEntry) -> None:
    if reason := unlikeness(kept, given_up):
        raise StepRefused(reason)
    pending = Application.objects.filter(organisation=given_up.organisation_id, state__in=ApplicationState.pending)
    if pending.exists():
        raise StepRefused(_("An application of the entry that is given up waits for a decision. Decide on it first."))


def _judge_decider(user: User, merge: EntryMerge, kept: RegisterEntry, given_up: RegisterEntry) -> None:
    if merge.state != MergeState.PROPOSED:
        raise StepRefused(_("This step is not possible in the present state."))
    if not (rules.can_decide_entry(user, kept) and rules.can_decide_entry(user, given_up)):
        raise PermissionDenied
    if merge.proposed_by_id == user.pk:
        raise StepRefused(_("You proposed this, so another person decides."))


def _known(taken: dict[str, list[Any]]) -> dict[str, list[Any]]:
    parts: dict[str, list[Any]] = {name: sorted({int(key) for key in taken.get(name, ())}) for name in PARTS}
    return {**parts, "values": [name for name in VALUES if name in taken.get("values", ())]}


def _lock(merge_id: int) -> EntryMerge:
    return EntryMerge.objects.select_for_update(of=("self",)).get(pk=merge_id)


def _lock_pair(kept_id: int, given_up_id: int) -> tuple[RegisterEntry, RegisterEntry]:
    """Return both entries locked, in the order of their keys, so that two merges never wait for one another."""
    rows = RegisterEntry.objects.select_for_update(of=("self",)).select_related("organisation", "parent")
    found = {entry.pk: entry for entry in rows.filter(pk__in=(kept_id, given_up_id)).order_by("pk")}
    return found[kept_id], found[given_up_id]


def _close(merge: EntryMerge, state: MergeState, user: User, role: Role, now: datetime) -> EntryMerge:
    if merge.state != MergeState.PROPOSED:
        raise StepRefused(_("This step is not possible in the present state."))
    merge.state, merge.closed_by, merge.closed_at = state, user, now
    merge.log_seq = _log(merge, state.value, user, role, now)
    merge.save()
    return merge


def _log(merge: EntryMerge, act: str, user: User, role: Role, now: datetime) -> int:
    kept, given_up = merge.kept.number, merge.given_up.number
    entry = audit.append(
        tag=f"registry:merge:{act}",
        subject=f"registry.entry:{kept}",
        payload={"kept": kept, "given_up": given_up, "number": merge.number, "ground": merge.ground},
        actor_role=actor_for(user, role).role,
        at=now,
        clause="99",
    )
    return entry.seq
