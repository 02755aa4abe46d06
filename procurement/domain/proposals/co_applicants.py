"""Providers that make a proposal together: invited by their code, agreeing themselves, until the proposal is in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts import rules as accounts
from portal.accounts.letters import Action, Letter, absolute, post
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.domain.proposals.saving import OVER, lock_proposal, require_writable
from procurement.enums import CoApplicantState, ProposalState
from procurement.models import CoApplicant, Proposal
from procurement.queries.readers import people_of_all
from registry.enums import Standing
from registry.models import RegisterEntry

if TYPE_CHECKING:
    from portal.accounts.models import User

MOST: Final = 10


@transaction.atomic
def invite_co_applicant(*, proposal_id: UUID, user: User, code: str, may_edit: bool, now: datetime) -> CoApplicant:
    """Invite a provider of the register by its ЄДРПОУ; a declined one may be asked again. Raises `StepRefused`.

    The letter to its people names neither the competition nor who invites: that is told behind sign-in alone.
    """
    proposal = _lock_for_applicant(proposal_id, user, now)
    entry = _entry_of(code)
    if entry.organisation_id == proposal.organisation_id:
        raise StepRefused(_("This is your own organisation."))
    if proposal.co_applicants.count() >= MOST:
        raise StepRefused(_("A proposal has room for %(limit)d co-applicants.") % {"limit": MOST})
    row = proposal.co_applicants.filter(organisation=entry.organisation).first()
    if row is not None and row.state != CoApplicantState.DECLINED:
        raise StepRefused(_("This organisation is invited already."))
    row = row or CoApplicant(proposal=proposal, organisation=entry.organisation)
    row.state, row.may_edit = CoApplicantState.INVITED, may_edit
    row.invited_by, row.invited_at, row.answered_by, row.answered_at = user, now, None, None
    row.save()
    _write_to_invited(row, now)
    return row


@transaction.atomic
def answer_invitation(*, co_applicant_id: int, user: User, agrees: bool, now: datetime) -> CoApplicant:
    """Agree or decline in the name of the invited organisation; who agreed may step back until the proposal is in.

    Who declined comes in again only when invited again. Raises `PermissionDenied` for those who do not sign for it.
    """
    row = CoApplicant.objects.select_related("organisation", "proposal").get(pk=co_applicant_id)
    if not accounts.can_sign_for(user, row.organisation):
        raise PermissionDenied
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("competition").get(pk=row.proposal_id)
    require_writable(proposal, now)
    _refuse_submitted(proposal)
    row = CoApplicant.objects.select_related("organisation").get(pk=co_applicant_id)
    if row.state == CoApplicantState.DECLINED and agrees:
        raise StepRefused(_("Your organisation has declined. The applicant may invite it again."))
    row.proposal = proposal
    row.state = CoApplicantState.ACCEPTED if agrees else CoApplicantState.DECLINED
    row.answered_by, row.answered_at = user, now
    row.save(update_fields=["state", "answered_by", "answered_at"])
    _touch(proposal, now)
    return row


@transaction.atomic
def revoke_co_applicant(*, proposal_id: UUID, user: User, co_applicant_id: int, now: datetime) -> None:
    """Take an invitation back, agreed to or not; its people see nothing of the proposal from then on."""
    proposal = _lock_for_applicant(proposal_id, user, now)
    proposal.co_applicants.get(pk=co_applicant_id).delete()
    _touch(proposal, now)


def _lock_for_applicant(proposal_id: UUID, user: User, now: datetime) -> Proposal:
    """Return the held proposal for the applicant's own people: a co-applicant invites nobody."""
    proposal = lock_proposal(proposal_id=proposal_id, user=user, now=now)
    if not accounts.can_edit_for(user, proposal.organisation):
        raise PermissionDenied
    _refuse_submitted(proposal)
    return proposal


def _refuse_submitted(proposal: Proposal) -> None:
    if proposal.state in (ProposalState.SUBMITTED, ProposalState.UNCONFIRMED):
        raise StepRefused(_("The proposal is submitted with its co-applicants. Withdraw it to change them."))
    if proposal.state not in ProposalState.editable:
        raise StepRefused(OVER)


def _touch(proposal: Proposal, now: datetime) -> None:
    """Make a new version of the draft, so that whoever is looking at the whole of it looks again before submitting."""
    proposal.draft_version, proposal.saved_at = proposal.draft_version + 1, now
    proposal.save(update_fields=["draft_version", "saved_at"])


def _entry_of(code: str) -> RegisterEntry:
    digits = code.strip()
    rows = RegisterEntry.objects.filter(standing=Standing.INCLUDED).select_related("organisation")
    entry = rows.filter(organisation__code=digits).first() if digits.isascii() and digits.isdigit() else None
    if entry is None:
        raise StepRefused(_("There is no provider with this EDRPOU code in the register."))
    return entry


def _write_to_invited(row: CoApplicant, now: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            _("Your organisation is invited to a joint proposal"),
            (
                _("%(name)s is invited to take part in a proposal to a competition.") % {"name": row.organisation.name},
                _("Sign in to see who invites it and to which competition, and to agree or decline."),
            ),
            Action(_("My organisations"), absolute(reverse("cabinet"))),
        )
        today = day_of(now)
        for person in people_of_all([row.organisation_id], today)[row.organisation_id]:
            # however often it is taken back and sent again, their people get one letter a day
            key = f"procurement:co-applicant:{row.proposal_id}:{row.organisation_id}:{today.isoformat()}:{person.pk}"
            post(key, person.email, letter, forget=True)
