"""The opening: the one act that uses the sealing key, recorded with those present."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel import vault
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.calls.ends import close
from procurement.domain.calls.steps import lock_competition, move, official_of
from procurement.domain.proposals.steps import current_revision
from procurement.domain.seal import attempts, draft_keys, sealed_files, sealing
from procurement.domain.seal.keys import private_key_of
from procurement.domain.seal.working_copies import destroy_copies
from procurement.enums import CompetitionState, ProposalState
from procurement.models import (
    Competition,
    Opening,
    Proposal,
    ProposalLot,
    ProposalRevision,
    ProposalStep,
)
from procurement.workflow import COMPETITION, PROPOSAL
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

NAME_LENGTH: Final = 200


class Unreadable(Exception):  # noqa: N818 the name says what it is
    """One proposal does not open; `reason` is a sentence for the record."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(slots=True)
class _Act:
    """An opening while it goes on."""

    competition: Competition
    user: User
    official: Actor
    now: datetime
    private: bytes = field(repr=False)
    # digests that the log has of this competition
    logged: frozenset[str]
    proposals: int = 0
    opened: int = 0
    commitments: list[str] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)


def open_proposals(*, competition_id: int, user: User, present: Sequence[Mapping[str, str]], now: datetime) -> Opening:
    """Open every submitted proposal of a competition that the clock has closed; a second time it refuses, it is done.

    A proposal that does not open, or is not the one that the log has the digest of, is recorded with its fault and
    stops no other. Raises `StepRefused`, `PermissionDenied`, `vault.VaultError` when the key is not there or does not
    fit: then nothing has happened, but that an attempt without the right or too early is logged (`attempts`).
    """
    people = _named(present)
    try:
        return _open_all(competition_id, user, people, now)
    except (StepRefused, PermissionDenied):
        attempts.note_refused(competition=Competition.objects.get(pk=competition_id), user=user, now=now)
        raise


def _open_all(competition_id: int, user: User, people: list[dict[str, str]], now: datetime) -> Opening:
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        competition = _closed(lock_competition(competition_id), now)
        official = official_of(competition, user)
        proposals = _require_due(competition, people, now)
        act = _Act(competition, user, official, now, private_key_of(competition), _logged(competition))
        destroy_copies(competition.pk)
        for proposal in proposals:
            _open(act, proposal)
        return _record(act, people)


def read_opened_file(proposal: Proposal, file_id: str) -> tuple[Mapping[str, Any], bytes]:
    """Return what is known of a file of an opened proposal and its bytes; who may read it, the caller has asked.

    Raises `KeyError`, `VaultError`.
    """
    about = (proposal.content or {})["files"][file_id]
    key = draft_keys.decrypt_key(base64.b64decode(about["key"]), file_context(file_id))
    return about, sealed_files.read(proposal, file_id, about, key)


# --- whether it may begin --------------------------------------------------------------------------------------------


