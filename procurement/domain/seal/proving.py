"""After the opening: every receipt held against the decision log, the record of the opening and what was opened.

What everybody can count again (digests) and what only those who may read the proposals can (contents) come apart:
`prove_digests` needs the public log and the public record alone.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from portal.kernel import audit, vault
from portal.kernel.models import LogEntry
from procurement.domain.seal import draft_keys, sealed_files, sealing
from procurement.domain.seal.opening import file_context
from procurement.enums import ProposalState
from procurement.models import Competition, Opening, ProposalRevision

SUBMIT: Final = "procurement:proposal:submit"
OPEN: Final = "procurement:competition:open"


@dataclass(frozen=True, slots=True)
class DigestProof:
    """What the public record alone proves: each digest that was counted is in the log, and their root is there.

    `unlogged` are digests of the record that the log does not have.
    """

    counted: int
    unlogged: tuple[str, ...]
    is_root_of_record: bool
    is_root_of_log: bool

    @property
    def holds(self) -> bool:
        return not self.unlogged and self.is_root_of_record and self.is_root_of_log


@dataclass(frozen=True, slots=True)
class ReceiptProof:
    """One receipt; `is_content` is None where what it is for was replaced or withdrawn, and so was never opened."""

    number: int | None
    revision: int
    at: datetime
    commitment: str
    code: str
    is_logged: bool
    is_on_paper: bool
    is_counted: bool
    counts: bool
    is_content: bool | None

    @property
    def holds(self) -> bool:
        return self.is_logged and self.is_on_paper and self.is_counted == self.counts and self.is_content is not False


@dataclass(frozen=True, slots=True)
class OpeningProof:
    digests: DigestProof
    receipts: list[ReceiptProof] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.digests.holds and all(one.holds for one in self.receipts)

    @property
    def faults(self) -> list[ReceiptProof]:
        return [one for one in self.receipts if not one.holds]


def prove_digests(opening: Opening) -> DigestProof:
    """Hold the record of the opening against the log: what anybody with a copy of both can do."""
    return _digests(opening, _entries(opening.competition))


def prove_opening(opening: Opening, *, with_files: bool = False) -> OpeningProof:
    """Hold every receipt of the competition against the log, its paper, the record, and what was opened.

    The digest is counted again from the content as it is kept; with `with_files` each file is read and counted too.
    """
    entries = _entries(opening.competition)
    logged = {seq: _commitment(payload) for seq, (tag, payload) in entries.items() if tag == SUBMIT}
    counted = set(opening.findings.get("commitments") or ())
    rows = list(_revisions(opening.competition))
    opened = [one for one in rows if one.withdrawn_at is None and one.proposal.state == ProposalState.OPENED]
    last = {one.proposal_id: one.pk for one in opened}
    receipts = [
        _receipt(one, logged, counted, counts=last.get(one.proposal_id) == one.pk, with_files=with_files)
        for one in rows
    ]
    return OpeningProof(_digests(opening, entries), receipts)


# --- the log ---------------------------------------------------------------------------------------------------------


def _entries(competition: Competition) -> dict[int, tuple[str, str]]:
    """Return tag and content of the entries that tell of submissions and the opening; one that was altered is none."""
    rows = LogEntry.objects.filter(subject=f"procurement.competition:{competition.number}", tag__in=(SUBMIT, OPEN))
    told = rows.values_list("seq", "tag", "payload", "payload_digest")
    return {seq: (tag, payload) for seq, tag, payload, digest in told if sha256(payload.encode()).hexdigest() == digest}


def _digests(opening: Opening, entries: Mapping[int, tuple[str, str]]) -> DigestProof:
    told = opening.findings
    commitments = [str(one) for one in told.get("commitments") or ()]
    known = {_commitment(payload) for tag, payload in entries.values() if tag == SUBMIT}
    root = sealing.merkle_root(commitments)
    tag, payload = entries.get(opening.log_seq or 0, ("", "{}"))
    of_log = json.loads(payload) if tag == OPEN else {}
    is_logged = of_log.get("merkle_root") == root and of_log.get("commitments") == sorted(commitments)
    unlogged = tuple(one for one in commitments if one not in known)
    return DigestProof(len(commitments), unlogged, told.get("merkle_root") == root, is_logged)


def _commitment(payload: str) -> str:
    return str(json.loads(payload).get("commitment", ""))


# --- the receipts ----------------------------------------------------------------------------------------------------


def _revisions(competition: Competition) -> Iterable[ProposalRevision]:
    rows = ProposalRevision.objects.filter(proposal__competition=competition).select_related("proposal", "receipt")
    return rows.defer("sealed", "proposal__draft").order_by("proposal__number", "number")


def _receipt(
    revision: ProposalRevision, logged: Mapping[int, str], counted: set[str], *, counts: bool, with_files: bool
) -> ReceiptProof:
    paper = revision.receipt
    content = revision.proposal.content
    return ReceiptProof(
        number=revision.proposal.number,
        revision=revision.number,
        at=revision.at,
        commitment=revision.commitment,
        code=paper.code if paper else "",
        is_logged=logged.get(revision.log_seq or 0) == revision.commitment,
        is_on_paper=paper is not None and paper.document_digest == revision.commitment,
        is_counted=revision.commitment in counted,
        counts=counts,
        is_content=_is_content(revision, content or {}, with_files=with_files) if counts else None,
    )


def _is_content(revision: ProposalRevision, content: Mapping[str, Any], *, with_files: bool) -> bool:
    """Count the digest again from what is kept; what did not open proves nothing."""
    try:
        files = {key: _as_submitted(key, about) for key, about in content["files"].items()}
        if with_files:
            for key, about in files.items():
                sealed_files.read(revision.proposal, key, about, sealed_files.key_of(about))
        body = {**content, "files": files}
        salt, told = str(body.pop("salt")), str(body.pop("digest"))
    except (KeyError, vault.VaultError):
        return False
    digest = audit.digest_of(body)
    return digest == told and sealing.commitment_of(digest, salt) == revision.commitment


def _as_submitted(file_id: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the statement said of a file: its own key, and no fault found at the opening."""
    key = draft_keys.decrypt_key(base64.b64decode(about["key"]), file_context(file_id))
    told = {name: value for name, value in about.items() if name != "fault"}
    return {**told, "key": base64.b64encode(key).decode()}
