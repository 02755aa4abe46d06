"""Submitting, confirming, withdrawing: judged by the database's clock under the competition's lock, once a press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel import verification
from portal.kernel.models import VerificationCode
from portal.kernel.workflow import StepRefused
from procurement import closing_guard
from procurement.domain.forms.proposal_forms import Problem, content_that_applies, facts_of, problems_of
from procurement.domain.proposals.eligibility import may_submit
from procurement.domain.proposals.steps import (
    TOO_LATE,
    Held,
    current_revision,
    holding,
    log,
    move,
    require_accepting,
    require_announcement,
)
from procurement.domain.seal import sealing
from procurement.domain.seal.working_copies import WorkingCopy, read_copy, write_copy
from procurement.enums import ProposalState
from procurement.models import Proposal, ProposalRevision
from procurement.workflow import PROPOSAL

if TYPE_CHECKING:
    from portal.accounts.models import User

RECEIPT_KIND: Final = "proposal-receipt"


class Incomplete(Exception):  # noqa: N818 the name says what it is
    """The proposal lacks something; `problems` are `procurement.domain.forms.proposal_forms.Problem`s."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("the proposal is not complete")
        self.problems = problems


def submit_proposal(
    *, proposal_id: UUID, user: User, draft_version: int, key: UUID, announcement: int | None = None
) -> ProposalRevision:
    """Submit, or put in place of what was submitted; the same `key` returns the same revision, after the close too.

    `announcement` is the version that the person has read, where a page knows it. Raises `Incomplete`, `StepRefused`
    (closed, not eligible, somebody changed the draft meanwhile), `PermissionDenied`, `VaultError`.
    """
    with holding(proposal_id, user) as held:
        known = _pressed_before(held.proposal, key)
        if known is not None:
            return known
        require_accepting(held.competition, held.moment)
        _require_submittable(held, draft_version)
        require_announcement(held, announcement)
        return _submit(held, key)


def confirm_proposal(*, proposal_id: UUID, user: User, key: UUID, announcement: int | None = None) -> Proposal:
    """Stand by what was submitted although the announcement has changed since; a second press changes nothing.

    What is sealed stays as it is. Raises as `submit_proposal` does.
    """
    del key  # the state alone tells a second press
    with holding(proposal_id, user) as held:
        proposal = held.proposal
        if proposal.state == ProposalState.SUBMITTED and proposal.confirmed_at is not None:
            return proposal
        require_accepting(held.competition, held.moment)
        PROPOSAL.step("confirm", state=proposal.state)
        _require_eligible(held)
        require_announcement(held, announcement)
        proposal.competition_version, proposal.confirmed_at = held.version, held.moment
        log(held, "confirm", _counting(proposal).commitment)
        move(held, "confirm", ["competition_version", "confirmed_at"])
        return proposal


def withdraw_proposal(*, proposal_id: UUID, user: User) -> Proposal:
    """Take the proposal back before the close; the working copy stays, and it may be submitted again."""
    with holding(proposal_id, user) as held:
        proposal = held.proposal
        if proposal.state == ProposalState.WITHDRAWN:
            return proposal
        require_accepting(held.competition, held.moment)
        PROPOSAL.step("withdraw", state=proposal.state)
        last = _counting(proposal)
        log(held, "withdraw", last.commitment)
        proposal.revisions.filter(withdrawn_at__isnull=True).update(withdrawn_at=held.moment)
        if last.receipt is not None:
            with translation.override(settings.LANGUAGE_CODE):
                verification.revoke(last.receipt, reason=_("The proposal was withdrawn."), at=held.moment)
        move(held, "withdraw", [])
        return proposal


# --- whether it may be submitted -------------------------------------------------------------------------------------


def _pressed_before(proposal: Proposal, key: UUID) -> ProposalRevision | None:
    known = ProposalRevision.objects.filter(key=key).first()
    if known is not None and known.proposal_id != proposal.pk:
        raise StepRefused(gettext_lazy("This submission belongs to another proposal. Open this one anew."))
    return known


