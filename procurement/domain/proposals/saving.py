"""Saving a proposal field by field: of two editors neither loses anything, what the other set meanwhile is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit, vault
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls import phases
from procurement.domain.forms.proposal_forms import Form, ValueRefused, facts_of, form_of, read_value
from procurement.domain.seal.working_copies import WorkingCopy, read_copy, write_copy
from procurement.enums import CompetitionState, ProposalState
from procurement.models import CompetitionVersion, Proposal
from registry.domain.draft_saving import Conflict

if TYPE_CHECKING:
    from portal.accounts.models import User

Patch = dict[str, Any]
LARGEST: Final = 1_000_000
OVER: Final = _("Proposals are not accepted any more in this competition.")


@dataclass(slots=True)
class Saved:
    """What a save did: the version and content it made, the fields it could not set, those refused with the reason."""

    proposal: Proposal
    version: int
    content: dict[str, Any]
    conflicts: list[Conflict] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def save_proposal(*, proposal_id: UUID, user: User, base_version: int, patch: Patch, now: datetime) -> Saved:
    """Set the fields of the patch that nobody else changed since `base_version`; the others come back as conflicts.

    "Somebody else" is any other save, also of the same person in another window. Saving what is there already makes no
    version. Raises `StepRefused` when nothing may be written any more, `PermissionDenied` without the right.
    """
    proposal = lock_proposal(proposal_id=proposal_id, user=user, now=now)
    return save_locked(proposal, read_copy(proposal), user, base_version, patch, now)


def lock_proposal(*, proposal_id: UUID, user: User, now: datetime) -> Proposal:
    """Return the proposal with its row held, to write in; raises `PermissionDenied`, `StepRefused` at the end."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("organisation", "competition")
    proposal = rows.get(pk=proposal_id)
    if not rules.can_draft_proposal(user, proposal):
        raise PermissionDenied
    require_writable(proposal, now)
    return proposal


def require_writable(proposal: Proposal, now: datetime) -> None:
    """Raise `StepRefused` once the competition has ended, whether that was written down yet or not."""
    competition = proposal.competition
    ends = phases.ends_at(competition, now) if competition.state == CompetitionState.PUBLISHED else None
    destroyed = proposal.draft is not None and proposal.draft_key is None
    if ends is None or now >= ends or destroyed or proposal.state not in ProposalState.editable:
        raise StepRefused(OVER)


def announcement_of(proposal: Proposal) -> CompetitionVersion:
    """Return the announcement in force: its last version, by whose form and lots the proposal is written."""
    version = proposal.competition.versions.order_by("-number").first()
    assert version is not None
    return version


def form_and_facts(announcement: CompetitionVersion) -> tuple[Form, dict[str, Any]]:
    """Return the frozen form of a version of the announcement with what it may compare with."""
    facts = facts_of(announcement.content)
    return form_of(definition_of(announcement), facts), facts


def definition_of(announcement: CompetitionVersion) -> Mapping[str, Any]:
    """Return the definition of the form as it was frozen at publication."""
    return (announcement.frozen.get("form") or {}).get("definition") or {}


def save_locked(
    proposal: Proposal, copy: WorkingCopy, user: User, base_version: int, patch: Patch, now: datetime
) -> Saved:
    """Do what `save_proposal` does with a row that the caller holds and a copy that it has read."""
    form, _facts = form_and_facts(announcement_of(proposal))
    saved = Saved(proposal, proposal.draft_version, copy.content)
    # who names a version that has not been made yet has read nothing of this draft
    read = base_version if 0 <= base_version <= proposal.draft_version else 0
    done: Patch = {}
    for path, value in patch.items():
        try:
            mine = _read(form, copy, path, value)
        except ValueRefused as refusal:
            saved.refused[path] = str(refusal.reason)
            continue
        theirs, stamp = copy.content.get(path), copy.stamps.get(path)
        if mine == theirs:
            continue
        if stamp is not None and stamp["version"] > read:
            at = parse_datetime(stamp["at"]) or now
            saved.conflicts.append(Conflict(path, mine, theirs, stamp["by"], at))
        else:
            done[path] = mine
    if done:
        _write(proposal, copy, user, done, now)
        saved.version, saved.content = proposal.draft_version, copy.content
    return saved


def _read(form: Form, copy: WorkingCopy, path: str, value: Any) -> Any:
    found = form.find(path) if isinstance(path, str) else None
    if found is None:
        raise ValueRefused(_("There is no such field in this proposal."))
    read = read_value(found[0], value)
    if found[0].kind == "document" and read is not None and read not in copy.files:
        raise ValueRefused(_("There is no such file."))
    return read


def _write(proposal: Proposal, copy: WorkingCopy, user: User, done: Patch, now: datetime) -> None:
    version = proposal.draft_version + 1
    stamp = {"version": version, "by": str(user), "at": now.isoformat()}
    copy.content = {path: value for path, value in {**copy.content, **done}.items() if value is not None}
    copy.stamps |= dict.fromkeys(done, stamp)
    if len(audit.canonical(copy.content)) > LARGEST:
        raise StepRefused(_("The proposal holds too much text. Shorten it and save again."))
    try:
        write_copy(proposal, copy)
    except vault.VaultError:
        raise StepRefused(OVER) from None
    proposal.draft_version, proposal.saved_at = version, now
    proposal.save(update_fields=["draft", "draft_key", "draft_version", "saved_at"])
