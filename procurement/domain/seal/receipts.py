"""What a bidder can prove of a submission: its digest in the log, and the salt that opens the digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.kernel import vault
from procurement.domain.seal.working_copies import read_copy
from procurement.enums import ProposalState
from procurement.models import ProposalRevision


@dataclass(frozen=True, slots=True)
class Receipt:
    """One submission as its bidder is told of it; `salt` and `digest` are empty when they are not known any more."""

    revision: ProposalRevision
    at: datetime
    commitment: str
    digest: str
    salt: str
    code: str

    @property
    def is_provable(self) -> bool:
        return bool(self.salt)


def receipt_of(revision: ProposalRevision) -> Receipt:
    """Return the receipt; its salt comes from the working copy, or from the opened content.

    Between the close and the opening the receipt as it was printed is the only place that has it.
    """
    known = _known(revision)
    return Receipt(
        revision,
        revision.at,
        revision.commitment,
        known.get("digest", ""),
        known.get("salt", ""),
        revision.receipt.code if revision.receipt else "",
    )


def _known(revision: ProposalRevision) -> dict[str, str]:
    proposal = revision.proposal
    if proposal.state == ProposalState.OPENED:
        content = proposal.content or {}
        last = proposal.revisions.filter(withdrawn_at__isnull=True).order_by("-number").first()
        return content if last == revision else {}
    try:
        return read_copy(proposal).receipts.get(str(revision.number), {})
    except vault.VaultError:
        return {}