def _require_submittable(held: Held, draft_version: int) -> None:
    PROPOSAL.step(_act(held.proposal), state=held.proposal.state)
    _require_eligible(held)
    if held.proposal.draft_version != draft_version:
        raise StepRefused(gettext_lazy("Somebody has changed the proposal meanwhile. Read it again before you submit."))


def _require_eligible(held: Held) -> None:
    if not may_submit(held.competition, held.proposal.organisation, held.moment):
        raise StepRefused(gettext_lazy("The organisation does not meet a condition for taking part."))


def _act(proposal: Proposal) -> str:
    return "submit" if proposal.state in (ProposalState.DRAFT, ProposalState.WITHDRAWN) else "replace"


def _counting(proposal: Proposal) -> ProposalRevision:
    """Return the submission that counts of a proposal that is submitted."""
    revision = current_revision(proposal)
    assert revision is not None
    return revision


# --- the submission itself -------------------------------------------------------------------------------------------


def _submit(held: Held, key: UUID) -> ProposalRevision:
    """Seal, keep, log, number and answer with a receipt."""
    proposal, act = held.proposal, _act(held.proposal)
    copy = read_copy(proposal)
    content = _complete_content(held, copy)
    proposal.competition_version = held.version
    statement = sealing.make_statement(proposal, content, sealing.files_of(proposal, content, copy), held.version)
    former = proposal.revisions.order_by("-number").first()
    revision = _keep(
        proposal=proposal,
        number=former.number + 1 if former else 1,
        competition_version=held.version,
        at=held.moment,
        by=held.user,
        key=key,
        sealed=sealing.seal(statement, proposal),
        commitment=statement.commitment,
        receipt=_receipt(held, statement.commitment, former),
    )
    # who logs is alone until the end: whoever was in time waits here with the submission written, numbers follow
    revision.log_seq = log(held, act, statement.commitment)
    revision.save(update_fields=["log_seq"])
    copy.receipts[str(revision.number)] = {"salt": statement.salt, "digest": statement.digest}
    write_copy(proposal, copy)
    proposal.number = proposal.number or _next_number(held)
    proposal.submitted_at, proposal.confirmed_at = held.moment, None
    move(held, act, ["draft", "draft_key", "competition_version", "number", "submitted_at", "confirmed_at"])
    return revision


def _complete_content(held: Held, copy: WorkingCopy) -> Mapping[str, Any]:
    """Return what the form asks for, no more; raises `Incomplete`."""
    definition = (held.version.frozen.get("form") or {}).get("definition") or {}
    facts = facts_of(held.version.content)
    if problems := problems_of(definition, copy.content, facts):
        raise Incomplete(problems)
    return content_that_applies(definition, copy.content, facts)


def _keep(**fields: Any) -> ProposalRevision:
    """Write the revision; the database's own guard may find that the end has come since the moment was read."""
    try:
        return ProposalRevision.objects.create(**fields)
    except IntegrityError as error:
        if closing_guard.REFUSAL in str(error):
            raise StepRefused(TOO_LATE) from error
        raise


def _next_number(held: Held) -> int:
    last = Proposal.objects.filter(competition=held.competition).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _receipt(held: Held, commitment: str, former: ProposalRevision | None) -> VerificationCode:
    """Issue the code of the receipt, which names the competition and the digest and not who submitted."""
    number = held.competition.number
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Receipt of a proposal in competition № %(number)s") % {"number": number}
    code = verification.issue(
        kind=RECEIPT_KIND,
        subject=f"procurement.competition:{number}",
        title=title,
        at=held.moment,
        document_digest=commitment,
    )
    if former is not None and former.receipt is not None and former.receipt.is_valid:
        verification.supersede(former.receipt, code, at=held.moment)
    return code