def _named(present: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return those present who have a name."""
    rows = [{key: " ".join(str(one.get(key, "")).split()) for key in ("name", "position")} for one in present]
    return [{key: Truncator(text).chars(NAME_LENGTH) for key, text in row.items()} for row in rows if row["name"]]


def _closed(competition: Competition, now: datetime) -> Competition:
    """Return the competition as the clock has it, should nobody have written down yet that it closed."""
    if competition.state == CompetitionState.PUBLISHED:
        return close(competition_id=competition.pk, now=now)
    return competition


def _require_due(competition: Competition, people: list[dict[str, str]], now: datetime) -> list[Proposal]:
    """Return the proposals to be opened; raises `StepRefused`."""
    COMPETITION.step("open", state=competition.state)
    if competition.opening_at is not None and now < competition.opening_at:
        raise StepRefused(gettext_lazy("The moment of the opening has not come yet."))
    if not people:
        raise StepRefused(gettext_lazy("Name at least one person who is present."))
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("organisation")
    proposals = list(rows.filter(competition=competition, state=ProposalState.SUBMITTED).order_by("number"))
    if not proposals:
        raise StepRefused(gettext_lazy("Nobody has submitted a proposal: the competition is declared not held."))
    for proposal in proposals:
        proposal.competition = competition
    return proposals


def _logged(competition: Competition) -> frozenset[str]:
    """Return the digests of all submissions in the competition that the log knows."""
    entries = LogEntry.objects.filter(
        subject=f"procurement.competition:{competition.number}", tag="procurement:proposal:submit"
    )
    return frozenset(json.loads(text)["commitment"] for text in entries.values_list("payload", flat=True))


# --- one proposal ----------------------------------------------------------------------------------------------------


def _open(act: _Act, proposal: Proposal) -> None:
    """Read a proposal, or write down why it cannot be read."""
    revision = current_revision(proposal)
    act.proposals += 1
    try:
        statement = _statement(act, proposal, revision)
    except Unreadable as unreadable:
        proposal.fault = str(unreadable.reason)
        act.faults[proposal.number or 0] = proposal.fault
    else:
        proposal.content = _readable(act, proposal, statement)
        _keep_lots(act, proposal, statement.body["lots"])
        act.opened += 1
    if revision is not None:
        act.commitments.append(revision.commitment)
    transition = PROPOSAL.step("open", state=proposal.state)
    before, proposal.state = proposal.state, transition.target
    proposal.draft, proposal.draft_key = b"", None
    proposal.save(update_fields=["state", "content", "fault", "draft", "draft_key"])
    ProposalStep.objects.create(
        proposal=proposal,
        step="open",
        at=act.now,
        by=act.user,
        actor_role=act.official.role,
        from_state=before,
        to_state=proposal.state,
        clause=transition.clause,
    )


def _statement(act: _Act, proposal: Proposal, revision: ProposalRevision | None) -> sealing.Statement:
    """Return what was submitted, proved against its digest, or raise `Unreadable`."""
    if revision is None:
        raise Unreadable(gettext_lazy("The submission is missing."))
    try:
        statement = sealing.unseal(bytes(revision.sealed), act.private, proposal)
    except vault.VaultError as error:
        raise Unreadable(
            gettext_lazy("The seal does not open: the bytes are not those that were submitted.")
        ) from error
    if statement.commitment != revision.commitment:
        raise Unreadable(gettext_lazy("What was sealed is not what the receipt has the digest of."))
    if revision.commitment not in act.logged:
        raise Unreadable(gettext_lazy("The decision log does not have the digest of this submission."))
    return statement


def _readable(act: _Act, proposal: Proposal, statement: sealing.Statement) -> dict[str, Any]:
    """Return the content as it is kept from now on: the keys of files encrypted, each file tried."""
    files = {}
    for file_id, about in statement.body["files"].items():
        key = sealed_files.key_of(about)
        wrapped = draft_keys.encrypt_key(key, file_context(file_id))
        files[file_id] = {**about, "key": base64.b64encode(wrapped).decode()}
        try:
            sealed_files.read(proposal, file_id, about, key)
        except vault.VaultError:
            files[file_id]["fault"] = _("The file is lost or was changed.")
            words = _("The file “%(name)s” does not open.") % {"name": about["name"]}
            proposal.fault = f"{proposal.fault} {words}".strip()
            act.faults[proposal.number or 0] = proposal.fault
    return {**statement.body, "files": files, "salt": statement.salt, "digest": statement.digest}


def _keep_lots(act: _Act, proposal: Proposal, numbers: Sequence[Any]) -> None:
    """Write down for which lots it is: what was sealed counts."""
    chosen = {str(number) for number in numbers}
    proposal.lots.all().delete()
    ProposalLot.objects.bulk_create(
        ProposalLot(proposal=proposal, lot=lot) for lot in act.competition.lots.all() if str(lot.number) in chosen
    )


# --- the record ------------------------------------------------------------------------------------------------------


def _record(act: _Act, people: list[dict[str, str]]) -> Opening:
    """Write the act down: its row, its log entry with all digests, the new state, the news."""
    competition, commitments = act.competition, sorted(act.commitments)
    kept = set(ProposalRevision.objects.filter(proposal__competition=competition).values_list("commitment", flat=True))
    findings = {
        "count": act.proposals,
        "opened": act.opened,
        "commitments": commitments,
        "merkle_root": sealing.merkle_root(commitments),
        # submissions that the log knows and the portal has no more
        "missing": sorted(act.logged - kept),
    }
    competition.opened_at = act.now
    payload = {**findings, "faults": len(act.faults), "present": len(people)}
    log_seq = move(competition, "open", actor=act.official, now=act.now, payload=payload, fields=["opened_at"])
    faults = [{"proposal": number, "fault": fault} for number, fault in sorted(act.faults.items())]
    return Opening.objects.create(
        competition=competition,
        at=act.now,
        by=act.user,
        present=people,
        findings={**findings, "faults": faults},
        log_seq=log_seq,
    )


def file_context(file_id: str) -> bytes:
    """Return what the kept key of an opened file is bound to."""
    return f"opened file\n{file_id}".encode()
