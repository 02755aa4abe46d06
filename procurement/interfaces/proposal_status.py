"""How a proposal stands: until when something can be done, what happens next, what was submitted when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy

from procurement import rules
from procurement.domain.calls.phases import ends_at, phase
from procurement.enums import CompetitionState, Phase, ProposalState
from procurement.interfaces.moments import left_words
from procurement.models import Competition, Proposal, ProposalRevision

if TYPE_CHECKING:
    from portal.accounts.models import User

COLOURS: Final = {
    ProposalState.DRAFT: "blue",
    ProposalState.SUBMITTED: "ok",
    ProposalState.UNCONFIRMED: "bad",
    ProposalState.WITHDRAWN: "",
    ProposalState.LAPSED: "",
    ProposalState.OPENED: "ok",
}
_ACCEPTING: Final = {
    ProposalState.DRAFT: gettext_lazy("Fill it in and submit it before the end."),
    ProposalState.SUBMITTED: gettext_lazy("It is submitted. Until the end you may replace or withdraw it."),
    ProposalState.UNCONFIRMED: gettext_lazy(
        "The announcement has changed. Confirm the proposal again or replace it: what is not confirmed does not count."
    ),
    ProposalState.WITHDRAWN: gettext_lazy("It is withdrawn and does not count. Until the end you may submit it again."),
}
_OVER: Final = {
    ProposalState.SUBMITTED: gettext_lazy("Proposals are closed. Yours lies sealed until the opening."),
    ProposalState.OPENED: gettext_lazy("Proposals are opened; the commission evaluates them."),
    ProposalState.UNCONFIRMED: gettext_lazy(
        "Proposals are closed. Yours was not confirmed in time and does not count."
    ),
    ProposalState.WITHDRAWN: gettext_lazy("Proposals are closed. Yours was withdrawn."),
}
_NOT_IN_TIME: Final = gettext_lazy("Proposals are closed. Yours was not submitted in time.")
_DECIDED: Final = gettext_lazy("The decision is published. See your result, the reasons, and how to appeal.")
_ENDED: Final = gettext_lazy("The competition has ended without a winner. Nothing is opened.")
_ENDED_LATE: Final = gettext_lazy("The competition was cancelled after the opening; it has no winner.")


@dataclass(frozen=True, slots=True)
class ProposalStatus:
    """A proposal at a moment; `ends` is the exact end by the portal's clock, which shows `now`."""

    proposal: Proposal
    now: datetime
    phase: Phase
    ends: datetime | None

    @property
    def is_open(self) -> bool:
        return self.phase in Phase.accepting and self.proposal.state in ProposalState.editable

    @property
    def left(self) -> str:
        return left_words(self.ends, self.now) if self.ends and self.is_open else ""

    @property
    def colour(self) -> str:
        return COLOURS[ProposalState(self.proposal.state)]

    @property
    def next_step(self) -> str:
        return str(next_step(self.proposal, is_open=self.is_open))

    @property
    def has_result(self) -> bool:
        return has_result(self.proposal)

    @property
    def counts(self) -> bool:
        return self.proposal.state in (ProposalState.SUBMITTED, ProposalState.UNCONFIRMED)


def status_of(proposal: Proposal, now: datetime) -> ProposalStatus:
    competition = proposal.competition
    return ProposalStatus(proposal, now, phase(competition, now), ends_at(competition, now))


def has_result(proposal: Proposal) -> bool:
    """Say whether a decision tells what became of this proposal."""
    return proposal.state == ProposalState.OPENED and proposal.competition.state in CompetitionState.decided


def next_step(proposal: Proposal, *, is_open: bool) -> object:
    if is_open:
        return _ACCEPTING[ProposalState(proposal.state)]
    if proposal.competition.state in CompetitionState.ended:
        return _ENDED_LATE if proposal.state == ProposalState.OPENED else _ENDED
    if has_result(proposal):
        return _DECIDED
    return _OVER.get(ProposalState(proposal.state), _NOT_IN_TIME)


def revisions_of(proposal: Proposal) -> list[ProposalRevision]:
    """Return the submissions, the newest first, each with its receipt."""
    rows = proposal.revisions.select_related("receipt", "competition_version", "by").order_by("-number")
    return list(rows)


def may_submit(proposal: Proposal, user: User) -> bool:
    return rules.can_submit_proposal(user, proposal)


def is_over(competition: Competition, now: datetime) -> bool:
    """Say by the dates alone, without a question asked of the database, whether the end is past."""
    if competition.state != CompetitionState.PUBLISHED:
        return True
    latest = competition.hold_until or competition.closes_at
    return latest is not None and now >= latest
