"""The letters about a bidder's own proposal, to its own people alone; they name the digest and never the content."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter
from portal.kernel.verification import verification_url
from procurement.enums import ProposalState
from procurement.letters import base_facts, moment, names, page_link, proposal_action
from procurement.models import Proposal, ProposalRevision


def submitted(proposal: Proposal, revision: ProposalRevision | None, *, replaced: bool = False) -> Letter | None:
    """Write the receipt: when, under what number, and the digest that the public log has."""
    if revision is None:
        return None
    words = names(proposal.competition)
    subject = _("Your new proposal in competition № %(number)s is received")
    code = revision.receipt.code if revision.receipt else ""
    return Letter(
        (subject if replaced else _("Your proposal in competition № %(number)s is received")) % words,
        (
            _("The proposal of %(name)s is received and sealed. Keep this letter: it is your receipt.")
            % {"name": proposal.organisation.name},
            _("Until the opening nobody but your people can read it. The public log holds the digest alone."),
            _("You may replace or withdraw the proposal until %(until)s.")
            % {"until": moment(proposal.competition.closes_at)},
        ),
        proposal_action(proposal),
        facts=(
            *base_facts(proposal.competition),
            (_("Received at"), moment(revision.at)),
            (_("Digest of the proposal"), revision.commitment),
        ),
        links=(Action(_("Check the receipt"), verification_url(code)),) if code else (),
    )


def confirmed(proposal: Proposal) -> Letter:
    words = names(proposal.competition)
    return Letter(
        _("Your proposal in competition № %(number)s is confirmed") % words,
        (_("The proposal of %(name)s stands under the changed announcement.") % {"name": proposal.organisation.name},),
        proposal_action(proposal),
        facts=(*base_facts(proposal.competition), (_("Confirmed at"), moment(proposal.confirmed_at))),
    )


def withdrawn(proposal: Proposal) -> Letter:
    words = names(proposal.competition)
    return Letter(
        _("Your proposal in competition № %(number)s is withdrawn") % words,
        (
            _("The proposal of %(name)s takes no part in the competition.") % {"name": proposal.organisation.name},
            _("Until %(until)s you may submit again.") % {"until": moment(proposal.competition.closes_at)},
        ),
        proposal_action(proposal),
        facts=base_facts(proposal.competition),
    )


def lapsed(proposal: Proposal) -> Letter:
    words = names(proposal.competition)
    return Letter(
        _("Competition № %(number)s is closed without your proposal") % words,
        (
            _("The proposal of %(name)s was not submitted, or not confirmed again, before the end.")
            % {"name": proposal.organisation.name},
            _("What was written in the draft cannot be read by anybody any more."),
        ),
        page_link(proposal.competition),
        facts=base_facts(proposal.competition),
    )


def remind(proposal: Proposal) -> Letter | None:
    """Warn that the end is near while the proposal would not count."""
    waiting = {
        ProposalState.DRAFT: _("The proposal of %(name)s is begun but not submitted."),
        ProposalState.UNCONFIRMED: _("The announcement changed, and the proposal of %(name)s is not confirmed again."),
    }.get(ProposalState(proposal.state))
    if waiting is None:
        return None
    words = {**names(proposal.competition), "until": moment(proposal.competition.closes_at)}
    return Letter(
        _("Competition № %(number)s ends on %(until)s") % words,
        (
            waiting % {"name": proposal.organisation.name},
            _("Proposals are accepted until %(until)s. At that moment it is too late.") % words,
        ),
        proposal_action(proposal),
        facts=base_facts(proposal.competition),
    )
