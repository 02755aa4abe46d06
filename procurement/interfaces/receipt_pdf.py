"""The receipt of a proposal as a file for its bidder: printed on demand and never kept, for it holds the salt."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.enums import PersonType
from portal.kernel.models import VerificationCode
from portal.kernel.pdf import render_pdf
from procurement.domain.seal.receipts import Receipt, receipt_of
from procurement.interfaces.moments import in_words
from procurement.models import Proposal, ProposalRevision
from registry.interfaces.press import print_unkept

Line = tuple[str, str]
# a digest is for this very moment, to the microsecond
_EXACT: Final = "j E Y, H:i:s.u"


def receipt_pdf(revision: ProposalRevision) -> bytes:
    """Print the receipt of a submission; raises `PressBusyError`.

    While the close has destroyed the working copy and nothing is opened yet, the salt is not known: the paper says so.
    """
    receipt = receipt_of(revision)
    return print_unkept(lambda: _print(receipt))


def _print(receipt: Receipt) -> bytes:
    revision, proposal = receipt.revision, receipt.revision.proposal
    code = revision.receipt
    if code is None:
        raise ValueError(f"submission {revision.pk} has no code to be printed with")
    number = proposal.competition.number
    context = {
        "kind": _("Receipt"),
        "competition": proposal.competition,
        "receipt": receipt,
        "facts": _facts(proposal, revision),
        "state": _state(revision, code),
    }
    # the number of the proposal would tell how many came before it
    title = _("Your proposal in competition № %(number)s is received") % {"number": number}
    return render_pdf("procurement/pdf/receipt.html", context, title=title, code=code.code)


def _facts(proposal: Proposal, revision: ProposalRevision) -> list[Line]:
    organisation, competition = proposal.organisation, proposal.competition
    is_person = organisation.person_type == PersonType.NATURAL_PERSON
    which = {"number": revision.number, "version": revision.competition_version.number}
    exact = date_format(timezone.localtime(revision.at), _EXACT)
    pairs = [
        (_("Competition"), f"№ {competition.number}, {competition.title}"),
        (_("Commissioner of social services"), competition.commissioner.organisation.name),
        (_("Received by the clock of the portal"), _("%(moment)s, Kyiv time") % {"moment": exact}),
        (_("Submission"), _("%(number)d, under version %(version)d of the announcement") % which),
        (_("Applicant"), "" if is_person else organisation.name),
        (_("EDRPOU"), organisation.code or ""),
        (_("Proposals are accepted until"), in_words(competition.closes_at)),
        (_("Entry of the decision log"), f"№ {revision.log_seq}" if revision.log_seq else ""),
    ]
    return [(name, value) for name, value in pairs if value]


def _state(revision: ProposalRevision, code: VerificationCode) -> str:
    """Say why this submission does not count any more, where it does not."""
    if revision.withdrawn_at is not None:
        return _("This submission was withdrawn on %(moment)s.") % {"moment": in_words(revision.withdrawn_at)}
    if code.superseded_at is not None:
        return _("Another submission took the place of this one on %(moment)s.") % {
            "moment": in_words(code.superseded_at)
        }
    return ""
